import { batchSender } from './batches.ts'
import { blockOf, intentOf, lifeOf } from './chinese.ts'
import { asDead, later, parked, type Rules, refused, verdictBy } from './reasons.ts'
import type { Push, Sender, Target, Verdict } from './sender.ts'
import type { Opened, Supplies } from './senders.ts'
import { type Lasting, Renewed } from './tokens.ts'
import { CredentialsRefused, credentialsPause, underToken, Vendor } from './vendor.ts'

const logins = 'https://oauth-login.cloud.huawei.com'
const pushes = 'https://push-api.cloud.huawei.com'
const fifteenDays = 1_296_000

const [success, partly, tokenOver] = ['80000000', '80100000', '80200003']

/** What Huawei's codes mean; a partial success names its dead tokens itself. */
export const huaweiReasons: Rules = {
  '80300007': asDead, // all tokens are invalid
  '80200001': parked(credentialsPause),
  '80200003': parked(credentialsPause),
  '80200005': parked(credentialsPause),
  '80300002': parked(credentialsPause), // no permission to send
  '80600003': parked(credentialsPause),
  '81000001': later,
  '80100001': refused, // a parameter is wrong
  '80100003': refused, // the message is none
  '80300008': refused, // longer than 4,096 bytes
}

/** Huawei Push Kit, v1: up to 1,000 devices a request, under a token of OAuth 2. */
export function huaweiSender(supplies: Supplies, { environment, credentials }: Opened): Sender {
  const { app_id = '', app_secret = '', endpoint } = credentials
  const { now } = supplies
  const vendor = new Vendor(supplies)
  const tokens = new Renewed(now, () => fetchToken(vendor, endpoint ?? logins, app_id, app_secret, now()))
  const url = `${endpoint ?? pushes}/v1/${encodeURIComponent(app_id)}/messages:send`

  return batchSender({
    channel: 'huawei',
    most: 1000,
    content: ({ push }, at) => messageOf(push, environment, at),
    async ask(message, targets) {
      const body = { validate_only: false, message: { ...message, token: targets.map(({ token }) => token) } }
      const send = (token: string) => vendor.json(url, body, { authorization: `Bearer ${token}` }) as Promise<Answer>
      return verdicts(await underToken(tokens, send, ({ code }) => String(code) === tokenOver), targets)
    },
    now,
    close: () => vendor.close(),
  })
}

interface Answer {
  code?: string | number
  msg?: string
}

async function fetchToken(
  vendor: Vendor,
  origin: string,
  id: string,
  secret: string,
  now: number,
): Promise<Lasting<string>> {
  const fields = { grant_type: 'client_credentials', client_id: id, client_secret: secret }
  const answer = (await vendor.form(`${origin}/oauth2/v3/token`, fields)) as Record<string, string & number>
  const { access_token, expires_in = 3600, error = 'no token' } = answer
  if (!access_token) throw new CredentialsRefused(`Huawei gives no token: ${error}`)
  return { value: access_token, until: now + (expires_in - 60) * 1000 }
}

function messageOf(push: Push, environment: number, now: number) {
  const android = {
    ttl: `${lifeOf(push, now, 1, fifteenDays)}s`,
    urgency: push.isUrgent ? 'HIGH' : 'NORMAL',
    ...(environment === 0 && { target_user_type: 1 }),
  }
  const data = JSON.stringify(push.ext)
  return push.isSilent ? { data, android } : { android: { ...android, data, notification: notificationOf(push) } }
}

function notificationOf(push: Push) {
  const { title, body, bigText, image, badge, isQuiet } = push
  const own = blockOf(push, 'huawei')
  const intent = intentOf(own)
  return {
    title,
    body: body || bigText,
    ...(bigText && { style: 1, big_title: title, big_body: bigText }),
    ...(image && { image }),
    ...(own.channel_id && { channel_id: own.channel_id }),
    ...(isQuiet ? { importance: 'LOW' } : own.sound ? { sound: own.sound } : { default_sound: true }),
    click_action: intent ? { type: 1, intent } : { type: 3 },
    ...(badge >= 0 && { badge: { set_num: Math.min(badge, 99), ...(own.badge_class && { class: own.badge_class }) } }),
  }
}

function verdicts({ code: said = 'no code', msg = '' }: Answer, targets: readonly Target[]): Verdict | Verdict[] {
  const code = String(said)
  if (code === success) return { is: 'sent' }
  if (code !== partly) return verdictBy(huaweiReasons, code)
  const illegal = illegalTokens(msg)
  if (!illegal) return refused(code)
  return targets.map(({ token }) => (illegal.has(token) ? asDead(`${partly} illegal_tokens`) : { is: 'sent' }))
}

/** What a partial success says, as JSON in a text; undefined where it is unreadable. */
function illegalTokens(msg: string): Set<string> | undefined {
  try {
    const { illegal_tokens } = JSON.parse(msg) as { illegal_tokens?: string[] }
    return Array.isArray(illegal_tokens) ? new Set(illegal_tokens) : undefined
  } catch {
    // Nobody can tell who got it: no token is thought dead.
    return undefined
  }
}
