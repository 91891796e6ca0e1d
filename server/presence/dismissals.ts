import type { Services } from '../services.ts'
import type { Sql } from '../storage/sql.ts'
import { type DismissalKind, insertDismissal, listDismissals, removeDismissal } from './dismissals.sql.ts'
import type { Hub } from './hub.ts'
import type { Removed } from './presence.sql.ts'

/** How often a node looks by itself (ms): so long at the most a connection outlives an ending of which no word came. */
const look = 2000

/**
 * Inside the transaction that took leases away: leaves word for the other nodes that hold these connections, and
 * returns those nodes.
 */
export async function dismiss(
  sql: Sql,
  self: string,
  app: string,
  user: number,
  removed: readonly Removed[],
  kind: DismissalKind,
): Promise<string[]> {
  const elsewhere = removed.filter(({ node_id }) => node_id !== self)
  for (const each of elsewhere) await insertDismissal(sql, app, user, each, kind)
  return [...new Set(elsewhere.map(({ node_id }) => node_id))]
}

/** Closes this node's connections that another node, or a command, has ended: what the database says, and nothing else. */
export class Dismissals {
  readonly #services: Pick<Services, 'sql' | 'bus' | 'report'>
  readonly #hub: Hub
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  #again = false

  constructor(services: Pick<Services, 'sql' | 'bus' | 'report'>, hub: Hub) {
    this.#services = services
    this.#hub = hub
  }

  start() {
    this.#timer = setInterval(() => this.look(), look).unref()
  }

  /** Waits for a look that has begun. */
  async stop() {
    clearInterval(this.#timer)
    this.#timer = undefined
    await this.#looking
  }

  /** There may be something. */
  look() {
    if (!this.#timer) return
    this.#again = true
    this.#looking ??= this.#lookAll()
      .catch(this.#services.report)
      .finally(() => {
        this.#looking = undefined
      })
  }

  async #lookAll() {
    const { sql, bus } = this.#services
    while (this.#again && this.#timer) {
      this.#again = false
      const found = await listDismissals(sql, bus.node)
      for (const { app_id, user_id, connection_id, kind } of found)
        this.#hub.dismiss(app_id, user_id, connection_id, kind)
      // More than a page may wait.
      if (found.length > 0) this.#again = true
      await Promise.all(found.map(dismissal => removeDismissal(sql, dismissal)))
    }
  }
}
