import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { fail } from '../../contract/errors.ts'
import { describeDevice, touchDevice } from '../devices/devices.sql.ts'
import type { Services } from '../services.ts'
import type { Sql } from '../storage/sql.ts'
import { findUserToken } from '../tokens/tokens.sql.ts'
import type { Peer } from './connection.ts'
import {
  insertLease,
  listDeadNodes,
  listLeasesOf,
  noteSeenThrough,
  removeLease,
  removeNode,
  renewNode,
} from './presence.sql.ts'

/** A node that was not heard of for so long holds no connection any more (ms). */
export const nodeLife = 10_000
const renewal = 3000
/** Before what the storage could not take is tried again (ms). */
const setback = 1000

/** The serial numbers of the user's devices that are connected, to whichever node. */
export async function connectedDevices(sql: Sql, app: string, user: number, now: number): Promise<Set<number>> {
  const leases = await listLeasesOf(sql, app, [user])
  return new Set(leases.filter(({ renewed_at }) => renewed_at > now - nodeLife).map(({ device_sn }) => device_sn))
}

/** Whether the user, and this device of it, are connected apart from the connection in question. */
export interface Others {
  user: boolean
  device: boolean
}

type Needs = Pick<Services, 'sql' | 'now' | 'report'>

/**
 * This node's leases. A row for each connection names the node; the node renews one row of its own, and not one a
 * connection. What a node leaves behind when it dies stops counting within `nodeLife`.
 */
export class Leases {
  readonly #services: Needs
  readonly #swept: () => void
  readonly #node = randomUUID()
  #timer: NodeJS.Timeout | undefined
  #stopping = false

  /** `swept` hears of each renewal. */
  constructor(services: Needs, swept: () => void) {
    this.#services = services
    this.#swept = swept
  }

  /** `alone`: no other node can be alive, so what others left behind goes at once. */
  async start(alone: boolean) {
    const { now, report } = this.#services
    await this.#sweep(alone ? Number.MAX_SAFE_INTEGER : now() - nodeLife)
    this.#timer = setInterval(() => this.#sweep(now() - nodeLife).catch(report), renewal).unref()
  }

  /** From here on a lease that cannot be given up at once is left to `stop`. */
  prepareToStop() {
    this.#stopping = true
  }

  async stop() {
    clearInterval(this.#timer)
    await this.#services.sql.begin(sql => removeNode(sql, this.#node))
  }

  /**
   * Fails with `session_over` where the token has ended meanwhile, or went to another device. `userAgent` and platform
   * are what the device now presents itself as.
   */
  take({ app, user, device, platform, session }: Peer, connection: string, userAgent: string): Promise<Others> {
    const { sql, now } = this.#services
    return sql.begin(async sql => {
      const token = await findUserToken(sql, app, session.hash)
      const isGood = token?.ended_at === 0 && token.expires_at > now() && token.device_sn === device
      if (!isGood) fail('session_over')
      const connected = await connectedDevices(sql, app, user, now())
      await insertLease(sql, app, { user, connection, device, node: this.#node, now: now() })
      await describeDevice(sql, app, user, device, platform, userAgent)
      return { user: connected.size > 0, device: connected.has(device) }
    })
  }

  /** Tries until the storage takes it: a lease that stays behind would keep the user online. */
  async giveUp(peer: Peer, connection: string): Promise<Others> {
    for (;;)
      try {
        return await this.#remove(peer, connection)
      } catch (error) {
        if (this.#stopping) throw error
        this.#services.report(error)
        await pause(setback, undefined, { ref: false })
      }
  }

  #remove({ app, user, device }: Peer, connection: string): Promise<Others> {
    const { sql, now } = this.#services
    return sql.begin(async sql => {
      await removeLease(sql, app, user, connection)
      await touchDevice(sql, app, user, device, now(), now())
      const connected = await connectedDevices(sql, app, user, now())
      return { user: connected.size > 0, device: connected.has(device) }
    })
  }

  /** Says that this node is alive, and removes those that were not heard of after `since` (ms). */
  #sweep(since: number) {
    const { sql, now } = this.#services
    return sql
      .begin(async sql => {
        for (const { node_id, renewed_at } of await listDeadNodes(sql, since, this.#node)) {
          await noteSeenThrough(sql, node_id, renewed_at)
          await removeNode(sql, node_id)
        }
        await renewNode(sql, this.#node, now())
      })
      .then(this.#swept)
  }
}
