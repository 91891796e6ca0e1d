import { createPrivateKey, type KeyObject } from 'node:crypto'
import { type Answered, Http2Pool, Unanswered } from './pool.ts'
import { asDead, later, parked, type Rules, refused, verdictBy } from './reasons.ts'
import { retryAfter } from './retry-after.ts'
import type { Push, Sender, Target, Verdict } from './sender.ts'
import type { Opened, Supplies } from './senders.ts'
import { webToken } from './tokens.ts'

const production = 'https://api.push.apple.com'
const development = 'https://api.sandbox.push.apple.com'

const minute = 60_000
const hour = 3_600_000
/** Apple wants the same token for close to an hour, and not a new one within 20 minutes. */
const tokenLife = 50 * minute

/** What Apple's reasons mean; what is not here fails the message, and nothing else. */
export const apnsReasons: Rules = {
  Unregistered: asDead,
  ExpiredToken: asDead,
  BadDeviceToken: asDead,
  DeviceTokenNotForTopic: refused,
  ...Object.fromEntries(
    [
      ...['InvalidProviderToken', 'MissingProviderToken', 'BadCertificate', 'BadCertificateEnvironment'],
      ...['UnrelatedKeyIdInToken', 'BadEnvironmentKeyIdInToken', 'BadEnvironmentKeyInToken'],
      ...['TopicDisallowed', 'BadTopic', 'MissingTopic'],
    ].map(reason => [reason, parked(15 * minute)]),
  ),
  TooManyProviderTokenUpdates: parked(20 * minute),
  // Signed anew a moment ago: then it is our clock.
  ExpiredProviderToken: parked(15 * minute),
  ...Object.fromEntries(
    ['TooManyRequests', 'InternalServerError', 'ServiceUnavailable', 'Shutdown', 'IdleTimeout'].map(reason => [
      reason,
      later,
    ]),
  ),
}

/** Apple's pushes: one request a device on a few HTTP/2 connections. */
export function apnsSender({ outgoing, now }: Supplies, { environment, credentials }: Opened): Sender {
  const { team_id = '', key_id = '', bundle_id = '', key = '', endpoint } = credentials
  const pool = new Http2Pool(endpoint ?? (environment ? production : development), { ca: outgoing.authorities })
  const tokens = new ProviderTokens({ team: team_id, id: key_id, key: createPrivateKey(key) }, now)

  const ask = (target: Target, token: string) =>
    pool.ask({
      path: `/3/device/${encodeURIComponent(target.token)}`,
      headers: { authorization: `bearer ${token}`, ...headersOf(target.push, bundle_id) },
      body: payloadOf(target.push),
    })

  const sendOne = async (target: Target): Promise<Verdict> => {
    try {
      const token = tokens.get()
      const answered = await ask(target, token)
      if (reasonIn(answered) !== 'ExpiredProviderToken') return verdictOf(answered, now())
      tokens.renew(token)
      return verdictOf(await ask(target, tokens.get()), now())
    } catch (error) {
      if (error instanceof Unanswered) return { is: 'later', reason: error.message }
      throw error
    }
  }

  return {
    channel: 'apns',
    send: targets => Promise.all(targets.map(sendOne)),
    close: () => pool.close(),
  }
}

interface Key {
  team: string
  id: string
  key: KeyObject
}

/**
 * Times of signing are cut into pieces of 50 minutes, and a token says the beginning of its piece: so all nodes, and
 * one that has just started, sign as of the same time, and Apple does not think that the token changes.
 */
export class ProviderTokens {
  readonly #key: Key
  readonly #now: () => number
  #issued = 0
  #token = ''

  constructor(key: Key, now: () => number) {
    this.#key = key
    this.#now = now
  }

  get(): string {
    const piece = Math.floor(this.#now() / tokenLife) * tokenLife
    if (piece > this.#issued) this.#sign(piece)
    return this.#token
  }

  /** Apple calls this one too old: our clock, or its. */
  renew(token: string) {
    if (token === this.#token) this.#sign(this.#now())
  }

  #sign(at: number) {
    const { team, id, key } = this.#key
    this.#issued = at
    this.#token = webToken('ES256', { key }, { kid: id }, { iss: team, iat: Math.floor(at / 1000) })
  }
}

function headersOf(push: Push, topic: string): Record<string, string | number> {
  const { apns_collapse_id } = push.vendors.ios ?? {}
  return {
    'apns-topic': topic,
    'apns-push-type': push.isSilent ? 'background' : 'alert',
    'apns-priority': push.isSilent ? 5 : 10,
    'apns-expiration': Math.floor(push.expires / 1000),
    ...(apns_collapse_id && { 'apns-collapse-id': apns_collapse_id }),
  }
}

export function payloadOf({ isSilent, title, body, badge, isQuiet, image, ext, vendors }: Push): string {
  const { sound, content_available, mutable_content, category, thread_id, subtitle } = vendors.ios ?? {}
  const alert = { ...(title && { title }), ...(subtitle && { subtitle }), ...(body && { body }) }
  const shown = {
    alert,
    ...(badge >= 0 && { badge }),
    ...(!isQuiet && { sound: sound || 'default' }),
    ...(category && { category }),
    ...(thread_id && { 'thread-id': thread_id }),
    ...((mutable_content || image) && { 'mutable-content': 1 }),
  }
  const aps = {
    ...(isSilent ? {} : shown),
    ...((isSilent || content_available) && { 'content-available': 1 }),
  }
  return JSON.stringify({ aps, ext, ...(image && { image }) })
}

function reasonIn({ body }: Answered): string {
  return bodyOf(body).reason ?? ''
}

function bodyOf(body: string): { reason?: string; timestamp?: number } {
  try {
    return JSON.parse(body || '{}') as { reason?: string; timestamp?: number }
  } catch {
    // Something between us and Apple answered.
    return {}
  }
}

function verdictOf(answered: Answered, now: number): Verdict {
  const { status, headers, body } = answered
  if (status === 200) return { is: 'sent' }
  const { reason, timestamp } = bodyOf(body)
  const after = retryAfter(headers['retry-after'], now)
  if (reason === undefined)
    return status >= 500 || status === 429 ? later(`HTTP ${status}`, { after }) : refused(`HTTP ${status}`)
  // Apple counts the day of a token's death in ms; one that was bound later is another.
  const since = status === 410 && timestamp !== undefined ? timestamp : undefined
  const pause = status >= 500 ? (after ?? hour / 4) : after
  return verdictBy(apnsReasons, reason, { after: pause, since })
}
