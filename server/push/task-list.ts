import type { Static } from '@sinclair/typebox'
import { complaints } from '../../contract/complaints.ts'
import { fail } from '../../contract/errors.ts'
import type { insight } from '../../contract/insight.ts'
import type { Sql } from '../storage/sql.ts'
import type { Audience } from './audience.ts'
import { listOf } from './audience-of-task.ts'
import type { Message } from './messages.ts'
import { progressOf } from './progress.ts'
import { listCounts, listTasksBefore, type TaskRow } from './tasks.sql.ts'

type Listed = Static<typeof insight.listTasks.result>[number]

/** Newest first; a cursor is where an earlier page ended. */
export async function listTaskPage(sql: Sql, app: string, size: number, cursor?: string) {
  const tasks = await listTasksBefore(sql, app, cursor === undefined ? undefined : readCursor(cursor), size + 1)
  const page = tasks.slice(0, size)
  const counts =
    page.length === 0
      ? []
      : await listCounts(
          sql,
          app,
          page.map(({ task_id }) => task_id),
        )
  const byTask = Map.groupBy(counts, ({ task_id }) => task_id)
  const data = page.map(task => listed(task, byTask.get(task.task_id) ?? []))
  return { data, ...(tasks.length > size && { cursor: cursorAfter(page.at(-1) as TaskRow) }) }
}

function listed(task: TaskRow, counts: { kind: string; devices: number }[]): Listed {
  const { kind, entries } = listOf(JSON.parse(task.audience) as Audience)
  const { type = 'text', title = '', body = '' } = JSON.parse(task.message) as Message
  return { ...progressOf(task, counts), audience_kind: kind, audience_size: entries.length, type, title, body }
}

const cursorAfter = ({ created_at, task_id }: TaskRow) => `t${created_at.toString(36)}-${task_id.toString(36)}`

function readCursor(cursor: string): { created_at: number; task_id: number } {
  const [, created = '', task = ''] = /^t([0-9a-z]{1,10})-([0-9a-z]{1,11})$/.exec(cursor) ?? []
  const place = { created_at: Number.parseInt(created, 36), task_id: Number.parseInt(task, 36) }
  return Number.isSafeInteger(place.created_at) && Number.isSafeInteger(place.task_id)
    ? place
    : fail('invalid_parameter', complaints.cursor('cursor'))
}
