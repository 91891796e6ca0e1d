import { ApiError } from '../../contract/errors.ts'
import { findTombstone } from '../accounts/accounts.sql.ts'
import { latestEvent } from '../events/events.sql.ts'
import type { Services } from '../services.ts'
import type { Connection, Peer } from './connection.ts'
import type { Ended, Hub } from './hub.ts'

const chunk = 500
const foreignCheck = 1000

/**
 * What makes good whatever an announcement failed to do: a connection that says nothing for two heartbeats is cut, and
 * one whose session may have ended is asked for its token again.
 */
export class Heartbeats {
  readonly #services: Services
  readonly #hub: Hub
  readonly #foreignVersion: () => number
  readonly #sweptIn: (milliseconds: number) => void
  #timers: NodeJS.Timeout[] = []

  /** `foreignVersion` changes when another process has written; `sweptIn` hears how long each part of a sweep took. */
  constructor(services: Services, hub: Hub, foreignVersion: () => number, sweptIn: (milliseconds: number) => void) {
    this.#services = services
    this.#hub = hub
    this.#foreignVersion = foreignVersion
    this.#sweptIn = sweptIn
  }

  start(seconds: number) {
    let version = this.#foreignVersion()
    const whenOthersWrote = () => {
      if (version === this.#foreignVersion()) return
      version = this.#foreignVersion()
      this.#inChunks(connection => this.#recheck(connection))
    }
    this.#timers = [
      setInterval(() => this.sweep(), seconds * 1000).unref(),
      setInterval(whenOthersWrote, foreignCheck).unref(),
    ]
  }

  stop() {
    for (const timer of this.#timers) clearInterval(timer)
  }

  sweep() {
    this.#inChunks(connection => {
      if (!connection.heard) return connection.cut()
      connection.heard = false
      connection.ping()
      const session = connection.peer?.session
      if (!session?.live || session.expires <= this.#services.now()) this.#recheck(connection)
    })
  }

  /** A few hundred at a time, so that requests get their turn in between. */
  #inChunks(work: (connection: Connection) => void) {
    const connections = [...this.#hub]
    const next = (from: number) => {
      const start = performance.now()
      for (const connection of connections.slice(from, from + chunk)) if (connection.isOpen) work(connection)
      this.#sweptIn(performance.now() - start)
      if (from + chunk < connections.length) setImmediate(next, from + chunk)
    }
    next(0)
  }

  #recheck(connection: Connection) {
    const { peer } = connection
    if (!peer) return
    this.#services.sessions
      .find(peer.app, peer.token)
      .then(
        session => connection.renew(session),
        error => (error instanceof ApiError ? this.#end(connection, peer) : Promise.reject(error)),
      )
      .catch(this.#services.report)
  }

  async #end(connection: Connection, peer: Peer) {
    this.#hub.end(connection, await this.#why(peer))
  }

  /** What the database says ended the session: a user that was deleted has no events, a token that ran out needs none. */
  async #why({ app, user, device, session }: Peer): Promise<Ended> {
    const { sql, now } = this.#services
    if (session.expires <= now()) return 'expired'
    if (await findTombstone(sql, app, user)) return 'deleted'
    return (await latestEvent(sql, app, user, device)) ?? 'expired'
  }
}
