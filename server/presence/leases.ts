import { setTimeout as pause } from 'node:timers/promises'
import { fail } from '../../contract/errors.ts'
import { lockUser } from '../accounts/accounts.sql.ts'
import { describeDevice, touchDevice } from '../devices/devices.sql.ts'
import type { Services } from '../services.ts'
import type { Sql } from '../storage/sql.ts'
import { findUserToken } from '../tokens/tokens.sql.ts'
import type { Peer } from './connection.ts'
import { removeDismissalsOfNode } from './dismissals.sql.ts'
import { dismiss } from './dismissals.ts'
import {
  claimDeadNode,
  insertLease,
  insertNode,
  listLeasesOf,
  listNodes,
  noteSeenThrough,
  removeLease,
  removeLeasesElsewhere,
  removeLeasesOfNode,
  removeNode,
  renewNode,
} from './presence.sql.ts'

/** A node that was not heard of for so long holds no connection any more (ms): within ten seconds that is known to all. */
export const nodeLife = 9000
const renewal = 3000
/** Before what the storage could not take is tried again (ms). */
const setback = 1000

/** The serial numbers of the user's devices that are connected, to whichever node. */
export async function connectedDevices(sql: Sql, app: string, user: number, now: number): Promise<Set<number>> {
  const leases = await listLeasesOf(sql, app, [user])
  return new Set(leases.filter(({ renewed_at }) => renewed_at > now - nodeLife).map(({ device_sn }) => device_sn))
}

/** The nodes that hold connections of each of the users. */
export async function holdersOf(sql: Sql, app: string, users: number[], now: number): Promise<Map<number, string[]>> {
  const holders = new Map<number, string[]>()
  for (const { user_id, node_id, renewed_at } of await listLeasesOf(sql, app, users)) {
    if (renewed_at <= now - nodeLife) continue
    const nodes = holders.get(user_id) ?? []
    if (!nodes.includes(node_id)) holders.set(user_id, [...nodes, node_id])
  }
  return holders
}

/** Whether the user, and this device of it, are connected apart from the connection in question. */
export interface Others {
  user: boolean
  device: boolean
}

type Needs = Pick<Services, 'sql' | 'now' | 'report' | 'bus'>

/** Told of what the look at the nodes brings. */
export interface LeaseEvents {
  /** The node renewed its leases, and let go of those of nodes that are gone. */
  swept(): void
  /** Another node is gone: whoever was online through it may not be any more. */
  nodeGone(): void
  /** The others took this node for dead: its connections have no leases. */
  leasesLost(): void
}

/**
 * This node's leases. A row for each connection names the node; the node renews one row of its own, and not one a
 * connection. What a node leaves behind when it dies stops counting within `nodeLife`, and any other sweeps it.
 */
export class Leases {
  readonly #services: Needs
  readonly #events: LeaseEvents
  readonly #node: string
  #timer: NodeJS.Timeout | undefined
  #sweeping: Promise<void> | undefined
  #others = new Set<string>()
  #stopping = false

  constructor(services: Needs, events: LeaseEvents) {
    this.#services = services
    this.#events = events
    this.#node = services.bus.node
  }

  /** `alone`: no other node can be alive, so what others left behind goes at once. */
  async start(alone: boolean) {
    const { sql, now, bus } = this.#services
    await insertNode(sql, this.#node, now())
    await this.#sweep(alone ? Number.MAX_SAFE_INTEGER : now() - nodeLife)
    this.#timer = setInterval(() => this.#look(), renewal).unref()
    bus.publish({ about: 'arrival', node: this.#node })
  }

  /** No other node was alive at the last look. */
  get isAlone() {
    return this.#others.size === 0
  }

  /** From here on a lease that cannot be given up at once is left to `stop`. */
  prepareToStop() {
    this.#stopping = true
  }

  async stop() {
    clearInterval(this.#timer)
    await this.#sweeping
    await this.#services.sql.begin(sql => forget(sql, this.#node))
  }

  /**
   * Fails with `session_over` where the token has ended meanwhile, or went to another device. `userAgent` and platform
   * are what the device now presents itself as. Connections of the device on other nodes make way.
   */
  async take({ app, user, device, platform, session }: Peer, connection: string, userAgent: string): Promise<Others> {
    const { sql, now, bus } = this.#services
    let nodes: string[] = []
    const others = await sql.begin(async sql => {
      await describeDevice(sql, app, user, device, platform, userAgent)
      const token = await findUserToken(sql, app, session.hash)
      const isGood = token?.ended_at === 0 && token.expires_at > now() && token.device_sn === device
      if (!isGood) fail('session_over')
      const connected = await connectedDevices(sql, app, user, now())
      const removed = await removeLeasesElsewhere(sql, app, user, device, this.#node)
      nodes = await dismiss(sql, this.#node, app, user, removed, 'succeeded')
      await insertLease(sql, app, { user, connection, device, node: this.#node, now: now() })
      return { user: connected.size > 0, device: connected.has(device) }
    })
    if (nodes.length > 0) bus.publish({ about: 'dismissals' }, nodes)
    return others
  }

  /**
   * Takes the lease of a connection again after it was lost; false where another node has the device by now. Fails like
   * `take`.
   */
  retake({ app, user, device, session }: Peer, connection: string): Promise<boolean> {
    const { sql, now } = this.#services
    return sql.begin(async sql => {
      await lockUser(sql, app, user)
      const token = await findUserToken(sql, app, session.hash)
      const isGood = token?.ended_at === 0 && token.expires_at > now() && token.device_sn === device
      if (!isGood) fail('session_over')
      const leases = await listLeasesOf(sql, app, [user])
      if (leases.some(({ device_sn, node_id }) => device_sn === device && node_id !== this.#node)) return false
      await insertLease(sql, app, { user, connection, device, node: this.#node, now: now() })
      return true
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
      await lockUser(sql, app, user)
      await removeLease(sql, app, user, connection)
      await touchDevice(sql, app, user, device, now(), now())
      const connected = await connectedDevices(sql, app, user, now())
      return { user: connected.size > 0, device: connected.has(device) }
    })
  }

  #look() {
    const { now, report } = this.#services
    this.#sweeping ??= this.#sweep(now() - nodeLife)
      .catch(report)
      .finally(() => {
        this.#sweeping = undefined
      })
  }

  /** Says that this node is alive, and removes those that were not heard of after `since` (ms). */
  async #sweep(since: number) {
    const { sql, now } = this.#services
    if (!(await renewNode(sql, this.#node, now()))) {
      await insertNode(sql, this.#node, now())
      this.#events.leasesLost()
    }
    const others = (await listNodes(sql)).filter(({ node_id }) => node_id !== this.#node)
    const dead = others.filter(({ renewed_at }) => renewed_at <= since)
    for (const { node_id, renewed_at } of dead) await sql.begin(sql => bury(sql, node_id, renewed_at))
    const known = this.#others
    this.#others = new Set(others.filter(node => !dead.includes(node)).map(({ node_id }) => node_id))
    if (dead.length > 0 || [...known].some(node => !this.#others.has(node))) this.#events.nodeGone()
    this.#events.swept()
  }
}

/** Whoever was connected to it was seen until it was last heard of. Of several nodes that look, one does it. */
async function bury(sql: Sql, node: string, renewed: number) {
  if (!(await claimDeadNode(sql, node, renewed))) return
  await noteSeenThrough(sql, node, renewed)
  await forget(sql, node)
}

async function forget(sql: Sql, node: string) {
  await removeLeasesOfNode(sql, node)
  await removeDismissalsOfNode(sql, node)
  await removeNode(sql, node)
}
