import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** The keys of a webhook: for a day after a change, the one before signs as well. */
export interface Keys {
  secret: string
  previous?: string
  /** ms; until when the one before signs */
  until?: number
}

const prefix = 'whsec_'

export const newSecret = () => prefix + randomBytes(32).toString('base64')

const keyOf = (secret: string) => Buffer.from(secret.replace(prefix, ''), 'base64')

/** One signature of Standard Webhooks, version 1. `timestamp` is in seconds. */
export const signatureOf = (secret: string, id: string, timestamp: number, payload: string) =>
  `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${payload}`).digest('base64')}`

/** The three headers of Standard Webhooks. */
export function headersOf({ secret, previous, until = 0 }: Keys, id: string, payload: string, now: number) {
  const timestamp = Math.floor(now / 1000)
  const secrets = previous !== undefined && until > now ? [secret, previous] : [secret]
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': secrets.map(each => signatureOf(each, id, timestamp, payload)).join(' '),
  }
}

/** Seconds by which the clocks may be apart. */
const tolerance = 300

/** Why a call is not to be believed; undefined where it is. For receivers. */
export function wrongWith(
  secret: string,
  headers: Record<string, string | string[] | undefined>,
  payload: string,
  now: number,
): string | undefined {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map(name => headers[`webhook-${name}`])
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string')
    return 'a header of Standard Webhooks is missing'
  if (!(Math.abs(now / 1000 - Number(timestamp)) <= tolerance)) return 'its timestamp is too far from the clock'
  const right = Buffer.from(signatureOf(secret, id, Number(timestamp), payload))
  const isRight = signatures.split(' ').some(each => {
    const given = Buffer.from(each)
    return given.length === right.length && timingSafeEqual(given, right)
  })
  return isRight ? undefined : 'no signature of it is by this secret'
}
