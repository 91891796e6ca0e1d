import { createPublicKey, verify } from 'node:crypto'
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { afterwards } from '../afterwards.ts'
import { certificate, privateKey } from './certificate.ts'

type Answer = [status: number, body: object, headers?: Record<string, string>]

export interface FcmReceived {
  token: string
  message: Record<string, never> & {
    token: string
    data: Record<string, string>
    android: Record<string, unknown>
    notification?: Record<string, unknown>
  }
}

/** FCM's own error, or one that Google's front gives. */
export const fcmError = (code: number, status: string, own?: string, message = status): Answer => [
  code,
  {
    error: {
      code,
      status,
      message,
      details: own ? [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: own }] : [],
    },
  },
]

/** Google's side: hands out tokens to whoever signs with the account's key, and takes messages under them. */
export async function googleService(t: TestContext, { project, pem }: { project: string; pem: string }) {
  const answers: Record<string, Answer> = {}
  const received: FcmReceived[] = []
  const good = new Set<string>()
  let handedOut = 0
  const state = { isRefusing: false }
  const server = createSecureServer(
    { key: privateKey, cert: certificate, allowHTTP1: true },
    async (request, response) => {
      const body = await text(request)
      const [status, answer, headers = {}] = request.url === '/token' ? token(body) : message(request, body)
      reply(response, status, answer, headers)
    },
  )
  const token = (body: string): Answer => {
    const [head = '', claims = '', signature = ''] = (new URLSearchParams(body).get('assertion') ?? '').split('.')
    const isGood = verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      createPublicKey(pem),
      Buffer.from(signature, 'base64url'),
    )
    if (!isGood || state.isRefusing) return [400, { error: 'invalid_grant' }]
    const made = `ya29.${++handedOut}`
    good.add(made)
    return [200, { access_token: made, expires_in: 3599, token_type: 'Bearer' }]
  }
  const message = (request: Http2ServerRequest, body: string): Answer => {
    if (request.url !== `/v1/projects/${project}/messages:send`) return fcmError(404, 'NOT_FOUND')
    if (!good.has(String(request.headers.authorization).replace('Bearer ', ''))) return fcmError(401, 'UNAUTHENTICATED')
    const { message } = JSON.parse(body) as FcmReceived
    received.push({ token: message.token, message })
    const found = Object.entries(answers).find(([start]) => message.token.startsWith(start))
    return found?.[1] ?? [200, { name: `projects/${project}/messages/1` }]
  }
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  afterwards(t, () => {
    server.close()
  })
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, answers, received, state, forgetTokens: () => good.clear(), handedOut: () => handedOut }
}

function reply(response: Http2ServerResponse, status: number, answer: object, headers: Record<string, string>) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(answer))
}
