import { ApiError } from '../../contract/errors.ts'
import type { Services } from '../services.ts'
import type { Connection } from './connection.ts'
import type { Heartbeats } from './heartbeats.ts'
import type { Hub } from './hub.ts'
import type { Leases } from './leases.ts'

/** Leases that are taken again at a time. */
const page = 100

/**
 * A node that was silent for too long – suspended, or cut off from the database – was taken for dead, and its leases
 * away. Once it is back its connections get them again: but for those whose session has ended meanwhile, or whose
 * device is connected elsewhere.
 */
export class Restore {
  readonly #services: Pick<Services, 'report'>
  readonly #hub: Hub
  readonly #leases: Leases
  readonly #heartbeats: Pick<Heartbeats, 'recheck'>
  #running = false

  constructor(services: Pick<Services, 'report'>, hub: Hub, leases: Leases, heartbeats: Pick<Heartbeats, 'recheck'>) {
    this.#services = services
    this.#hub = hub
    this.#leases = leases
    this.#heartbeats = heartbeats
  }

  begin() {
    if (this.#running) return
    this.#running = true
    this.#restoreAll()
      .catch(this.#services.report)
      .finally(() => {
        this.#running = false
      })
  }

  async #restoreAll() {
    const connections = [...this.#hub]
    for (let i = 0; i < connections.length; i += page)
      await Promise.all(connections.slice(i, i + page).map(connection => this.#restore(connection)))
  }

  async #restore(connection: Connection) {
    const { peer } = connection
    if (!peer || !connection.isOpen || !connection.isReady) return
    try {
      if (await this.#leases.retake(peer, connection.id)) return
      connection.succeeded = true
      this.#hub.end(connection, 'replaced')
    } catch (error) {
      // Why the session is over the heartbeat finds out, and says.
      if (!(error instanceof ApiError)) this.#services.report(error)
      this.#heartbeats.recheck(connection)
    }
  }
}
