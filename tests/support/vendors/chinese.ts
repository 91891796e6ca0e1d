import { createHash } from 'node:crypto'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { afterwards } from '../afterwards.ts'
import { certificate, privateKey } from './certificate.ts'

export const accounts = {
  huawei: { app_id: '100', app_secret: 'h-secret' },
  xiaomi: { package_name: 'com.example.chat', app_secret: 'x-secret' },
  oppo: { app_key: 'o-key', master_secret: 'o-secret' },
  vivo: { app_id: '200', app_key: 'v-key', app_secret: 'v-secret' },
  meizu: { app_id: '300', app_secret: 'm-secret' },
}

export interface VendorCall {
  path: string
  headers: Record<string, string>
  /** The fields of a form, or the JSON as it came. */
  body: Record<string, unknown>
}

type Answer = [status: number, body: object | string, headers?: Record<string, string>]
type Handle = (call: VendorCall) => Answer | undefined

/**
 * The five vendors on one port: credentials, signatures and tokens are checked as their documents say. `answers` takes
 * the place of what a path would answer; what its handler returns nothing for goes on as usual.
 */
export async function chineseVendors(t: TestContext) {
  const received: VendorCall[] = []
  const answers: Record<string, Handle> = {}
  const tokens = { count: 0, current: '' }
  const server = createServer({ key: privateKey, cert: certificate }, async (request, response) => {
    const body = await text(request)
    const isForm = String(request.headers['content-type']).startsWith('application/x-www-form-urlencoded')
    const call = {
      path: String(request.url),
      headers: request.headers as Record<string, string>,
      body: isForm ? Object.fromEntries(new URLSearchParams(body)) : (JSON.parse(body) as Record<string, unknown>),
    }
    received.push(call)
    const [status, answer, headers = {}] = answers[call.path]?.(call) ?? usual(call, tokens)
    response.writeHead(status, headers).end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  afterwards(t, () => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  })
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answers,
    tokens,
    sent: (path: string) => received.filter(call => call.path === path),
  }
}

const digest = (kind: 'md5' | 'sha256', value: string) => createHash(kind).update(value).digest('hex')

function newToken(tokens: { count: number; current: string }) {
  tokens.current = `token-${++tokens.count}`
  return tokens.current
}

function usual({ path, headers, body }: VendorCall, tokens: { count: number; current: string }): Answer {
  const { huawei, xiaomi, oppo, vivo, meizu } = accounts
  switch (path) {
    case '/oauth2/v3/token':
      if (body.client_id !== huawei.app_id || body.client_secret !== huawei.app_secret)
        return [400, { error: 'invalid_client' }]
      return [200, { access_token: newToken(tokens), expires_in: 3600 }]
    case `/v1/${huawei.app_id}/messages:send`:
      if (headers.authorization !== `Bearer ${tokens.current}`) return [401, { code: '80200003', msg: 'expired' }]
      return [200, { code: '80000000', msg: 'Success' }]
    case '/v3/message/regid':
      if (headers.authorization !== `key=${xiaomi.app_secret}`) return [401, { result: 'error', code: 21301 }]
      return [200, { result: 'ok', code: 0, data: { id: 'x1' } }]
    case '/server/v1/auth': {
      const sign = digest('sha256', `${oppo.app_key}${body.timestamp}${oppo.master_secret}`)
      if (body.sign !== sign || body.app_key !== oppo.app_key) return [200, { code: 16 }]
      return [200, { code: 0, data: { auth_token: newToken(tokens) } }]
    }
    case '/server/v1/message/notification/unicast_batch':
      return [200, headers.auth_token === tokens.current ? { code: 0, data: [] } : { code: 11 }]
    case '/message/auth': {
      const sign = digest('md5', `${vivo.app_id}${vivo.app_key}${body.timestamp}${vivo.app_secret}`)
      return [200, body.sign === sign ? { result: 0, authToken: newToken(tokens) } : { result: 10_200 }]
    }
    case '/message/send':
    case '/message/saveListPayload':
    case '/message/pushToList':
      return [200, headers.authtoken === tokens.current ? { result: 0, taskId: 'v1' } : { result: 10_000 }]
    case '/garcia/api/server/push/varnished/pushByPushId': {
      const { sign, ...fields } = body
      const pairs = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
      const wanted = digest('md5', pairs.map(([name, value]) => `${name}=${value}`).join('') + meizu.app_secret)
      return [200, sign === wanted ? { code: '200', value: {} } : { code: '1006' }]
    }
    default:
      return [404, {}]
  }
}
