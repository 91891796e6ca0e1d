import * as crypto from 'node:crypto'
import { promisify } from 'node:util'
import { fail } from '../../contract/errors.ts'
import { withForeign } from './foreign-hashes.ts'

/** argon2id with 19 MiB, two passes, one lane (OWASP's second choice of equal strength). */
export const cost = { memory: 19_456, passes: 2, lanes: 1 }
const current = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.lanes}$`

/** What is verified when there is nobody: same cost, no known password. */
const dummy = `${current}c3RvbmVjaGF0LW5vYm9keQ$1Nq0T0Ys8rXy6v0hC4yYk0bUoS3m0f1n8nq7m2q5x1A`

/** Hashes and verifies in PHC form, each call off the main thread. */
export interface Hasher {
  hash(password: string): Promise<string>
  /** `password` is normalised; `asTyped` is not, for hashes that others have made. */
  verify(phc: string, password: string, asTyped?: string): Promise<boolean>
}

/**
 * Passwords, a few at a time: hashing may fill the processors, but never all of them while reads wait.
 * Beyond `queue` waiting ones it fails with `overloaded` at once.
 */
export class Passwords {
  readonly #hasher: Hasher
  readonly #atOnce: number
  readonly #queue: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(hasher: Hasher, atOnce: number, queue: number) {
    this.#hasher = hasher
    this.#atOnce = atOnce
    this.#queue = queue
  }

  hash(password: string): Promise<string> {
    return this.#inTurn(() => this.#hasher.hash(normal(password)))
  }

  /** Takes as long when there is no hash: nobody's answer comes sooner. */
  async verify(phc: string | undefined, password: string): Promise<boolean> {
    const right = await this.#inTurn(() => this.#hasher.verify(phc ?? dummy, normal(password), password))
    return right && phc !== undefined
  }

  /** Made with another cost than today's, or by another function. */
  isOutdated(phc: string) {
    return !phc.startsWith(current)
  }

  get load() {
    return { waiting: this.#waiting.length, running: this.#running }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#atOnce) this.#running++
    else if (this.#waiting.length >= this.#queue) fail('overloaded', undefined, 2)
    else await new Promise<void>(resolve => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }
}

const normal = (password: string) => password.normalize('NFKC')

/** The prebuilt library where the platform has it, else Node's own argon2 at about half the speed. */
export async function loadHasher(): Promise<Hasher> {
  try {
    const { hash, verify } = await import('@node-rs/argon2')
    const options = { algorithm: 2, memoryCost: cost.memory, timeCost: cost.passes, parallelism: cost.lanes }
    return withForeign({ hash: password => hash(password, options), verify: (phc, password) => verify(phc, password) })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' || /native binding/i.test(String(error)))
      return withForeign(nodeHasher())
    throw error
  }
}

const argon2 = promisify(crypto.argon2)
const unpadded = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')

/** The same PHC strings from `node:crypto`. */
export function nodeHasher(): Hasher {
  const derive = (password: string, nonce: Buffer, { memory, passes, lanes }: typeof cost, length: number) =>
    argon2('argon2id', { message: password, nonce, memory, passes, parallelism: lanes, tagLength: length })
  return {
    async hash(password) {
      const nonce = crypto.randomBytes(16)
      return `${current}${unpadded(nonce)}$${unpadded(await derive(password, nonce, cost, 32))}`
    },
    async verify(phc, password) {
      const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(phc)
      if (!parts) throw new Error('a stored hash is not argon2id')
      const [memory, passes, lanes] = parts.slice(1, 4).map(Number) as [number, number, number]
      const tag = Buffer.from(parts[5] as string, 'base64')
      const nonce = Buffer.from(parts[4] as string, 'base64')
      return crypto.timingSafeEqual(tag, await derive(password, nonce, { memory, passes, lanes }, tag.length))
    },
  }
}
