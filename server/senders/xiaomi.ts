import { batchSender } from './batches.ts'
import { blockOf, intentOf, lifeOf, shortened, untilTomorrow } from './chinese.ts'
import { asDead, later, parked, type Rules, refused, verdictBy } from './reasons.ts'
import type { Push, Sender, Target, Verdict } from './sender.ts'
import type { Opened, Supplies } from './senders.ts'
import { credentialsPause, Vendor } from './vendor.ts'

const pushes = 'https://api.xmpush.xiaomi.com'
const twoWeeks = 1_209_600
/** Characters that are shown. */
const [longestTitle, longestText] = [49, 127]

/** What Xiaomi's codes mean. Dead tokens are named beside a success, and by no code. */
export const xiaomiReasons = (now: number): Rules => ({
  '10001': later, // an error of theirs
  '10002': later,
  '10003': later,
  '10009': later, // busy
  '10022': later, // too many calls from this address
  '10023': later,
  '10004': parked(credentialsPause), // not from this address
  '10026': parked(credentialsPause),
  '21301': parked(credentialsPause), // the secret is wrong
  '22000': parked(credentialsPause),
  '22004': parked(credentialsPause), // the package is another app's
  '22005': parked(credentialsPause),
  '200001': parked(untilTomorrow(now)), // no more today
  '10017': refused,
  '20301': refused, // no target is good: said of all at once, which is no evidence on one
})

/** Mi Push: one text for up to 1,000 devices, under the app's secret. */
export function xiaomiSender(supplies: Supplies, { credentials }: Opened): Sender {
  const { app_secret = '', package_name = '', endpoint = pushes } = credentials
  const { now } = supplies
  const vendor = new Vendor(supplies)

  return batchSender({
    channel: 'xiaomi',
    most: 1000,
    content: ({ push }, at) => fieldsOf(push, at),
    async ask(fields, targets) {
      const registration_id = targets.map(({ token }) => token).join(',')
      const form = { ...(fields as Record<string, string>), registration_id, restricted_package_name: package_name }
      const answer = await vendor.form(`${endpoint}/v3/message/regid`, form, { authorization: `key=${app_secret}` })
      return verdicts(answer as Answer, targets, now())
    },
    now,
    close: () => vendor.close(),
  })
}

interface Answer {
  result?: string
  code?: number
  data?: { bad_regids?: string }
}

function fieldsOf(push: Push, now: number): Record<string, string> {
  const { isSilent, isQuiet, title, body, bigText, ext } = push
  const own = blockOf(push, 'xiaomi')
  const intent = intentOf(own)
  return {
    title: shortened(title || body || bigText, longestTitle),
    description: shortened(body || bigText || title, longestText),
    payload: JSON.stringify(ext),
    pass_through: isSilent ? '1' : '0',
    notify_type: isQuiet ? '4' : '-1',
    time_to_live: String(lifeOf(push, now, 1, twoWeeks) * 1000),
    'extra.notify_effect': intent ? '2' : '1',
    ...(intent && { 'extra.intent_uri': intent }),
    ...(own.channel_id && { 'extra.channel_id': own.channel_id }),
    ...(own.sound && !isQuiet && { 'extra.sound_uri': own.sound }),
    ...(bigText && { 'extra.notification_style_type': '1' }),
  }
}

function verdicts({ result, code, data }: Answer, targets: readonly Target[], now: number): Verdict | Verdict[] {
  if (result !== 'ok' || code !== 0) return verdictBy(xiaomiReasons(now), String(code ?? result ?? 'no code'))
  const bad = new Set((data?.bad_regids ?? '').split(',').filter(id => id !== ''))
  return targets.map(({ token }) => (bad.has(token) ? asDead('bad_regids') : { is: 'sent' }))
}
