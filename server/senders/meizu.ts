import { hash } from 'node:crypto'
import { batchSender } from './batches.ts'
import { blockOf, intentOf, lifeOf, shortened, untilTomorrow } from './chinese.ts'
import { asDead, later, parked, type Rules, refused, verdictBy } from './reasons.ts'
import type { Push, Sender, Target, Verdict } from './sender.ts'
import type { Opened, Supplies } from './senders.ts'
import { credentialsPause, Vendor } from './vendor.ts'

const pushes = 'https://server-api-push.meizu.com'
const path = '/garcia/api/server/push/varnished/pushByPushId'
const threeDays = 259_200
const [longestTitle, longestText] = [32, 100]
const [toActivity, toApp] = [1, 0]

/** What Meizu's codes mean, of a request or of one device in it. */
export const meizuReasons = (now: number): Rules => ({
  '500': later,
  '1001': later, // an error of theirs
  '110010': later, // too fast
  '1006': parked(credentialsPause), // the signature is wrong
  '110000': parked(credentialsPause), // the app is none
  '110001': parked(credentialsPause),
  '110019': parked(untilTomorrow(now)), // no more today
  '110002': asDead, // unregistered
  '110003': asDead, // no push id
})

/** Flyme push: one text for up to 100 devices; each request is signed. */
export function meizuSender(supplies: Supplies, { credentials }: Opened): Sender {
  const { app_id = '', app_secret = '', endpoint = pushes } = credentials
  const { now } = supplies
  const vendor = new Vendor(supplies)

  return batchSender({
    channel: 'flyme',
    most: 100,
    content: ({ push }, at) => messageOf(push, at),
    async ask(content, targets) {
      const { isSilent, ...message } = content as ReturnType<typeof messageOf>
      if (isSilent) return refused('Meizu passes nothing through')
      const pushIds = targets.map(({ token }) => token).join(',')
      const fields = { appId: app_id, pushIds, messageJson: JSON.stringify(message) }
      const answer = await vendor.form(`${endpoint}${path}`, { ...fields, sign: signed(fields, app_secret) })
      return verdicts(answer as Answer, targets, now())
    },
    now,
    close: () => vendor.close(),
  })
}

interface Answer {
  code?: string | number
  value?: Record<string, string[]>
}

/** All fields in the order of their names, then the secret. */
const signed = (fields: Record<string, string>, secret: string) =>
  hash(
    'md5',
    Object.keys(fields)
      .sort()
      .map(name => `${name}=${fields[name]}`)
      .join('') + secret,
  )

function messageOf(push: Push, now: number) {
  const { isSilent, isQuiet, title, body, bigText, ext } = push
  const intent = intentOf(blockOf(push, 'flyme'))
  const sounds = isQuiet ? 0 : 1
  return {
    isSilent,
    noticeBarInfo: {
      title: shortened(title || body || bigText, longestTitle),
      content: shortened(body || bigText || title, longestText),
    },
    noticeExpandInfo: bigText ? { noticeExpandType: 1, noticeExpandContent: bigText } : { noticeExpandType: 0 },
    clickTypeInfo: {
      clickType: intent ? toActivity : toApp,
      ...(intent && { activity: intent }),
      parameters: ext,
    },
    pushTimeInfo: { offLine: 1, validTime: Math.ceil(lifeOf(push, now, 1, threeDays) / 3600) },
    advanceInfo: { clearNoticeBar: 1, notificationType: { vibrate: sounds, lights: 1, sound: sounds } },
  }
}

function verdicts({ code, value = {} }: Answer, targets: readonly Target[], now: number): Verdict | Verdict[] {
  const rules = meizuReasons(now)
  if (String(code) !== '200') return verdictBy(rules, String(code ?? 'no code'))
  const said = new Map(Object.entries(value).flatMap(([reason, ids]) => ids.map(id => [id, reason] as const)))
  return targets.map(({ token }) => {
    const reason = said.get(token)
    return reason === undefined ? { is: 'sent' } : verdictBy(rules, reason)
  })
}
