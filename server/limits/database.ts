import type { Sql } from '../storage/sql.ts'
import { bucketOf } from './buckets.ts'
import { takeFromBucket } from './limits.sql.ts'
import { type Limits, type Rules, refuse } from './limits.ts'

/** Buckets in the database, for all nodes: one statement for each that is taken. Full ones are forgotten by housekeeping. */
export function databaseLimits(sql: Sql, rules: Rules, now: () => number): Limits {
  return {
    async take(name, app, key) {
      const { count, seconds } = rules[name]
      const all = seconds * 1_000_000
      const each = Math.ceil(all / count)
      const isTaken = await takeFromBucket(sql, app, bucketOf(name, key), {
        now: now() * 1000,
        each,
        all: each * count,
      })
      if (!isTaken) refuse(each / 1_000_000)
    },
  }
}
