import { fail } from '../../contract/errors.ts'

/** At most `count` in `seconds`, refilled evenly. */
export interface Rule {
  count: number
  seconds: number
}

export type Rules = Record<'account' | 'address' | 'registration', Rule>

/** Counts what may not be done too often. Fails with `too_many_tries` and the seconds to wait. */
export interface Limits {
  take(rule: keyof Rules, key: string): Promise<void>
}

export const noLimits: Limits = { take: async () => {} }

interface Bucket {
  left: number
  at: number
}

/** Beyond so many buckets the full ones are forgotten, and then the oldest: a flood of new keys costs no memory. */
const mostBuckets = 100_000

/** Token buckets in this process's memory, for a single node. */
export function memoryLimits(rules: Rules, now: () => number): Limits {
  const buckets = new Map<string, Bucket>()
  return {
    async take(name, key) {
      const rule = rules[name]
      const place = `${name} ${key}`
      const bucket = refilled(buckets.get(place), rule, now())
      if (bucket.left < 1) fail('too_many_tries', undefined, Math.ceil(((1 - bucket.left) * rule.seconds) / rule.count))
      bucket.left--
      buckets.delete(place)
      buckets.set(place, bucket)
      if (buckets.size > mostBuckets) buckets.delete(buckets.keys().next().value as string)
    },
  }
}

/** A clock that goes back refills nothing and takes nothing away. */
function refilled(bucket: Bucket | undefined, { count, seconds }: Rule, now: number): Bucket {
  if (!bucket) return { left: count, at: now }
  const gained = (Math.max(0, now - bucket.at) / 1000) * (count / seconds)
  return { left: Math.min(count, bucket.left + gained), at: now }
}
