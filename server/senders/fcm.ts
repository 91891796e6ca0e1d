import { createPrivateKey } from 'node:crypto'
import type { ServiceAccount } from '../notifiers/credentials.ts'
import { OutgoingClient, OutgoingError } from '../outgoing/client.ts'
import { fcmBody } from './fcm-message.ts'
import { type Answered, Http2Pool, Unanswered } from './pool.ts'
import { asDead, later, parked, type Rules, refused, verdictBy } from './reasons.ts'
import { retryAfter } from './retry-after.ts'
import type { Sender, Target, Verdict } from './sender.ts'
import type { Opened, Supplies } from './senders.ts'
import { type Lasting, Renewed, webToken } from './tokens.ts'

const google = 'https://fcm.googleapis.com'
const scope = 'https://www.googleapis.com/auth/firebase.messaging'
const minute = 60_000

/** What FCM's error codes mean; INVALID_ARGUMENT is looked at more closely below. */
export const fcmReasons: Rules = {
  UNREGISTERED: asDead,
  SENDER_ID_MISMATCH: refused,
  INVALID_ARGUMENT: refused,
  THIRD_PARTY_AUTH_ERROR: parked(15 * minute),
  APNS_AUTH_ERROR: parked(15 * minute),
  PERMISSION_DENIED: parked(15 * minute),
  UNAUTHENTICATED: parked(15 * minute),
  NOT_FOUND: parked(15 * minute),
  QUOTA_EXCEEDED: later,
  RESOURCE_EXHAUSTED: later,
  UNAVAILABLE: later,
  INTERNAL: later,
}

/** Google's pushes, by HTTP v1: one request a device, under a token of the service account. */
export function fcmSender({ outgoing, now }: Supplies, { credentials }: Opened): Sender {
  const account = JSON.parse(credentials.service_account ?? '{}') as ServiceAccount
  const client = new OutgoingClient(outgoing)
  const pool = new Http2Pool(credentials.endpoint ?? google, { ca: outgoing.authorities })
  const tokens = new Renewed(now, () => fetchToken(client, account, now()))
  const path = `/v1/projects/${account.project_id}/messages:send`

  const ask = (target: Target, token: string) =>
    pool.ask({
      path,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: fcmBody(target, now()),
    })

  const sendOne = async (target: Target): Promise<Verdict> => {
    try {
      const token = await tokens.get()
      const answered = await ask(target, token)
      if (answered.status !== 401 || errorIn(answered).code !== 'UNAUTHENTICATED') return verdictOf(answered, now())
      tokens.forget(token)
      return verdictOf(await ask(target, await tokens.get()), now())
    } catch (error) {
      if (error instanceof Unanswered || error instanceof OutgoingError) return { is: 'later', reason: error.message }
      if (error instanceof NoToken) return { is: 'parked', reason: error.message, milliseconds: 15 * minute }
      throw error
    }
  }

  return {
    channel: 'fcm',
    send: targets => Promise.all(targets.map(sendOne)),
    close() {
      pool.close()
      client.close()
    },
  }
}

/** The account is refused: somebody has to look at it. */
class NoToken extends Error {}

async function fetchToken(client: OutgoingClient, account: ServiceAccount, now: number): Promise<Lasting<string>> {
  const { client_email, private_key, token_uri } = account
  const seconds = Math.floor(now / 1000)
  const claims = { iss: client_email, scope, aud: token_uri, iat: seconds, exp: seconds + 3600 }
  const assertion = webToken('RS256', { key: createPrivateKey(private_key) }, {}, claims)
  const { status, body } = await client.ask(token_uri, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }).toString(),
  })
  if (status === 429 || status >= 500) throw new OutgoingError(`the token address answers HTTP ${status}`)
  const { access_token, expires_in = 3600, error = `HTTP ${status}` } = parsed(body) as Record<string, string & number>
  if (status !== 200 || !access_token) throw new NoToken(`no token for the service account: ${error}`)
  return { value: access_token, until: now + (expires_in - 60) * 1000 }
}

interface FcmError {
  /** FCM's own code where it gives one, else Google's status. */
  code: string
  /** The detail says that it is FCM's own. */
  isOwn: boolean
  message: string
}

function errorIn({ body, status }: Pick<Answered, 'body' | 'status'>): FcmError {
  const { error } = parsed(body) as {
    error?: { status?: string; message?: string; details?: Record<string, string>[] }
  }
  const own = error?.details?.find(detail => detail['@type']?.endsWith('google.firebase.fcm.v1.FcmError'))
  return {
    code: own?.errorCode ?? error?.status ?? `HTTP ${status}`,
    isOwn: own !== undefined,
    message: error?.message ?? '',
  }
}

function parsed(body: string): object {
  try {
    return JSON.parse(body) as object
  } catch {
    // Something between us and Google answered.
    return {}
  }
}

const noToken = 'The registration token is not a valid FCM registration token'

function verdictOf(answered: Answered, now: number): Verdict {
  const { status, headers } = answered
  if (status === 200) return { is: 'sent' }
  const after = retryAfter(headers['retry-after'], now)
  const { code, isOwn, message } = errorIn(answered)
  // Only FCM itself knows of tokens: a bare 404 may mean the project, a bare 400 our message.
  if (code === 'UNREGISTERED' && !isOwn) return refused(code)
  if (code === 'INVALID_ARGUMENT' && isOwn && message.includes(noToken)) return asDead('INVALID_ARGUMENT')
  if (!Object.hasOwn(fcmReasons, code) && (status >= 500 || status === 429)) return later(code, { after })
  return verdictBy(fcmReasons, code, { after })
}
