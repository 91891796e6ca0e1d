import { sign } from 'node:crypto'

const part = (data: object) => Buffer.from(JSON.stringify(data)).toString('base64url')

/** A JSON Web Token, signed with the key (PEM). */
export function webToken(
  algorithm: 'ES256' | 'RS256',
  key: Parameters<typeof sign>[2] & (string | object),
  header: object,
  claims: object,
): string {
  const text = `${part({ alg: algorithm, typ: 'JWT', ...header })}.${part(claims)}`
  const options = typeof key === 'string' ? { key } : key
  const signature = sign('sha256', Buffer.from(text), {
    ...(options as { key: string }),
    ...(algorithm === 'ES256' && { dsaEncoding: 'ieee-p1363' as const }),
  })
  return `${text}.${signature.toString('base64url')}`
}

/** A value that is good until some time (ms). */
export interface Lasting<T> {
  value: T
  until: number
}

/** Keeps what is good for a while; whoever asks while it is being fetched waits for the same. */
export class Renewed<T> {
  readonly #fetch: () => Promise<Lasting<T>>
  readonly #now: () => number
  #kept: Lasting<T> | undefined
  #coming: Promise<T> | undefined

  constructor(now: () => number, fetch: () => Promise<Lasting<T>>) {
    this.#now = now
    this.#fetch = fetch
  }

  async get(): Promise<T> {
    if (this.#kept && this.#kept.until > this.#now()) return this.#kept.value
    this.#coming ??= this.#fetch()
      .then(kept => {
        this.#kept = kept
        return kept.value
      })
      .finally(() => {
        this.#coming = undefined
      })
    return this.#coming
  }

  /** The other side does not take it any more; what came after it stays. */
  forget(value: T) {
    if (this.#kept?.value === value) this.#kept = undefined
  }
}
