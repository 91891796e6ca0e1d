import { OutgoingClient, OutgoingError } from '../outgoing/client.ts'
import { later, parked, refused } from './reasons.ts'
import { retryAfter } from './retry-after.ts'
import type { Verdict } from './sender.ts'
import type { Supplies } from './senders.ts'
import type { Renewed } from './tokens.ts'

/** While somebody looks at the credentials (ms). */
export const credentialsPause = 15 * 60_000

/** The vendor does not know us, or not any more: nothing goes under this notifier until somebody has looked at it. */
export class CredentialsRefused extends Error {}

/** The vendor cannot answer now. */
export class Unavailable extends Error {
  /** ms, where the vendor says so. */
  readonly after: number | undefined
  constructor(why: string, after: number | undefined) {
    super(why)
    this.name = 'Unavailable'
    this.after = after
  }
}

/** A vendor that is spoken to in JSON answers over HTTPS: each of them puts what it means into the body. */
export class Vendor {
  readonly #client: OutgoingClient
  readonly #now: () => number

  constructor({ outgoing, now }: Pick<Supplies, 'outgoing' | 'now'>) {
    this.#client = new OutgoingClient(outgoing)
    this.#now = now
  }

  /** Fails with `Unavailable`, or with `OutgoingError` where no answer came. */
  json(url: string, body: object, headers: Record<string, string> = {}): Promise<object> {
    return this.#ask(url, JSON.stringify(body), { 'content-type': 'application/json; charset=utf-8', ...headers })
  }

  /** Likewise. */
  form(url: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<object> {
    const type = 'application/x-www-form-urlencoded; charset=utf-8'
    return this.#ask(url, new URLSearchParams(fields).toString(), { 'content-type': type, ...headers })
  }

  close() {
    this.#client.close()
  }

  async #ask(url: string, text: string, headers: Record<string, string>): Promise<object> {
    const { status, body, headers: own } = await this.#client.ask(url, { method: 'POST', headers, body: text })
    const after = retryAfter(own['retry-after'], this.#now())
    if (status === 429 || status >= 500) throw new Unavailable(`HTTP ${status}`, after)
    const answer = parsed(body)
    if (!answer) throw new Unavailable(`HTTP ${status} that is not the vendor's`, after)
    return answer
  }
}

/** Undefined where something between us and the vendor answered. */
function parsed(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** Asks under a token of the vendor's, and once more under a new one where it is over. */
export async function underToken<A>(
  tokens: Renewed<string>,
  ask: (token: string) => Promise<A>,
  isOver: (answer: A) => boolean,
): Promise<A> {
  const token = await tokens.get()
  const answer = await ask(token)
  if (!isOver(answer)) return answer
  tokens.forget(token)
  return ask(await tokens.get())
}

/** What went wrong on the way, for every device that was asked for. */
export function verdictOfFailure(error: unknown): Verdict {
  if (error instanceof CredentialsRefused) return parked(credentialsPause)(error.message)
  if (error instanceof Unavailable) return later(error.message, { after: error.after })
  if (error instanceof OutgoingError) return error.forbidden ? refused(error.message) : later(error.message)
  throw error
}
