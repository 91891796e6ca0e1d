import type { Redis } from 'ioredis'
import { bucketOf } from './buckets.ts'
import { type Limits, type Rules, refuse } from './limits.ts'

/** Returns the microseconds to wait, 0 where one was taken. By the clock of Redis, which is the same for all nodes. */
const script = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local each, all = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = tonumber(redis.call('GET', KEYS[1]) or now)
if full < now or full > now + all then full = now end
full = full + each
if full > now + all then return full - now - all end
redis.call('SET', KEYS[1], string.format('%d', full), 'PX', math.ceil((full - now) / 1000))
return 0`

/** How long, after Redis has failed, it is not asked (ms): nobody who signs in should wait for it. */
const rest = 1000

export interface RedisLimitsOptions {
  rules: Rules
  /** Keeps installations on one Redis apart. */
  prefix: string
  /** Counts while Redis does not: for this node alone. */
  meanwhile: Limits
  /** Hears that the node counts alone, and why; or that it does so no more. */
  alone(because: Error | undefined): void
}

/**
 * Buckets in Redis, for all nodes. Where Redis fails the node counts alone: nobody is locked out, and whoever guesses has
 * as many tries as there are nodes, and not as many as he likes.
 */
export class RedisLimits implements Limits {
  readonly #connect: () => Redis
  readonly #options: RedisLimitsOptions
  #redis: Redis | undefined
  #failedAt = -rest
  #isAlone = false
  #connecting: Promise<void> | undefined

  /** `connect` makes a client that gives up soon, and does not come back by itself. */
  constructor(connect: () => Redis, options: RedisLimitsOptions) {
    this.#connect = connect
    this.#options = options
  }

  async take(name: keyof Rules, app: string, key: string) {
    const { prefix, rules, meanwhile } = this.#options
    if (performance.now() - this.#failedAt < rest) return meanwhile.take(name, app, key)
    const { count, seconds } = rules[name]
    const all = seconds * 1_000_000
    const each = Math.ceil(all / count)
    let wait: number
    try {
      const redis = await this.#client()
      wait = Number(await redis.eval(script, 1, `${prefix}:tries:${bucketOf(name, app, key)}`, each, each * count))
    } catch (error) {
      this.#fail(error as Error)
      return meanwhile.take(name, app, key)
    }
    this.#tell(undefined)
    if (wait > 0) refuse(wait / 1_000_000)
  }

  close() {
    this.#redis?.disconnect()
  }

  async #client(): Promise<Redis> {
    if (!this.#redis) {
      this.#redis = this.#connect()
      this.#redis.on('error', error => this.#fail(error))
      this.#connecting = this.#redis.connect()
    }
    const redis = this.#redis
    await this.#connecting
    return redis
  }

  #fail(error: Error) {
    this.#failedAt = performance.now()
    this.#redis?.disconnect()
    this.#redis = undefined
    this.#tell(error)
  }

  #tell(because: Error | undefined) {
    if (this.#isAlone === (because !== undefined)) return
    this.#isAlone = because !== undefined
    this.#options.alone(because)
  }
}
