import { randomUUID } from 'node:crypto'
import { fail } from '../../contract/errors.ts'
import { touchDevice } from '../devices/devices.sql.ts'
import type { Services } from '../services.ts'
import type { Sql } from '../storage/sql.ts'
import { isTokenAlive } from '../tokens/tokens.sql.ts'
import { insertLease, listDeadNodes, listLeasesOf, removeLease, removeNode, renewNode } from './presence.sql.ts'

/** A node that was not heard of for so long holds no connection any more (ms). */
export const nodeLife = 10_000
const renewal = 3000

/** The serial numbers of the user's devices that are connected, to whichever node. */
export async function connectedDevices(sql: Sql, app: string, user: number, now: number): Promise<Set<number>> {
  const leases = await listLeasesOf(sql, app, [user])
  return new Set(leases.filter(({ renewed_at }) => renewed_at > now - nodeLife).map(({ device_sn }) => device_sn))
}

export interface Holder {
  app: string
  user: number
  device: number
  connection: string
}

/**
 * This node's leases. A row for each connection names the node; the node renews one row of its own, and not one a
 * connection. What a node leaves behind when it dies stops counting within `nodeLife`.
 */
export class Leases {
  readonly #services: Pick<Services, 'sql' | 'now' | 'report'>
  readonly #node = randomUUID()
  #timer: NodeJS.Timeout | undefined

  constructor(services: Pick<Services, 'sql' | 'now' | 'report'>) {
    this.#services = services
  }

  /** `alone`: no other node can be alive, so what others left behind goes at once. */
  async start(alone: boolean) {
    const { sql, now, report } = this.#services
    await this.#sweep(alone ? Number.MAX_SAFE_INTEGER : now() - nodeLife)
    await renewNode(sql, this.#node, now())
    this.#timer = setInterval(() => {
      Promise.resolve(renewNode(sql, this.#node, now())).catch(report)
      if (!alone) this.#sweep(now() - nodeLife).catch(report)
    }, renewal).unref()
  }

  async stop() {
    clearInterval(this.#timer)
    await removeNode(this.#services.sql, this.#node)
  }

  /** Fails with `session_over` where the token has ended meanwhile. Returns whether the user was offline before. */
  take({ app, user, device, connection }: Holder, tokenHash: string): Promise<boolean> {
    const { sql, now } = this.#services
    return sql.begin(async sql => {
      if (!(await isTokenAlive(sql, app, tokenHash, now()))) fail('session_over')
      const connected = await connectedDevices(sql, app, user, now())
      await insertLease(sql, app, { user, connection, device, node: this.#node, now: now() })
      return connected.size === 0
    })
  }

  /** Returns whether the user is offline now. */
  giveUp({ app, user, device, connection }: Holder): Promise<boolean> {
    const { sql, now } = this.#services
    return sql.begin(async sql => {
      await removeLease(sql, app, user, connection)
      await touchDevice(sql, app, user, device, now(), now())
      return (await connectedDevices(sql, app, user, now())).size === 0
    })
  }

  async #sweep(since: number) {
    const { sql } = this.#services
    for (const { node_id } of await listDeadNodes(sql, since)) await removeNode(sql, node_id)
  }
}
