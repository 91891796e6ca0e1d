import type { Static } from '@sinclair/typebox'
import type { LiveEvent as LiveEventSchema } from '../../contract/overview.ts'
import type { Announcement } from '../bus/announcements.ts'
import { presenceOf } from '../presence/presence.ts'
import type { Services } from '../services.ts'

export type LiveEvent = Static<typeof LiveEventSchema>
type Needs = Pick<Services, 'sql' | 'bus' | 'now' | 'report'>

/** Events that wait for one reader: what comes beyond them is left out, and counted. */
const mostWaiting = 1000
/** Readers of a node at once. */
const mostReaders = 100
/** Users whose presence is looked up at a time. */
const page = 500
const second = 1000

interface Reader {
  app: string
  waiting: LiveEvent[]
  dropped: number
  wake(): void
}

/** What happens in the apps of this node's readers, from all nodes: nothing is kept, and nothing is done where nobody reads. */
export class LiveFeed {
  readonly #services: Needs
  readonly #readers = new Set<Reader>()
  readonly #changed = new Map<string, Set<number>>()
  #looking = false
  #stopped = false

  constructor(services: Needs) {
    this.#services = services
    services.bus.subscribe(announcement => this.#hear(announcement))
  }

  get isFull() {
    return this.#readers.size >= mostReaders
  }

  /** Ends where nobody listens any more, when the node stops, or when `isOver` says so, which is asked once a second. */
  async *follow(app: string, isOver: () => Promise<boolean>): AsyncGenerator<LiveEvent> {
    let wake = Promise.withResolvers<void>()
    const reader: Reader = { app, waiting: [], dropped: 0, wake: () => wake.resolve() }
    const clock = setInterval(reader.wake, second).unref()
    let asked = performance.now()
    this.#readers.add(reader)
    try {
      yield this.#event('ready', {})
      while (!this.#stopped) {
        if (performance.now() - asked > second / 2) {
          if (await isOver()) return
          asked = performance.now()
        }
        const event = this.#nextFor(reader)
        if (event) yield event
        else {
          await wake.promise
          wake = Promise.withResolvers<void>()
        }
      }
    } finally {
      clearInterval(clock)
      this.#readers.delete(reader)
    }
  }

  stop() {
    this.#stopped = true
    for (const { wake } of this.#readers) wake()
  }

  #nextFor(reader: Reader): LiveEvent | undefined {
    if (reader.waiting.length > 0 || reader.dropped === 0) return reader.waiting.shift()
    const { dropped } = reader
    reader.dropped = 0
    return this.#event('dropped', { count: dropped })
  }

  #hear(announcement: Announcement) {
    if (this.#readers.size === 0) return
    if (announcement.about === 'presence') return this.#ask(announcement.change.app, announcement.change.user)
    if (announcement.about !== 'activity') return
    const { app, kind, user, device, count, detail } = announcement.activity
    this.#tell(app, this.#event(kind, { user_id: user, device_sn: device, count, detail }))
  }

  #tell(app: string, event: LiveEvent) {
    for (const reader of this.#readers) {
      if (reader.app !== app) continue
      if (reader.waiting.length >= mostWaiting) reader.dropped++
      else reader.waiting.push(event)
      reader.wake()
    }
  }

  /** Of a change of presence only the leases say which it was; all of a tick are looked up together. */
  #ask(app: string, user: number) {
    const users = this.#changed.get(app) ?? new Set()
    if (users.size < mostWaiting) this.#changed.set(app, users.add(user))
    if (this.#looking) return
    this.#looking = true
    setImmediate(() =>
      this.#look()
        .catch(this.#services.report)
        .finally(() => {
          this.#looking = false
        }),
    )
  }

  async #look() {
    for (;;) {
      const [next] = this.#changed
      if (!next || this.#stopped) return
      const [app, users] = next
      const some = [...users].slice(0, page)
      for (const user of some) users.delete(user)
      if (users.size === 0) this.#changed.delete(app)
      for (const { user_id, online } of await presenceOf(this.#services, app, some))
        this.#tell(app, this.#event(online ? 'online' : 'offline', { user_id }))
    }
  }

  #event(kind: string, about: Partial<LiveEvent>): LiveEvent {
    return { kind, at: this.#services.now(), user_id: 0, device_sn: 0, count: 1, detail: '', ...about }
  }
}
