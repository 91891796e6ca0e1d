import type { Channel } from '../../contract/delivery.ts'
import type { Sql } from '../storage/sql.ts'
import { presentAmong } from './forgetting.ts'
import { regionOf, regionsOf } from './regions.ts'
import { addCount, insertResult, listResultsAbout } from './tasks.sql.ts'
import { sortableId } from './times.ts'

/** What became of a push on its way to one device, for good. */
export type OutcomeWord =
  | 'sent'
  | 'acknowledged'
  | 'banned'
  | 'deleted'
  | 'device_removed'
  | 'no_push'
  | 'quiet_hours'
  | 'no_binding'
  | 'dead_token'
  | 'notifier_disabled'
  | 'offline'
  | 'not_acknowledged'
  | 'refused'
  | 'gave_up'
  | 'expired'
  | 'cancelled'

export interface Outcome {
  user: number
  device: number
  /** Empty where it came to none. */
  channel: Channel | ''
  outcome: OutcomeWord
  /** The vendor's own word, or the local time of quiet hours. */
  detail: string
  /** It went over the connection first, and was not confirmed there. */
  wasUnheard?: boolean
}

const taken = new Set<OutcomeWord>(['sent', 'acknowledged', 'not_acknowledged'])

/** Counts and keeps the outcomes, inside the transaction that makes them final; of who is gone it only counts. */
export async function noteOutcomes(sql: Sql, app: string, task: number, outcomes: readonly Outcome[], now: number) {
  if (outcomes.length === 0) return
  for (const [kind, devices] of countsOf(outcomes)) await addCount(sql, app, task, kind, devices)
  const isPresent = await presentAmong(sql, app, [...new Set(outcomes.map(({ user }) => user))])
  const kept = outcomes.filter(({ user }) => isPresent(user))
  if (kept.length === 0) return
  const { first, last, region, outcomes: text } = outcomesColumns(kept)
  const result = { first_user: first, last_user: last, region, outcomes: text }
  await insertResult(sql, app, task, { ...result, result_id: sortableId(now), at: now })
}

/** The columns of a result that speak of users. */
export function outcomesColumns(outcomes: readonly Outcome[]) {
  const users = outcomes.map(({ user }) => user)
  return {
    first: Math.min(...users),
    last: Math.max(...users),
    region: regionOf(users),
    outcomes: JSON.stringify(
      outcomes.map(({ user, device, channel, outcome, detail }) => [user, device, channel, outcome, detail]),
    ),
  }
}

function countsOf(outcomes: readonly Outcome[]): Map<string, number> {
  const counts = new Map<string, number>()
  const add = (kind: string) => counts.set(kind, (counts.get(kind) ?? 0) + 1)
  for (const { channel, outcome, wasUnheard } of outcomes) {
    add(outcome)
    if (wasUnheard) {
      add('mxpush_target')
      add('mxpush_sent')
    }
    if (channel === '') continue
    add(`${channel}_target`)
    if (taken.has(outcome)) add(`${channel}_sent`)
    if (outcome === 'acknowledged') add(`${channel}_received`)
  }
  return counts
}

/** As `noteOutcomes` wrote them. */
export function readOutcomes(json: string): Outcome[] {
  const rows = JSON.parse(json) as [number, number, Channel | '', OutcomeWord, string][]
  return rows.map(([user, device, channel, outcome, detail]) => ({ user, device, channel, outcome, detail }))
}

/** What is known of a task and a user, oldest first. */
export async function outcomesAbout(sql: Sql, app: string, task: number, user: number): Promise<Told[]> {
  const rows = await listResultsAbout(sql, app, task, user, regionsOf(user))
  return rows
    .flatMap(({ at, outcomes }) => readOutcomes(outcomes).map(outcome => ({ ...outcome, at })))
    .filter(outcome => outcome.user === user)
}

/** An outcome, and when it was stored (ms). */
export interface Told extends Outcome {
  at: number
}
