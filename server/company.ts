import { randomUUID } from 'node:crypto'
import type { Seals } from './apps/seals.ts'
import type { Bus } from './bus/bus.ts'
import { Exchange } from './bus/exchange.ts'
import { memoryBus } from './bus/memory.ts'
import { postgresLine } from './bus/postgres.ts'
import { redisLine } from './bus/redis.ts'
import type { Config } from './config.ts'
import type { Metrics } from './http/metrics.ts'
import { databaseLimits } from './limits/database.ts'
import { type Limits, noLimits } from './limits/limits.ts'
import { memoryLimits } from './limits/memory.ts'
import { RedisLimits } from './limits/redis.ts'
import { holdersOf } from './presence/leases.ts'
import { redisClients } from './redis.ts'
import type { Sql } from './storage/sql.ts'

/** What a node has in common with the others of its installation. */
export interface Company {
  bus: Bus
  limits: Limits
  close(): Promise<void>
}

interface Needs {
  sql: Sql
  seals: Seals
  now(): number
  metrics: Metrics
  report(error: unknown): void
  /** No other node was alive at the last look. */
  isAlone(): boolean
}

type Settings = Pick<Config, 'redis' | 'limits' | 'triesPerAccount' | 'triesPerAddress' | 'registrationsPerAddress'>

const minute = 60
const hour = 3600

/**
 * `listenTo` is the PostgreSQL where nodes meet; empty for a node that has a file of its own. Redis comes first where it
 * is set, and PostgreSQL goes on where Redis fails.
 */
export function keepCompany(config: Settings, listenTo: string, needs: Needs): Company {
  const { sql, seals, now, metrics, report, isAlone } = needs
  const connect = config.redis ? redisClients(config.redis) : undefined
  const prefix = `stonechat:${seals.derive('channel').toString('hex').slice(0, 12)}`
  const lines = [
    ...(connect ? [{ name: 'redis', open: redisLine(connect, prefix) }] : []),
    ...(listenTo ? [{ name: 'postgres', open: postgresLine(listenTo) }] : []),
  ]
  const watch = metrics.bus(() => (exchange ? exchange.lines : []))
  const exchange =
    lines.length > 0
      ? new Exchange({
          node: randomUUID(),
          key: seals.derive('bus'),
          lines,
          holders: (app, users) => holdersOf(sql, app, users, now()),
          isAlone,
          report,
          watch,
        })
      : undefined
  const rules = rulesOf(config)
  const own = memoryLimits(rules, () => performance.now())
  const shared = connect
    ? new RedisLimits(connect, {
        rules,
        prefix,
        meanwhile: own,
        alone: because => {
          metrics.limitsAlone(because !== undefined)
          if (because) report(new Error(`limits are counted by this node alone: Redis failed (${because.message})`))
        },
      })
    : undefined
  const limits = shared ?? (listenTo ? databaseLimits(sql, rules, now) : own)
  return {
    bus: exchange ?? memoryBus(report),
    limits: config.limits === 'off' ? noLimits : limits,
    async close() {
      shared?.close()
      await exchange?.close()
    },
  }
}

const rulesOf = (config: Settings) => ({
  account: { count: config.triesPerAccount, seconds: minute },
  address: { count: config.triesPerAddress, seconds: minute },
  registration: { count: config.registrationsPerAddress, seconds: hour },
})
