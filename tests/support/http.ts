import assert from 'node:assert/strict'
import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { Value } from '@sinclair/typebox/value'
import { failureAnswer } from '../../server/http/envelope.ts'
import { strict } from './strict.ts'

/** A request as it goes on the wire. A list as a header's value sends the header once for each entry. */
export interface Raw {
  method?: string
  path: string
  headers?: Record<string, string | string[]>
  body?: string | Buffer
}

export interface Envelope {
  code: number
  message: string | null
  data?: unknown
}

export interface Exchange {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

export interface Answer extends Exchange {
  code: number
  message: string
  data: unknown
}

const agent = new Agent({ keepAlive: true })

/** Sends exactly what it is told, and reads whatever comes back. */
export async function exchange(url: string, { method = 'GET', path, headers = {}, body }: Raw): Promise<Exchange> {
  const { promise, resolve, reject } = Promise.withResolvers<Exchange>()
  const length = body === undefined ? undefined : { 'content-length': String(Buffer.byteLength(body)) }
  const outgoing = request(`${url}/`, { method, path, agent, headers: { ...headers, ...length } }, async response => {
    const received = await buffer(response)
    resolve({ status: response.statusCode ?? 0, headers: response.headers, text: received.toString() })
  })
  outgoing.on('error', reject)
  outgoing.end(body)
  return promise
}

/** Likewise, for a call of the API: the answer must be our envelope, and is read. */
export async function ask(url: string, raw: Raw): Promise<Answer> {
  const answer = await exchange(url, raw)
  const { code, message, data } = readEnvelope(answer.status, answer.text)
  return { ...answer, code, message: message ?? '', data }
}

/** What every answer keeps to, whatever was asked. */
export function readEnvelope(status: number, text: string): Envelope {
  const envelope = JSON.parse(text) as Envelope
  if (envelope.code === 200) {
    assert.equal(status, 200)
    assert.equal(envelope.message, null)
    assert.ok('data' in envelope, 'a success has data')
  } else {
    assert.ok(Value.Check(strict(failureAnswer), envelope), `a failure has a code and a sentence alone: ${text}`)
    assert.ok(status === 200 || status === envelope.code || envelope.code === 10028, `HTTP ${status} with ${text}`)
    assert.notEqual(status, 500, text)
  }
  return envelope
}

/** Writes bytes to a socket of its own and reads until the other side closes it. */
export async function bytes(url: string, sent: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(sent)
  return text(socket)
}

/**
 * Likewise, but ends the connection itself when for a while nothing comes: what is not whole would be waited for. Reads
 * byte for byte.
 */
export async function bytesFor(url: string, sent: string | Buffer, milliseconds: number): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const received: Buffer[] = []
  socket.setTimeout(milliseconds, () => socket.end())
  socket.on('data', data => received.push(data as Buffer))
  // Whoever sends on after it was refused is reset.
  socket.on('error', error => assert.match(error.message, /ECONNRESET|EPIPE/))
  socket.write(sent)
  await new Promise(resolve => socket.once('close', resolve))
  return Buffer.concat(received).toString('latin1')
}
