import { hash } from 'node:crypto'
import { batchSender } from './batches.ts'
import { blockOf, intentOf, lifeOf, shortened, untilTomorrow } from './chinese.ts'
import { asDead, later, parked, type Rules, refused, verdictBy } from './reasons.ts'
import type { Push, Sender, Target, Verdict } from './sender.ts'
import type { Opened, Supplies } from './senders.ts'
import { type Lasting, Renewed } from './tokens.ts'
import { CredentialsRefused, credentialsPause, Unavailable, underToken, Vendor } from './vendor.ts'

const pushes = 'https://api.push.oppomobile.com'
const hour = 3_600_000
/** A token lives for 24 hours. */
const tokenLife = 23 * hour
const tenDays = 864_000
const [longestTitle, longestText] = [50, 200]
const tokenOver = 11

/** What OPPO's codes mean, of a request or of one device in it. */
export const oppoReasons = (now: number): Rules => ({
  '-2': later, // too fast
  '-1': later,
  '13': later,
  '55': later,
  '11': parked(credentialsPause),
  '14': parked(credentialsPause), // the app key is none
  '16': parked(credentialsPause), // the signature is wrong
  '19': parked(credentialsPause), // the clocks are apart
  '28': parked(credentialsPause), // the app may not push
  '33': parked(untilTomorrow(now)), // no more today
  '10000': asDead, // the registration id is none
})

/** OPPO PUSH: up to 1,000 messages a request, each with a text of its own. */
export function oppoSender(supplies: Supplies, { credentials }: Opened): Sender {
  const { app_key = '', master_secret = '', endpoint = pushes } = credentials
  const { now } = supplies
  const vendor = new Vendor(supplies)
  const tokens = new Renewed(now, () => fetchToken(vendor, endpoint, app_key, master_secret, now()))
  const url = `${endpoint}/server/v1/message/notification/unicast_batch`

  return batchSender({
    channel: 'oppo',
    most: 1000,
    // All go together, whatever they say, but what it has no way for is kept apart.
    content: ({ push }) => ({ isSilent: push.isSilent }),
    async ask(content, targets) {
      if ('isSilent' in content && content.isSilent) return refused('OPPO passes nothing through')
      const messages = JSON.stringify(targets.map(target => messageOf(target, now())))
      const send = (auth_token: string) => vendor.form(url, { messages }, { auth_token }) as Promise<Answer>
      return verdicts(await underToken(tokens, send, ({ code }) => code === tokenOver), targets, now())
    },
    now,
    close: () => vendor.close(),
  })
}

interface Answer {
  code?: number
  data?: { registrationId?: string; messageId?: string; errorCode?: number }[]
}

async function fetchToken(
  vendor: Vendor,
  origin: string,
  key: string,
  secret: string,
  now: number,
): Promise<Lasting<string>> {
  const sign = hash('sha256', `${key}${now}${secret}`)
  const fields = { app_key: key, timestamp: String(now), sign }
  const answer = (await vendor.form(`${origin}/server/v1/auth`, fields)) as {
    code?: number
    data?: { auth_token?: string }
  }
  const token = answer.data?.auth_token
  if (token) return { value: token, until: now + tokenLife }
  const verdict = verdictBy(oppoReasons(now), String(answer.code ?? 'no code'))
  if (verdict.is === 'later') throw new Unavailable(`OPPO gives no token: ${answer.code}`, undefined)
  throw new CredentialsRefused(`OPPO gives no token: ${answer.code ?? 'no code'}`)
}

const messageOf = ({ token, push }: Target, now: number) => ({
  target_type: 2,
  target_value: token,
  verify_registration_id: true,
  notification: notificationOf(push, now),
})

function notificationOf(push: Push, now: number) {
  const { title, body, bigText, ext } = push
  const own = blockOf(push, 'oppo')
  const intent = intentOf(own)
  return {
    style: bigText ? 2 : 1,
    title: shortened(title || body || bigText, longestTitle),
    content: shortened(bigText || body || title, longestText),
    ...(own.channel_id && { channel_id: own.channel_id }),
    ...(intent ? { click_action_type: 5, click_action_url: intent } : { click_action_type: 0 }),
    action_parameters: JSON.stringify(ext),
    off_line: true,
    off_line_ttl: lifeOf(push, now, 1, tenDays),
  }
}

function verdicts({ code, data = [] }: Answer, targets: readonly Target[], now: number): Verdict | Verdict[] {
  const rules = oppoReasons(now)
  if (code !== 0) return verdictBy(rules, String(code ?? 'no code'))
  const said = new Map(data.map(each => [each.registrationId, each.errorCode]))
  return targets.map(({ token }) => {
    const error = said.get(token)
    return error === undefined || error === 0 ? { is: 'sent' } : verdictBy(rules, String(error))
  })
}
