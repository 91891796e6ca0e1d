import { createPrivateKey, type KeyObject } from 'node:crypto'
import { type OutgoingAnswer, OutgoingClient, OutgoingError } from '../outgoing/client.ts'
import { asDead, later, parked, refused } from './reasons.ts'
import { retryAfter } from './retry-after.ts'
import type { Push, Sender, Target, Verdict } from './sender.ts'
import type { Opened, Supplies } from './senders.ts'
import { readKnown } from './subscriptions.ts'
import { webToken } from './tokens.ts'
import { encrypted, mostPlain } from './web-push-encryption.ts'

const minute = 60_000
const hour = 3_600_000
/** Push services take tokens of a day at the most. */
const tokenLife = 12 * hour
/** Push services keep no message longer (s). */
const longestLife = 2_419_200
/** Messages under way at once. */
const atOnce = 64

/** Pushes to browsers, and to whatever else speaks Web Push (UnifiedPush): RFC 8030, 8291, 8292. */
export function webPushSender({ outgoing, now }: Supplies, { credentials }: Opened): Sender {
  const client = new OutgoingClient(outgoing)
  const vapid = new Vapid(credentials, now)
  let takenAt = Number.NEGATIVE_INFINITY

  const sendOne = async ({ token, push }: Target): Promise<Verdict> => {
    const subscription = readKnown(token, outgoing.origins)
    if ('wrong' in subscription) return refused(`the subscription ${subscription.wrong.en}`)
    const plain = Buffer.from(payloadOf(push))
    if (plain.length > mostPlain) return refused(`the push has ${plain.length} bytes, and ${mostPlain} are taken`)
    try {
      const url = new URL(subscription.endpoint)
      const answer = await client.ask(url, {
        method: 'POST',
        headers: { ...headersOf(push, now()), authorization: vapid.for(url.origin) },
        body: encrypted(subscription, plain),
      })
      return verdictOf(answer, now())
    } catch (error) {
      if (isForeignKey(error)) return refused('the subscription has no public key on P-256')
      if (!(error instanceof OutgoingError)) throw error
      return error.forbidden ? refused(error.message) : later(error.message)
    }
  }

  return {
    channel: 'webpush',
    async send(targets) {
      const verdicts = await inTurn(targets, sendOne)
      if (verdicts.some(({ is }) => is === 'sent')) takenAt = now()
      // Clients choose their push services and keys: what one of them is refused with parks nobody else's pushes.
      const isOurs = now() - takenAt > hour
      return isOurs ? verdicts : verdicts.map(each => (each.is === 'parked' ? refused(each.reason) : each))
    },
    close: () => client.close(),
  }
}

const isForeignKey = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY'

async function inTurn(targets: readonly Target[], send: (target: Target) => Promise<Verdict>): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  let next = 0
  const work = async () => {
    for (let i = next++; i < targets.length; i = next++) verdicts[i] = await send(targets[i] as Target)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, targets.length) }, work))
  return verdicts
}

/** Says who we are: a token for each push service, signed once in a while and not for each message. */
class Vapid {
  readonly #key: KeyObject
  readonly #publicKey: string
  readonly #subject: string
  readonly #now: () => number
  readonly #headers = new Map<string, { text: string; until: number }>()

  constructor({ public_key = '', private_key = '', subject = '' }: Opened['credentials'], now: () => number) {
    const point = Buffer.from(public_key, 'base64url')
    const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')]
    this.#key = createPrivateKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', d: private_key, x, y } })
    this.#publicKey = public_key
    this.#subject = subject
    this.#now = now
  }

  for(origin: string): string {
    const known = this.#headers.get(origin)
    if (known && known.until > this.#now()) return known.text
    const exp = Math.floor((this.#now() + tokenLife) / 1000)
    const token = webToken('ES256', { key: this.#key }, {}, { aud: origin, exp, sub: this.#subject })
    const text = `vapid t=${token}, k=${this.#publicKey}`
    this.#headers.set(origin, { text, until: this.#now() + tokenLife / 2 })
    return text
  }
}

function headersOf({ expires, isUrgent, isSilent }: Push, now: number) {
  return {
    ttl: Math.max(0, Math.min(longestLife, Math.floor((expires - now) / 1000))),
    urgency: isUrgent ? 'high' : isSilent ? 'low' : 'normal',
    'content-encoding': 'aes128gcm',
    'content-type': 'application/octet-stream',
  }
}

const payloadOf = ({ isSilent, isQuiet, title, body, bigText, image, badge, ext }: Push) =>
  JSON.stringify({ title, body: bigText || body, image, badge, silent: isSilent, quiet: isQuiet, ext })

function verdictOf({ status, headers, body }: OutgoingAnswer, now: number): Verdict {
  if (status >= 200 && status < 300) return { is: 'sent' }
  const reason = `HTTP ${status}${/^[\w .:-]{1,60}$/.test(body) ? ` ${body}` : ''}`
  if (status === 404 || status === 410) return asDead(reason)
  if (status === 401 || status === 403) return parked(15 * minute)(reason)
  if (status === 429 || status >= 500) return later(reason, { after: retryAfter(headers['retry-after'], now) })
  return refused(reason)
}
