import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { closeCodes } from '../../contract/frames.ts'
import type { BusWatch } from '../bus/exchange.ts'
import { platforms } from '../devices/platforms.ts'
import type { Watch } from '../presence/desk.ts'
import type { Observe } from '../storage/batch.ts'
import { CallFigures, type Measure, timeBounds } from './call-figures.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    measure?: Measure
  }
}

/** What is read when somebody looks, rather than counted as it happens. */
export interface Readings {
  hashes(): { waiting: number; running: number }
  sessions(): number
  users(): Promise<number>
  devices(): Promise<number>
  isFull(): boolean
}

/** A client may close with codes of its own. */
const ownOrStandard = new Set<number>([1000, 1001, 1002, 1003, 1005, 1006, ...Object.values(closeCodes)])

/** The node's figures, for Prometheus. No label holds anything that a client chose. */
export class Metrics {
  readonly registry = new Registry()
  readonly #calls = new CallFigures(this.registry)
  readonly #batchSize = this.#histogram(
    'stonechat_batch_size',
    'Statements that ran together',
    [1, 2, 4, 8, 16, 32, 64, 128, 256],
    ['kind'],
  )
  readonly #batchTime = this.#histogram(
    'stonechat_batch_milliseconds',
    'How long a batch held the storage',
    timeBounds,
    ['kind'],
  )
  readonly #commits = this.#counter('stonechat_commits_total', 'Transactions made durable, one fsync each', [])

  constructor() {
    collectDefaultMetrics({ register: this.registry })
  }

  /** Counts every answer of one operation. */
  operation(operation: string): Measure {
    return this.#calls.operation(operation)
  }

  /** Counts what happens to connections; `here` are those of this node. */
  connections(here: () => Iterable<{ peer: { platform: number } | undefined }>): Watch {
    new Gauge({
      name: 'stonechat_connections',
      help: 'Connections that said hello, by platform',
      labelNames: ['platform'],
      registers: [this.registry],
      collect() {
        this.reset()
        for (const { peer } of here()) this.inc({ platform: platforms[peer?.platform ?? 0] ?? 'unknown' })
      },
    })
    const hellos = this.#counter('stonechat_hellos_total', 'Connections that were let in', [])
    const closes = this.#counter('stonechat_closes_total', 'Connections that closed, by close code', ['code'])
    const told = this.#histogram(
      'stonechat_notice_milliseconds',
      'From an announcement to the last frame that tells of it',
      timeBounds,
      ['about'],
    )
    const sweeps = this.#histogram(
      'stonechat_sweep_milliseconds',
      'How long a part of a sweep over connections held the loop',
      timeBounds,
      [],
    )
    const leases = this.#counter('stonechat_lease_sweeps_total', "Renewals of this node's leases", [])
    return {
      hello: () => hellos.inc(),
      closed: code => closes.inc({ code: ownOrStandard.has(code) ? String(code) : 'other' }),
      told: (about, milliseconds) => told.observe({ about }, milliseconds),
      swept: milliseconds => sweeps.observe(milliseconds),
      leasesSwept: () => leases.inc(),
    }
  }

  /** Counts what goes over the bus; `lines` are the ways it can go. */
  bus(lines: () => { name: string; isWell: boolean }[]): BusWatch {
    new Gauge({
      name: 'stonechat_bus_line_up',
      help: '1 while the line brings what is sent',
      labelNames: ['line'],
      registers: [this.registry],
      collect() {
        for (const { name, isWell } of lines()) this.set({ line: name }, Number(isWell))
      },
    })
    const sent = this.#counter('stonechat_bus_sent_total', 'Announcements handed to a line', ['line'])
    const heard = this.#counter('stonechat_bus_heard_total', 'Announcements of other nodes', [])
    const lost = this.#counter('stonechat_bus_lost_total', 'Announcements that were not passed on', ['why'])
    return {
      sent: (line, announcements) => sent.inc({ line }, announcements),
      heard: announcements => heard.inc(announcements),
      lost: (why, announcements) => lost.inc({ why }, announcements),
    }
  }

  readonly #alone = new Gauge({
    name: 'stonechat_limits_alone',
    help: '1 while limits are counted by this node alone, because Redis fails',
    registers: [this.registry],
  })

  limitsAlone(isAlone: boolean) {
    this.#alone.set(Number(isAlone))
  }

  readonly observeBatch: Observe = (kind, size, milliseconds) => {
    this.#batchSize.observe({ kind }, size)
    this.#batchTime.observe({ kind }, milliseconds)
    if (kind === 'write') this.#commits.inc()
  }

  read({ hashes, sessions, users, devices, isFull }: Readings) {
    this.#gauge('stonechat_hash_queue', 'Passwords that wait to be hashed', () => hashes().waiting)
    this.#gauge('stonechat_hashes_running', 'Passwords being hashed', () => hashes().running)
    this.#gauge('stonechat_sessions_known', 'Sessions in the cache', sessions)
    this.#gauge('stonechat_users', 'Users of all apps', users)
    this.#gauge('stonechat_devices', 'Devices of all users', devices)
    this.#gauge('stonechat_disk_full', '1 while the disk has no room for more', () => Number(isFull()))
  }

  #counter(name: string, help: string, labelNames: string[]) {
    return new Counter({ name, help, labelNames, registers: [this.registry] })
  }

  #histogram(name: string, help: string, buckets: number[], labelNames: string[]) {
    return new Histogram({ name, help, buckets, labelNames, registers: [this.registry] })
  }

  #gauge(name: string, help: string, read: () => number | Promise<number>) {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        this.set(await read())
      },
    })
  }
}
