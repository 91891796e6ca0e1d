import { lookup as resolve } from 'node:dns'
import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent, request } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { rootCertificates } from 'node:tls'
import { isPublic } from './addresses.ts'

/** A call that goes out, to an address that somebody else has chosen. */
export interface OutgoingCall {
  method: 'GET' | 'POST' | 'HEAD'
  headers?: Record<string, string | number>
  body?: string | Buffer
  /** Bytes that the answer may have; 64 KiB where it is absent. */
  most?: number
}

export interface OutgoingAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  bytes: Buffer
  /** The bytes as text. */
  readonly body: string
}

/** No answer came, or nobody was asked. */
export class OutgoingError extends Error {
  /** The address is none that may be called: asking again changes nothing. */
  readonly forbidden: boolean
  constructor(why: string, forbidden = false, cause?: unknown) {
    super(why, cause === undefined ? undefined : { cause })
    this.name = 'OutgoingError'
    this.forbidden = forbidden
  }
}

/** The answer is longer than it may be. */
export class TooLongError extends OutgoingError {}

export interface OutgoingRules {
  /** Origins that may be called whatever their address is, and without TLS. */
  origins: ReadonlySet<string>
  /** Certificates (PEM) that are believed there. */
  authorities: string | undefined
}

const patience = 15_000
const longest = 65_536
const connections = { keepAlive: true, maxSockets: 64, maxTotalSockets: 512, timeout: 60_000 }

/**
 * Calls addresses that clients and admins have given. A name is resolved once, and the connection goes to the address
 * that was looked at; it must be a public one, over TLS. Redirects are answers like any other.
 */
export class OutgoingClient {
  readonly #origins: ReadonlySet<string>
  readonly #open = new Agent({ ...connections, lookup: guarded })
  readonly #allowed: Agent
  readonly #plain = new PlainAgent(connections)
  readonly #patience: number

  constructor({ origins, authorities }: OutgoingRules, milliseconds = patience) {
    this.#origins = origins
    this.#allowed = new Agent({ ...connections, ...(authorities && { ca: [...rootCertificates, authorities] }) })
    this.#patience = milliseconds
  }

  /** Fails with `OutgoingError`. */
  async ask(
    address: string | URL,
    { method, headers = {}, body, most = longest }: OutgoingCall,
  ): Promise<OutgoingAnswer> {
    const url = typeof address === 'string' ? parsed(address) : address
    const isAllowed = this.#origins.has(url.origin)
    if (!isAllowed) mustBeOpen(url)
    const isPlain = url.protocol === 'http:'
    const agent = isPlain ? this.#plain : isAllowed ? this.#allowed : this.#open
    const options = {
      method,
      agent,
      headers: { ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }), ...headers },
    }
    return new Promise((settle, reject) => {
      const outgoing = (isPlain ? plainRequest : request)(url, options, response => {
        read(response, most).then(settle, reject)
      })
      const late = setTimeout(() => outgoing.destroy(new OutgoingError('no answer in time')), this.#patience)
      outgoing.on('close', () => clearTimeout(late))
      outgoing.on('error', error =>
        reject(error instanceof OutgoingError ? error : new OutgoingError(error.message, false, error)),
      )
      outgoing.end(body)
    })
  }

  close() {
    for (const agent of [this.#open, this.#allowed, this.#plain]) agent.destroy()
  }
}

function parsed(address: string): URL {
  if (!URL.canParse(address)) throw new OutgoingError('the address is no URL', true)
  return new URL(address)
}

function mustBeOpen({ protocol, hostname, username, password }: URL) {
  if (protocol !== 'https:') throw new OutgoingError('only https addresses are called', true)
  if (username || password) throw new OutgoingError('the address must not hold a password', true)
  const host = hostname.replace(/^\[|\]$/g, '')
  // Where the host is an address already, nothing is resolved.
  if (isIP(host) !== 0 && !isPublic(host)) throw new OutgoingError('the address is not a public one', true)
}

/** What the connection is made to is what was looked at: a name cannot answer differently in between. */
const guarded: LookupFunction = (name, options, done) => {
  resolve(name, { ...options, all: true }, (error, found) => {
    if (error) return done(error, '', 0)
    const addresses = found as { address: string; family: number }[]
    const [first] = addresses
    if (!first || addresses.some(({ address }) => !isPublic(address)))
      return done(new OutgoingError('the name does not resolve to public addresses', true), '', 0)
    if (options.all) return (done as unknown as (error: null, all: typeof addresses) => void)(null, addresses)
    done(null, first.address, first.family)
  })
}

async function read(response: IncomingMessage, most: number): Promise<OutgoingAnswer> {
  const parts: Buffer[] = []
  let size = Number(response.headers['content-length'] ?? 0)
  const check = () => {
    if (size > most) throw new TooLongError(`the answer is longer than ${most} bytes`)
  }
  try {
    check()
    size = 0
    for await (const part of response) {
      size += (part as Buffer).length
      check()
      parts.push(part as Buffer)
    }
  } catch (error) {
    response.destroy()
    throw error instanceof OutgoingError ? error : new OutgoingError((error as Error).message, false, error)
  }
  const bytes = Buffer.concat(parts)
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    bytes,
    get body() {
      return bytes.toString('utf8')
    },
  }
}
