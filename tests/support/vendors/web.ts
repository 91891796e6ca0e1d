import { createDecipheriv, createECDH, createHmac, createPublicKey, type ECDH, randomBytes, verify } from 'node:crypto'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { afterwards } from '../afterwards.ts'
import { certificate, privateKey } from './certificate.ts'

/** A browser's half of a subscription. */
export interface Browser {
  keys: ECDH
  auth: Buffer
  /** As it binds it. */
  token: string
}

export interface WebReceived {
  path: string
  headers: Record<string, string>
  body: Buffer
}

/** A push service of browsers: checks VAPID, and answers by what the path begins with. */
export async function webService(t: TestContext) {
  const answers: Record<string, [status: number, body?: string, headers?: Record<string, string>]> = {}
  const received: WebReceived[] = []
  const server = createServer({ key: privateKey, cert: certificate }, async (request, response) => {
    const path = String(request.url)
    const body = await buffer(request)
    const wrong = wrongWithVapid(String(request.headers.authorization), origin())
    received.push({ path, headers: request.headers as Record<string, string>, body })
    const found = Object.entries(answers).find(([start]) => path.startsWith(start))
    const [status, text = '', headers = {}] = wrong ? [403, wrong] : (found?.[1] ?? [201])
    response.writeHead(status, headers).end(text)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  afterwards(t, () => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  })
  const origin = () => `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin: origin(), answers, received, subscribe: (path: string) => browserAt(`${origin()}${path}`) }
}

export function browserAt(endpoint: string): Browser {
  const keys = createECDH('prime256v1')
  keys.generateKeys()
  const auth = randomBytes(16)
  const token = JSON.stringify({
    endpoint,
    expirationTime: null,
    keys: { p256dh: keys.getPublicKey('base64url'), auth: auth.toString('base64url') },
  })
  return { keys, auth, token }
}

/** What a push service finds wrong with a VAPID header; undefined where it is good. */
export function wrongWithVapid(authorization: string, origin: string): string | undefined {
  const [, token = '', publicKey = ''] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(authorization) ?? []
  const [head = '', claims = '', signature = ''] = token.split('.')
  if (!signature) return 'no vapid'
  const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, string & number>
  const point = Buffer.from(publicKey, 'base64url')
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')]
  const key = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } })
  const isGood = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  if (!isGood) return 'BadSignature'
  const now = Date.now() / 1000
  if (aud !== origin || !(exp && exp > now && exp < now + 86_400) || !/^(mailto:|https:)/.test(String(sub)))
    return 'BadJwtToken'
}

/** What a browser does with the body of a push: RFC 8291, written from its text and not from ours. */
export function decrypted({ keys, auth }: Browser, body: Buffer): string {
  const hmac = (key: Buffer, data: Buffer) => createHmac('sha256', key).update(data).digest()
  const salt = body.subarray(0, 16)
  const length = body.readUInt8(20)
  const sender = body.subarray(21, 21 + length)
  const secret = keys.computeSecret(sender)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), sender, Buffer.from([1])])
  const prk = hmac(salt, hmac(hmac(auth, secret), info))
  const key = hmac(prk, Buffer.from('Content-Encoding: aes128gcm\0\x01', 'latin1')).subarray(0, 16)
  const nonce = hmac(prk, Buffer.from('Content-Encoding: nonce\0\x01', 'latin1')).subarray(0, 12)
  const record = body.subarray(21 + length)
  const decipher = createDecipheriv('aes-128-gcm', key, nonce, { authTagLength: 16 }).setAuthTag(record.subarray(-16))
  const plain = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()])
  return plain.subarray(0, plain.lastIndexOf(2)).toString()
}

/** A subscription that is exactly so many bytes long. */
export function subscriptionOf(length: number): string {
  const short = browserAt('https://fcm.googleapis.com/fcm/send/').token
  return short.replace('/send/', `/send/${'x'.repeat(length - short.length)}`)
}
