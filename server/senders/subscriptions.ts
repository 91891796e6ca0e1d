import { createECDH } from 'node:crypto'
import type { Sentence } from '../../contract/complaints.ts'
import type { Subscription } from './web-push-encryption.ts'

/** The push services of the browsers; others are the operator's to name. */
const known =
  /^https:\/\/(fcm\.googleapis\.com|([a-z0-9-]+\.)*push\.services\.mozilla\.com|([a-z0-9-]+\.)*push\.apple\.com|([a-z0-9-]+\.)*notify\.windows\.com)$/

const wrong = (en: string, zh: string): { wrong: Sentence } => ({ wrong: { en, zh } })

/** Reads a Web Push subscription as `JSON.stringify` writes it in a browser; says what is wrong with it. */
export function readSubscription(text: string, origins: ReadonlySet<string>): Subscription | { wrong: Sentence } {
  const read = readKnown(text, origins)
  if ('wrong' in read || isPoint(read.p256dh)) return read
  return wrong('must have a public key on P-256 in keys.p256dh', 'keys.p256dh 必须是 P-256 公钥')
}

/** Likewise, where the key was looked at before: to look again would cost as much as to encrypt. */
export function readKnown(text: string, origins: ReadonlySet<string>): Subscription | { wrong: Sentence } {
  let given: { endpoint?: unknown; keys?: { p256dh?: unknown; auth?: unknown } } | null
  try {
    given = JSON.parse(text) as typeof given
  } catch {
    return wrong('must be a Web Push subscription as JSON', '必须是 Web Push 订阅的 JSON')
  }
  const { endpoint, keys } = given ?? {}
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) return wrong('lacks an endpoint', '缺少 endpoint')
  const url = new URL(endpoint)
  if (url.username || url.password || !(known.test(url.origin) || origins.has(url.origin)))
    return wrong('has an endpoint that is no push service known here', 'endpoint 不是已知的推送服务')
  const [p256dh, auth] = [bytesOf(keys?.p256dh), bytesOf(keys?.auth)]
  if (auth?.length !== 16)
    return wrong('must have 16 bytes of base64url in keys.auth', 'keys.auth 必须是 16 字节的 base64url')
  if (p256dh?.length !== 65 || p256dh[0] !== 4)
    return wrong('must have a public key on P-256 in keys.p256dh', 'keys.p256dh 必须是 P-256 公钥')
  return { endpoint, p256dh, auth }
}

const bytesOf = (text: unknown) =>
  typeof text === 'string' && /^[A-Za-z0-9_+/-]+=*$/.test(text) ? Buffer.from(text, 'base64url') : undefined

function isPoint(key: Buffer): boolean {
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  try {
    return pair.computeSecret(key).length > 0
  } catch {
    // OpenSSL calculates with points of the curve only.
    return false
  }
}
