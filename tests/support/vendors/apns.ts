import { createPublicKey, verify } from 'node:crypto'
import { createSecureServer, type Http2Session, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { afterwards } from '../afterwards.ts'
import { certificate, privateKey } from './certificate.ts'

export interface Received {
  token: string
  headers: Record<string, string>
  payload: { aps: Record<string, unknown>; ext: Record<string, unknown> }
  jwt: string
}

/** What the service does beside answering as it should; tests change it as they go. */
export interface Mood {
  latency: number
  /** A connection says goodbye after so many requests; 0 never. */
  goodbyeEvery: number
  /** Every so manieth request is reset without an answer; 0 none. */
  resetEvery: number
  /** Requests are never answered. */
  isSilent: boolean
  streams: number
  /** In place of the usual answer, by the token's beginning or for all. */
  answers: Record<string, [status: number, body: object, headers?: Record<string, string>]>
}

/** Apple's side: checks the signature of each provider token, and answers by what the device token begins with. */
export async function appleService(
  t: TestContext,
  keys: Record<string, { team: string; pem: string }>,
  mood: Partial<Mood> = {},
) {
  const now: Mood = { latency: 0, goodbyeEvery: 0, resetEvery: 0, isSilent: false, streams: 1000, answers: {}, ...mood }
  const received: Received[] = []
  const sessions = new Set<Http2Session>()
  let count = 0
  let connections = 0
  const server = createSecureServer({
    key: privateKey,
    cert: certificate,
    settings: { maxConcurrentStreams: now.streams },
  })
  server.on('session', session => {
    connections++
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    session.on('error', () => {})
  })
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    stream.on('error', () => {})
    stream.setEncoding('utf8')
    let body = ''
    stream.on('data', text => {
      body += text
    })
    stream.on('end', async () => {
      const number = ++count
      if (now.isSilent) return
      if (now.resetEvery > 0 && number % now.resetEvery === 0) return stream.close(2)
      if (now.latency > 0) await pause(now.latency)
      const token = decodeURIComponent(String(headers[':path']).split('/').at(-1) ?? '')
      const jwt = String(headers.authorization).replace('bearer ', '')
      const [status, answer, more = {}] = judge(keys, jwt, token, now)
      received.push({ token, headers: headers as Record<string, string>, payload: JSON.parse(body), jwt })
      if (stream.destroyed) return
      stream.respond({ ':status': status, 'apns-id': '11111111-2222-3333-4444-555555555555', ...more })
      stream.end(status === 200 ? '' : JSON.stringify(answer))
      sayGoodbye(stream.session as ServerHttp2Session, now.goodbyeEvery, served)
    })
  })
  const served = new WeakMap<object, number>()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  afterwards(t, () => {
    for (const session of sessions) session.destroy()
    return new Promise(resolve => server.close(resolve))
  })
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mood: now,
    received,
    connections: () => connections,
  }
}

/** What came in meanwhile and was not looked at is refused by that. */
function sayGoodbye(session: ServerHttp2Session, every: number, served: WeakMap<object, number>) {
  const count = (served.get(session) ?? 0) + 1
  served.set(session, count)
  if (every > 0 && count === every) session.close()
}

function judge(
  keys: Record<string, { team: string; pem: string }>,
  jwt: string,
  token: string,
  { answers }: Mood,
): Mood['answers'][string] {
  const problem = wrongWith(keys, jwt)
  if (problem) return [403, { reason: problem }]
  const found = Object.entries(answers).find(([start]) => token.startsWith(start))
  return found?.[1] ?? [200, {}]
}

function wrongWith(keys: Record<string, { team: string; pem: string }>, jwt: string): string | undefined {
  const [head = '', claims = '', signature = ''] = jwt.split('.')
  const { alg, kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg: string; kid: string }
  const { iss, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iss: string; iat: number }
  const key = keys[kid]
  if (alg !== 'ES256' || !key || key.team !== iss) return 'InvalidProviderToken'
  const good = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: createPublicKey(key.pem), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  if (!good) return 'InvalidProviderToken'
  return Date.now() / 1000 - iat > 3600 ? 'ExpiredProviderToken' : undefined
}
