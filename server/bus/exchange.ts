import type { Announcement } from './announcements.ts'
import { type Bus, type Listen, Listeners } from './bus.ts'
import { everybody, type OpenLine, type Parcel } from './line.ts'
import { Parcels } from './parcels.ts'
import { Wire } from './wire.ts'

/** How long an announcement waits for a line before it is given up (ms), and how many may wait. */
const life = 5000
const mostWaiting = 50_000
/** Before what no line took is tried again (ms). */
const setback = 100
/** Users whose nodes are looked up at a time. */
const page = 500
/** Whoever heard of another node within this time is not alone, whatever the leases said (ms). */
const company = 10_000
/** While there is no line at all, those who depend on announcements are told so this often (ms). */
const silence = 3000
/** How often the log says that something foreign came (ms). */
const complaints = 60_000

export interface ExchangeOptions {
  node: string
  /** What announcements are signed with. */
  key: Buffer
  /** The first that works is used; all are listened to. */
  lines: { name: string; open: OpenLine }[]
  /** Which nodes hold connections of each of the users. */
  holders(app: string, users: number[]): Promise<Map<number, string[]>>
  /** No other node is alive. */
  isAlone(): boolean
  report(error: unknown): void
  watch: BusWatch
}

/** Told of what happens, for the figures. */
export interface BusWatch {
  sent(line: string, announcements: number): void
  heard(announcements: number): void
  lost(why: 'refused' | 'late' | 'overflow' | 'too_large', announcements: number): void
}

interface Waiting {
  announcement: Announcement
  /** On the monotonic clock (ms). */
  since: number
}

/** The bus of several nodes: tells its own node at once, and the others over a line, as many announcements together as wait. */
export class Exchange implements Bus {
  readonly node: string
  readonly #options: ExchangeOptions
  readonly #listeners: Listeners
  readonly #missed: (() => void)[] = []
  readonly #parcels: Parcels
  readonly #wires: Wire[]
  /** What is to be sent, by whom it is for. */
  readonly #outgoing = new Map<string, Waiting[]>()
  /** What is for the nodes that hold a user's connections, whichever these are: by app. */
  readonly #unaddressed = new Map<string, { user: number; waiting: Waiting }[]>()
  #waiting = 0
  #heardAt = -company
  #sending: Promise<void> | undefined
  #closed = false
  #complainedAt = -complaints
  readonly #silence: NodeJS.Timeout

  constructor(options: ExchangeOptions) {
    const { node, key, lines, report } = options
    this.node = node
    this.#options = options
    this.#listeners = new Listeners(report)
    this.#parcels = new Parcels(key, node)
    const events = { hear: (text: string) => this.#hear(text), gap: () => this.#gap(), report }
    this.#wires = lines.map(({ name, open }) => new Wire(name, open, node, events))
    this.#silence = setInterval(() => this.#wires.some(({ isWell }) => isWell) || this.#gap(), silence).unref()
  }

  /** By name, whether each line brings what is sent. */
  get lines() {
    return this.#wires.map(({ name, isWell }) => ({ name, isWell }))
  }

  subscribe(listen: Listen, missed?: () => void) {
    this.#listeners.add(listen)
    if (missed) this.#missed.push(missed)
  }

  publish(announcement: Announcement, to?: readonly string[]) {
    this.#listeners.tell(announcement, false)
    if (this.#closed || (this.#isAlone() && announcement.about !== 'arrival')) return
    const waiting = { announcement, since: performance.now() }
    const place = placeOf(announcement)
    if (to) for (const node of to) this.#enqueue(node, waiting)
    else if (place === undefined) this.#enqueue(everybody, waiting)
    else this.#lookUp(place, waiting)
  }

  async close() {
    clearInterval(this.#silence)
    await this.#sending
    this.#closed = true
    await Promise.all(this.#wires.map(wire => wire.close().catch(this.#options.report)))
  }

  #isAlone() {
    return this.#options.isAlone() && performance.now() - this.#heardAt > company
  }

  #enqueue(to: string, waiting: Waiting) {
    if (to === this.node) return
    if (this.#waiting >= mostWaiting) return this.#options.watch.lost('overflow', 1)
    this.#waiting++
    entry(this.#outgoing, to).push(waiting)
    this.#wake()
  }

  #lookUp({ app, user }: { app: string; user: number }, waiting: Waiting) {
    if (this.#waiting >= mostWaiting) return this.#options.watch.lost('overflow', 1)
    this.#waiting++
    entry(this.#unaddressed, app).push({ user, waiting })
    this.#wake()
  }

  /** What else is announced in this tick goes along. */
  #wake() {
    this.#sending ??= new Promise(setImmediate)
      .then(() => this.#sendAll())
      .catch(this.#options.report)
      .finally(() => {
        this.#sending = undefined
        if (this.#waiting > 0) this.#wake()
      })
  }

  async #sendAll() {
    await this.#address()
    const start = performance.now()
    const wire = this.#wires.find(({ isWell }) => isWell)
    if (!wire) {
      this.#dropLate(start)
      return void (await new Promise(resolve => setTimeout(resolve, setback)))
    }
    const taken = [...this.#outgoing]
    this.#outgoing.clear()
    const sum = taken.reduce((sum, [, waiting]) => sum + waiting.length, 0)
    try {
      await wire.send(this.#pack(taken, wire.mostBytes))
      this.#waiting -= sum
      this.#options.watch.sent(wire.name, sum)
    } catch {
      // The wire has said what is wrong with it. Another may take them; what has come meanwhile goes after them.
      for (const [to, waiting] of taken) this.#outgoing.set(to, [...waiting, ...(this.#outgoing.get(to) ?? [])])
    }
  }

  #pack(taken: [string, Waiting[]][], mostBytes: number): Parcel[] {
    const refused = ({ about }: Announcement) => {
      this.#options.watch.lost('too_large', 1)
      this.#options.report(new Error(`an announcement about a ${about} is too large for the bus`))
    }
    return taken.flatMap(([to, waiting]) => {
      const announcements = waiting.map(({ announcement }) => announcement)
      return this.#parcels.pack(announcements, mostBytes, refused).map(text => ({ to, text }))
    })
  }

  /** Finds the nodes that hold connections; where that fails everybody is told. */
  async #address() {
    for (const [app, all] of [...this.#unaddressed]) {
      this.#unaddressed.delete(app)
      for (let i = 0; i < all.length; i += page) await this.#addressSome(app, all.slice(i, i + page))
    }
  }

  async #addressSome(app: string, some: { user: number; waiting: Waiting }[]) {
    let found: Map<number, string[]> | undefined
    try {
      found = await this.#options.holders(app, [...new Set(some.map(({ user }) => user))])
    } catch (error) {
      this.#options.report(error)
    }
    this.#waiting -= some.length
    for (const { user, waiting } of some)
      for (const node of found ? (found.get(user) ?? []) : [everybody]) this.#enqueue(node, waiting)
  }

  #dropLate(now: number) {
    for (const [to, all] of this.#outgoing) {
      const left = all.filter(({ since }) => now - since < life)
      if (left.length === all.length) continue
      this.#options.watch.lost('late', all.length - left.length)
      this.#waiting -= all.length - left.length
      if (left.length > 0) this.#outgoing.set(to, left)
      else this.#outgoing.delete(to)
    }
  }

  #hear(text: string) {
    if (this.#closed) return
    const parcel = this.#parcels.unpack(text)
    if (!parcel) {
      this.#options.watch.lost('refused', 1)
      return this.#complain()
    }
    if (parcel.from === this.node) return
    this.#heardAt = performance.now()
    this.#options.watch.heard(parcel.all.length)
    for (const announcement of parcel.all) this.#listeners.tell(announcement, true)
  }

  /** Whoever can send here could fill the log. */
  #complain() {
    const now = performance.now()
    if (now - this.#complainedAt < complaints) return
    this.#complainedAt = now
    this.#options.report(new Error('the bus brought something that no node of this installation says'))
  }

  #gap() {
    if (this.#closed) return
    for (const missed of this.#missed) missed()
  }
}

/** Whose connections an announcement is for; undefined where it is for everybody. */
function placeOf(announcement: Announcement): { app: string; user: number } | undefined {
  if (announcement.about === 'ending') return announcement.ending
  if (announcement.about === 'notice') return announcement.notice
  if (announcement.about === 'push') return announcement.push
  if (announcement.about === 'receipt') return announcement.receipt
  return undefined
}

function entry<Value>(map: Map<string, Value[]>, key: string): Value[] {
  let list = map.get(key)
  if (!list) {
    list = []
    map.set(key, list)
  }
  return list
}
