import { type Channel, channels } from '../../contract/delivery.ts'
import type { App } from '../apps/apps.sql.ts'
import { providerOf } from '../apps/providers.ts'
import type { NotifierRow } from '../notifiers/notifiers.sql.ts'
import { isSilenced, quietUntil } from './eligibility.ts'
import { type Reason, reason } from './sentences.ts'
import type { Reachable, Situation } from './situation.ts'

/** What would become of a push that is sent to a device now. */
export interface Foretold {
  /** Whether it would be sent, at once or after a while. */
  isSent: boolean
  channel: Channel | ''
  notifier: string
  reasons: Reason[]
}

/** By whom a notifier's pushes go. */
export function channelOf({ provider }: Pick<NotifierRow, 'provider'>): Channel {
  const word = providerOf(provider)
  return channels.find(channel => channel === (word === 'meizu' ? 'flyme' : word)) ?? 'capture'
}

/** What holds for the user as a whole. */
export function aboutUser(app: App, situation: Situation, user: number): Reason[] {
  const { subject, time, barrier } = situation.subject(user)
  const reasons: Reason[] = []
  if (!app.push) reasons.push(reason('push_disabled'))
  if (app.frozen) reasons.push(reason('app_frozen'))
  if (barrier) reasons.push(reason(barrier.outcome, { detail: barrier.detail, until: endOf(situation, user) }))
  if (!subject || barrier) return reasons
  if (subject.no_push_detail) reasons.push(reason('details_hidden'))
  if (isSilenced(subject, time)) reasons.push(reason('silent', { detail: subject.no_sounds ? 'no_sounds' : time.text }))
  return reasons
}

function endOf(situation: Situation, user: number): number {
  const { subject, time, barrier } = situation.subject(user)
  return subject && barrier?.outcome === 'quiet_hours' ? quietUntil(subject, time.zone, situation.moment) : 0
}

export function foretell(situation: Situation, user: number, device: number, now: number): Foretold {
  const standing = situation.standing(user, device)
  if ('barrier' in standing) {
    const { outcome, detail } = standing.barrier
    return {
      isSent: false,
      channel: '',
      notifier: '',
      reasons: [reason(outcome, { detail, until: endOf(situation, user) })],
    }
  }
  const byVendor = foretellVendor(situation, standing, now)
  if (standing.nodes.length === 0) return byVendor
  return { ...byVendor, isSent: true, channel: 'mxpush', reasons: [reason('online'), ...byVendor.reasons] }
}

function foretellVendor(situation: Situation, { route, bound }: Reachable, now: number): Foretold {
  if ('none' in route) {
    const dead = route.none === 'dead_token' ? bound.find(({ dead_at }) => dead_at > 0) : undefined
    const why = reason(route.none, { detail: route.detail, ...(dead && { at: dead.dead_at }) })
    return { isSent: false, channel: '', notifier: '', reasons: [why] }
  }
  const notifier = situation.notifiers.find(({ name }) => name === route.notifier)
  const reasons =
    notifier && notifier.parked_until > now
      ? [reason('notifier_parked', { detail: notifier.parked_reason, until: notifier.parked_until })]
      : []
  return { isSent: true, channel: notifier ? channelOf(notifier) : '', notifier: route.notifier, reasons }
}
