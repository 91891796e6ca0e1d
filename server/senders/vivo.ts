import { hash } from 'node:crypto'
import { batchSender } from './batches.ts'
import { blockOf, intentOf, lifeOf, shortened, untilTomorrow } from './chinese.ts'
import { asDead, later, parked, type Rules, refused, verdictBy } from './reasons.ts'
import type { Push, Sender, Target, Verdict } from './sender.ts'
import type { Opened, Supplies } from './senders.ts'
import { type Lasting, Renewed } from './tokens.ts'
import { CredentialsRefused, credentialsPause, Unavailable, underToken, Vendor } from './vendor.ts'

const pushes = 'https://api-push.vivo.com.cn'
const hour = 3_600_000
/** A token lives for 24 hours, and may be asked for ten times a second by all nodes together. */
const tokenLife = 2 * hour
const week = 604_800
const [longestTitle, longestText] = [20, 50]
const tokenOver = 10_000

/** What vivo's codes mean, of a request. */
export const vivoReasons = (now: number): Rules => ({
  '10000': parked(credentialsPause),
  '10070': parked(untilTomorrow(now)), // no more today
  '10252': parked(untilTomorrow(now)), // going on would lower the quota
  '10254': parked(untilTomorrow(now)),
  '10071': later, // not at this hour
  '10302': asDead, // the registration id is none
  '10085': refused, // the content
  '10104': refused,
})

/** Of one device: it does not exist. What else is said of a device may pass. */
const noSuchDevice = 1

/** vivo Push: one device at a time, or one text that is kept and then sent to as many as 1,000. */
export function vivoSender(supplies: Supplies, { credentials }: Opened): Sender {
  const { endpoint = pushes } = credentials
  const { now } = supplies
  const vendor = new Vendor(supplies)
  const tokens = new Renewed(now, () => fetchToken(vendor, endpoint, credentials, now()))
  const call = (path: string, body: object) =>
    underToken(
      tokens,
      authToken => vendor.json(`${endpoint}${path}`, body, { authToken }) as Promise<Answer>,
      ({ result }) => result === tokenOver,
    )

  return batchSender({
    channel: 'vivo',
    most: 1000,
    content: ({ task, push }, at) => messageOf(task, push, at),
    async ask(content, targets) {
      const { isSilent, ...message } = content as ReturnType<typeof messageOf>
      if (isSilent) return refused('vivo passes nothing through')
      const [only, another] = targets.map(({ token }) => token)
      if (only !== undefined && another === undefined)
        return verdicts(await call('/message/send', { ...message, regId: only }), targets, now())
      const kept = await call('/message/saveListPayload', message)
      if (kept.result !== 0) return verdicts(kept, targets, now())
      const { requestId, pushMode } = message
      const regIds = targets.map(({ token }) => token)
      const answer = await call('/message/pushToList', { regIds, taskId: kept.taskId, requestId, pushMode })
      return verdicts(answer, targets, now())
    },
    now,
    close: () => vendor.close(),
  })
}

interface Answer {
  result?: number
  taskId?: string
  invalidUser?: Invalid
  invalidUsers?: Invalid[]
}

interface Invalid {
  status?: number
  userid?: string
}

async function fetchToken(
  vendor: Vendor,
  origin: string,
  { app_id = '', app_key = '', app_secret = '' }: Opened['credentials'],
  now: number,
): Promise<Lasting<string>> {
  const sign = hash('md5', `${app_id}${app_key}${now}${app_secret}`)
  const body = { appId: app_id, appKey: app_key, timestamp: now, sign }
  const { result, authToken } = (await vendor.json(`${origin}/message/auth`, body)) as {
    result?: number
    authToken?: string
  }
  if (authToken) return { value: authToken, until: now + tokenLife }
  const why = `vivo gives no token: ${result ?? 'no code'}`
  if (verdictBy(vivoReasons(now), String(result)).is === 'later') throw new Unavailable(why, undefined)
  throw new CredentialsRefused(why)
}

function messageOf(task: number, push: Push, now: number) {
  const { isSilent, isQuiet, title, body, bigText, ext } = push
  const own = blockOf(push, 'vivo')
  const intent = intentOf(own)
  return {
    isSilent,
    title: shortened(title || body || bigText, longestTitle),
    content: shortened(body || bigText || title, longestText),
    notifyType: isQuiet ? 1 : 4,
    timeToLive: lifeOf(push, now, 60, week),
    skipType: intent ? 4 : 1,
    ...(intent && { skipContent: intent }),
    networkType: -1,
    classification: own.classification ?? 0,
    pushMode: own.push_mode ?? 0,
    clientCustomMap: { task_id: String(task), ext: JSON.stringify(ext) },
    requestId: `task-${task}`,
  }
}

function verdicts(
  { result, invalidUser, invalidUsers = [] }: Answer,
  targets: readonly Target[],
  now: number,
): Verdict | Verdict[] {
  if (result !== 0) return verdictBy(vivoReasons(now), String(result ?? 'no code'))
  const said = new Map([...invalidUsers, ...(invalidUser ? [invalidUser] : [])].map(each => [each.userid, each.status]))
  return targets.map(({ token }) => {
    const status = said.get(token)
    if (status === undefined) return { is: 'sent' }
    return (status === noSuchDevice ? asDead : refused)(`invalid user ${status}`)
  })
}
