import type { Static } from '@sinclair/typebox'
import type { insight } from '../../contract/insight.ts'
import type { App } from '../apps/apps.sql.ts'
import { findNotifierRow } from '../notifiers/notifiers.sql.ts'
import type { Services } from '../services.ts'
import { meantDevices } from './audience-of-task.ts'
import { namedIn } from './devices-of-job.ts'
import { foretell } from './foretelling.ts'
import { listJobsAbout } from './jobs.sql.ts'
import type { Setting } from './messages.ts'
import { outcomesAbout, type Told } from './outcomes.ts'
import { listReceipts } from './receipts.sql.ts'
import { regionsOf } from './regions.ts'
import { type Reason, reason } from './sentences.ts'
import { Situation } from './situation.ts'
import { cancelled, cutting, type TaskRow } from './tasks.sql.ts'

export type DeviceReport = Static<typeof insight.explainPush.result>['devices'][number]

type Needs = Pick<Services, 'sql' | 'now'>

/** Of a push that is sent now: what each of the user's devices would get. */
export function foretellDevices(situation: Situation, user: number, now: number): DeviceReport[] {
  return [...situation.devices].map(({ device_sn, platform }) => {
    const { isSent, channel, notifier, reasons } = foretell(situation, user, device_sn, now)
    const state = isSent ? 'would_be_sent' : 'would_not_be_sent'
    return { device_sn, platform, state, channel, notifier_name: notifier, reasons }
  })
}

/** Of a task: what became of it on each of the user's devices, those that are gone too. */
export async function explainDevices(services: Needs, app: App, task: TaskRow, user: number): Promise<DeviceReport[]> {
  const { sql, now } = services
  const [situation, outcomes, waiting, receipts, isMeant] = await Promise.all([
    Situation.of(services, app, JSON.parse(task.setting) as Setting, [user]),
    outcomesAbout(sql, app.app_id, task.task_id, user),
    waitingAbout(services, task, user),
    listReceipts(sql, app.app_id, task.task_id, user),
    meantDevices(sql, task, user),
  ])
  const settled = new Map(outcomes.map(outcome => [outcome.device, outcome]))
  const platforms = new Map([...situation.devices].map(({ device_sn, platform }) => [device_sn, platform]))
  const all = new Set([...platforms.keys(), ...settled.keys(), ...waiting.keys()])
  const received = new Map(receipts.map(({ device_sn, at }) => [device_sn, at]))
  return [...all]
    .sort((a, b) => a - b)
    .map(device => {
      const of = { device_sn: device, platform: platforms.get(device) ?? 0 }
      const outcome = settled.get(device)
      if (outcome) return { ...of, ...told(outcome, received.get(device)) }
      const job = waiting.get(device)
      if (job) {
        const later = foretell(situation, user, device, now())
        const reasons = [...job.reasons, ...later.reasons.filter(({ code }) => code !== job.reasons[0]?.code)]
        return { ...of, state: 'waiting', channel: later.channel, notifier_name: job.route, reasons }
      }
      return { ...of, channel: '', notifier_name: '', ...notCut(task, isMeant(device), user, now()) }
    })
}

/** Neither settled nor in a job. */
function notCut(task: TaskRow, isMeant: boolean, user: number, now: number): Pick<DeviceReport, 'state' | 'reasons'> {
  if (!isMeant || (task.state !== cancelled && (task.state !== cutting || user <= task.cursor_user)))
    return { state: 'not_meant', reasons: [reason('not_in_audience')] }
  if (task.state === cancelled) return { state: 'not_sent', reasons: [reason('cancelled')] }
  return { state: 'waiting', reasons: [whyNotYet(task, now) ?? reason('expanding')] }
}

function whyNotYet({ paused, not_before }: TaskRow, now: number): Reason | undefined {
  if (paused) return reason('paused')
  if (not_before > now) return reason('not_yet', { until: not_before })
  return undefined
}

function told(
  { channel, outcome, detail, at }: Told,
  receivedAt?: number,
): Omit<DeviceReport, 'device_sn' | 'platform'> {
  const why = reason(outcome, { detail, at })
  const isReceived = outcome === 'acknowledged' || receivedAt !== undefined
  const reasons = receivedAt === undefined ? [why] : [reason('received', { at: receivedAt }), why]
  const state = isReceived ? 'received' : outcome === 'sent' ? 'sent' : 'not_sent'
  return { state, channel, notifier_name: '', reasons }
}

interface Waiting {
  route: string
  reasons: Reason[]
}

/** Why each device that is in a job waits. */
async function waitingAbout({ sql, now }: Needs, task: TaskRow, user: number): Promise<Map<number, Waiting>> {
  const { app_id, task_id } = task
  const found = new Map<number, Waiting>()
  for (const job of await listJobsAbout(sql, app_id, task_id, regionsOf(user))) {
    const { route, attempt, claim, due_at } = job
    const devices = namedIn(job).filter(named => named.user === user)
    if (devices.length === 0) continue
    const notifier = await findNotifierRow(sql, app_id, route)
    const { parked_until = 0, parked_reason = '' } = notifier ?? {}
    const why =
      claim !== ''
        ? reason('being_sent')
        : (whyNotYet(task, now()) ??
          (parked_until > now()
            ? reason('notifier_parked', { detail: parked_reason, until: parked_until })
            : attempt > 0
              ? reason('retry', { detail: job.reason, until: due_at })
              : reason('queued')))
    for (const { device } of devices) found.set(device, { route, reasons: [why] })
  }
  return found
}
