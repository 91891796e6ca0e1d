import type { App } from '../apps/apps.sql.ts'
import type { Services } from '../services.ts'
import type { Sql } from '../storage/sql.ts'
import { type Outcome, outcomesAbout } from './outcomes.ts'
import { mustFindTask } from './progress.ts'
import { insertReceipt, listUncounted, markCounted } from './receipts.sql.ts'
import { addCount } from './tasks.sql.ts'

/** Keeps that the push arrived, and counts it for the channel that brought it. Fails where there is no such task. */
export function receive({ sql, now }: Pick<Services, 'sql' | 'now'>, { app_id }: App, receipt: Received) {
  return sql.begin(async sql => {
    const { task, user, device } = receipt
    await mustFindTask(sql, { app_id }, task)
    if (!(await insertReceipt(sql, app_id, { ...receipt, now: now() }))) return
    const outcomes = await outcomesAbout(sql, app_id, task, user)
    for (const outcome of outcomes.filter(each => each.device === device)) await count(sql, app_id, task, outcome)
  })
}

interface Received {
  task: number
  user: number
  device: number
}

/** What was received before its outcome was stored is counted with it, in the same transaction. */
export async function countReceived(sql: Sql, app: string, task: number, outcomes: readonly Outcome[]) {
  const sent = new Map(outcomes.filter(isSent).map(each => [`${each.user} ${each.device}`, each]))
  if (sent.size === 0) return
  const users = outcomes.map(({ user }) => user)
  for (const { user_id, device_sn } of await listUncounted(sql, app, task, Math.min(...users), Math.max(...users))) {
    const outcome = sent.get(`${user_id} ${device_sn}`)
    if (outcome) await count(sql, app, task, outcome)
  }
}

const isSent = ({ outcome, channel }: Outcome) => outcome === 'sent' && channel !== ''

async function count(sql: Sql, app: string, task: number, outcome: Outcome) {
  const { user, device, channel } = outcome
  if (isSent(outcome) && (await markCounted(sql, app, task, user, device)))
    await addCount(sql, app, task, `${channel}_received`, 1)
}
