import { type Channel, channels } from '../../contract/delivery.ts'
import { fail } from '../../contract/errors.ts'
import type { App } from '../apps/apps.sql.ts'
import type { Sql } from '../storage/sql.ts'
import { cancelled, cut, findTask, type TaskRow } from './tasks.sql.ts'

const figures = channels.flatMap(channel => [`${channel}_target`, `${channel}_sent`, `${channel}_received`] as const)
type Figure = `${Channel}_${'target' | 'sent' | 'received'}`

const isFigure = (kind: string) => figures.includes(kind as Figure)

/** The figures of each channel. */
export const figuresOf = (figure: (kind: Figure) => number) =>
  Object.fromEntries(figures.map(kind => [kind, figure(kind)])) as Record<Figure, number>

/** How far a task has come, by its counts. */
export function progressOf(task: TaskRow, counts: readonly { kind: string; devices: number }[]) {
  const outcomes = counts.filter(({ kind }) => !isFigure(kind))
  const settled = outcomes.reduce((sum, { devices }) => sum + devices, 0)
  const { task_id, devices, created_at, not_before, expires_at } = task
  return {
    task_id,
    state: stateOf(task, settled),
    devices,
    settled,
    outcomes: Object.fromEntries(outcomes.map(({ kind, devices }) => [kind, devices])),
    created_at,
    not_before,
    expires_at,
  }
}

function stateOf({ state, paused, devices, cursor_user }: TaskRow, settled: number) {
  if (state === cancelled) return 'cancelled'
  if (paused) return 'paused'
  if (state === cut) return settled < devices ? 'sending' : 'done'
  return cursor_user === 0 ? 'waiting' : 'expanding'
}

export const mustFindTask = async (sql: Sql, app: Pick<App, 'app_id'>, task: number) =>
  (await findTask(sql, app.app_id, task)) ?? fail('invalid_parameter', noTask)

const noTask = { en: 'task_id is no push task of the app', zh: 'task_id 不是该应用的推送任务' }
