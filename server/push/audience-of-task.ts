import type { Sql } from '../storage/sql.ts'
import { listByPushToken } from './audience.sql.ts'
import type { Audience } from './audience.ts'
import { findAlias, listTags } from './push.sql.ts'
import type { TaskRow } from './tasks.sql.ts'

/** Which list it is, and its entries as text. */
export function listOf(audience: Audience): { kind: string; entries: string[] } {
  if (audience === 'all') return { kind: 'all', entries: [] }
  const [kind = '', entries = []] = Object.entries(audience)[0] ?? []
  return { kind, entries: entries.map(String) }
}

/** Whom of the user's devices the task is meant for, as far as that can still be said. */
export async function meantDevices(
  sql: Sql,
  task: Pick<TaskRow, 'app_id' | 'audience' | 'last_user'>,
  user: number,
): Promise<(device: number) => boolean> {
  const { app_id, last_user } = task
  const { kind, entries } = listOf(JSON.parse(task.audience) as Audience)
  const listed = new Set(entries)
  if (kind === 'push_token') {
    const found = await listByPushToken(sql, app_id, entries)
    return device => found.some(({ user_id, device_sn }) => user_id === user && device_sn === device)
  }
  const isMeant =
    kind === 'all'
      ? user <= last_user
      : kind === 'user_id'
        ? listed.has(String(user))
        : kind === 'alias'
          ? listed.has(await findAlias(sql, app_id, user))
          : (await listTags(sql, app_id, user)).some(tag => listed.has(tag))
  return () => isMeant
}
