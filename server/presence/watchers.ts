import { setTimeout as pause } from 'node:timers/promises'
import { fail } from '../../contract/errors.ts'
import { bounds } from '../../contract/frames.ts'
import { ByUser } from '../by-user.ts'
import type { Services } from '../services.ts'
import type { Connection, Peer } from './connection.ts'
import { presenceOf } from './presence.ts'

/** Users that are looked up at a time. */
const most = 500
/** Before a look that failed is tried again (ms). */
const setback = 1000

const tooMany = {
  en: `a connection watches at most ${bounds.subscriptions} users`,
  zh: `每个连接最多订阅 ${bounds.subscriptions} 个用户`,
}

interface Question {
  users: Set<number>
  /** On the monotonic clock (ms). */
  since: number
}

/**
 * Who asked for whose presence. A change is not believed but looked up, one look after the other, and told where it
 * differs from what was told last: so the last thing told is the truth, nothing is told twice, and a device that
 * connects again at once does not flicker.
 */
export class Watchers {
  readonly #services: Pick<Services, 'sql' | 'now' | 'report'>
  readonly #told: (milliseconds: number) => void
  readonly #watching = new ByUser<Connection>()
  /** By app, what is to be looked up. */
  readonly #questions = new Map<string, Question>()
  #looking = false
  #stopped = false

  /** `told` hears how long it took from a question to the last frame that answers it. */
  constructor(services: Pick<Services, 'sql' | 'now' | 'report'>, told: (milliseconds: number) => void) {
    this.#services = services
    this.#told = told
  }

  /** Each of the users is told once, soon, and then at every change. */
  watch(connection: Connection, users: readonly number[]) {
    const { app } = connection.peer as Peer
    const subscriptions = connection.subscriptions ?? new Map()
    if (new Set([...subscriptions.keys(), ...users]).size > bounds.subscriptions) fail('invalid_parameter', tooMany)
    connection.subscriptions = subscriptions
    for (const user of users) {
      subscriptions.set(user, undefined)
      this.#watching.add(app, user, connection)
      this.#ask(app, user)
    }
  }

  unwatch(connection: Connection, users: Iterable<number> = [...(connection.subscriptions?.keys() ?? [])]) {
    for (const user of users)
      if (connection.subscriptions?.delete(user)) this.#watching.remove((connection.peer as Peer).app, user, connection)
  }

  /** The user came online or went offline, or may have. */
  changed(app: string, user: number) {
    if (this.#watching.has(app, user)) this.#ask(app, user)
  }

  /** Changes may have been missed: everybody who is watched is looked up. */
  lookAgain() {
    const users = new Map<string, Set<number>>()
    for (const { peer, subscriptions } of new Set(this.#watching)) {
      if (!peer || !subscriptions) continue
      const known = users.get(peer.app) ?? new Set()
      for (const user of subscriptions.keys()) known.add(user)
      users.set(peer.app, known)
    }
    for (const [app, all] of users) for (const user of all) this.#ask(app, user)
  }

  stop() {
    this.#stopped = true
  }

  #ask(app: string, user: number) {
    const question = this.#questions.get(app)
    if (question) question.users.add(user)
    else this.#questions.set(app, { users: new Set([user]), since: performance.now() })
    if (this.#looking) return
    this.#looking = true
    // What else changes in this tick is looked up with it.
    setImmediate(() => this.#look().catch(this.#services.report))
  }

  async #look() {
    while (!this.#stopped && this.#questions.size > 0) {
      const [app, question] = this.#questions.entries().next().value as [string, Question]
      const users = [...question.users].slice(0, most)
      for (const user of users) question.users.delete(user)
      if (question.users.size === 0) this.#questions.delete(app)
      try {
        this.#tell(app, await presenceOf(this.#services, app, users))
        this.#told(performance.now() - question.since)
      } catch (error) {
        this.#services.report(error)
        for (const user of users) this.#ask(app, user)
        await pause(setback, undefined, { ref: false })
      }
    }
    this.#looking = false
  }

  #tell(app: string, found: Awaited<ReturnType<typeof presenceOf>>) {
    for (const { user_id, online, last_seen } of found)
      for (const connection of this.#watching.of(app, user_id)) {
        if (connection.subscriptions?.get(user_id) === online) continue
        connection.subscriptions?.set(user_id, online)
        connection.send({ type: 'presence', user_id, online, last_seen })
      }
  }
}
