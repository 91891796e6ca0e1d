import { ApiError } from '../../contract/errors.ts'
import { findTombstone } from '../accounts/accounts.sql.ts'
import { latestEvent } from '../events/events.sql.ts'
import type { Services } from '../services.ts'
import type { Connection, Peer } from './connection.ts'
import { admitted } from './hello.ts'
import type { Ended, Hub } from './hub.ts'
import { refuse } from './refusal.ts'

/** How long a part of a sweep may hold the loop (ms). */
const part = 2
const foreignCheck = 1000

/**
 * What makes good whatever an announcement failed to do: a connection that says nothing for two heartbeats is cut, and
 * one whose session may have ended is asked for its token again.
 */
export class Heartbeats {
  readonly #services: Services
  readonly #hub: Hub
  readonly #foreignVersion: () => number
  readonly #swept: (milliseconds: number) => void
  #timers: NodeJS.Timeout[] = []

  /** `foreignVersion` changes when another process has written; `swept` hears how long each part of a sweep took. */
  constructor(services: Services, hub: Hub, foreignVersion: () => number, swept: (milliseconds: number) => void) {
    this.#services = services
    this.#hub = hub
    this.#foreignVersion = foreignVersion
    this.#swept = swept
  }

  start(seconds: number) {
    let version = this.#foreignVersion()
    const whenOthersWrote = () => {
      if (version === this.#foreignVersion()) return
      version = this.#foreignVersion()
      this.#inParts(connection => this.recheck(connection))
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
    this.#inParts(connection => {
      if (!connection.heard) return connection.cut()
      connection.heard = false
      connection.ping()
      const session = connection.peer?.session
      if (!session?.live || session.expires <= this.#services.now()) this.recheck(connection)
    })
  }

  /** A few milliseconds at a time, so that requests get their turn in between. */
  #inParts(work: (connection: Connection) => void) {
    const connections = [...this.#hub]
    let at = 0
    const go = () => {
      const start = performance.now()
      while (at < connections.length && performance.now() - start < part) {
        const connection = connections[at++] as Connection
        if (connection.isOpen) work(connection)
      }
      this.#swept(performance.now() - start)
      if (at < connections.length) setImmediate(go)
    }
    go()
  }

  /** Asks for the connection's token again; where its session is over, says why and closes. */
  recheck(connection: Connection) {
    const { peer } = connection
    if (peer) this.#askAgain(connection, peer).catch(this.#services.report)
  }

  async #askAgain(connection: Connection, peer: Peer) {
    try {
      const { session } = await admitted(this.#services, peer.app, peer.token)
      if (session.device === peer.device) connection.renew(session)
      else this.#hub.end(connection, 'replaced')
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.failure === 'session_over') this.#hub.end(connection, await this.#why(peer))
      else refuse(this.#services, connection, error)
    }
  }

  /** What the database says ended the session: a user that was deleted has no events, a token that ran out needs none. */
  async #why({ app, user, device, session }: Peer): Promise<Ended> {
    const { sql, now } = this.#services
    if (session.expires <= now()) return 'expired'
    if (await findTombstone(sql, app, user)) return 'deleted'
    return (await latestEvent(sql, app, user, device)) ?? 'expired'
  }
}
