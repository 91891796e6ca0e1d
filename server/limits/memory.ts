import { type Limits, type Rule, type Rules, refuse } from './limits.ts'

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
    async take(name, app, key) {
      const rule = rules[name]
      const place = `${name} ${app} ${key}`
      const bucket = refilled(buckets.get(place), rule, now())
      if (bucket.left < 1) refuse(((1 - bucket.left) * rule.seconds) / rule.count)
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
