import type { Static } from '@sinclair/typebox'
import type { UserExport as ExportSchema } from '../../contract/rights.ts'
import { absent } from '../accounts/existence.ts'
import { entriesAbout } from '../audit/audit.ts'
import { listEvents } from '../events/events.sql.ts'
import { findAlias, listTags } from '../push/push.sql.ts'
import type { Services } from '../services.ts'
import { findSettings } from '../settings/settings.sql.ts'
import { shownSettings } from '../settings/settings.ts'
import { findBadge } from '../users/picture.sql.ts'
import {
  findWholeUser,
  listWholeBindings,
  listWholeCaptures,
  listWholeConnections,
  listWholeDevices,
  listWholeJobRows,
  listWholeReceipts,
  listWholeSessions,
} from './export.sql.ts'

export type UserExport = Static<typeof ExportSchema>

/** Entries of a list that are handed out; what has more says so. */
const most = 10_000

/** Everything that is kept about the user. docs/data-rights.md says which member comes from which table. */
export async function exportOf(
  { sql, now }: Pick<Services, 'sql' | 'now'>,
  app: string,
  id: number,
): Promise<UserExport> {
  const [user, settings, badge, alias, tags, ...lists] = await Promise.all([
    findWholeUser(sql, app, id),
    findSettings(sql, app, id),
    findBadge(sql, app, id),
    findAlias(sql, app, id),
    listTags(sql, app, id),
    listWholeDevices(sql, app, id, most + 1),
    listWholeBindings(sql, app, id, most + 1),
    listWholeSessions(sql, app, id, most + 1),
    listWholeConnections(sql, app, id, most + 1),
    listEvents(sql, app, id, most + 1),
    listWholeCaptures(sql, app, id, most + 1),
    listWholeReceipts(sql, app, id, most + 1),
    listWholeJobRows(sql, app, id, most + 1),
    entriesAbout(sql, app, id, most + 1),
  ])
  if (!user || !settings) return absent(sql, app, id)
  const cut: string[] = []
  const whole = <T>(name: string, list: T[]): T[] => {
    if (list.length > most) cut.push(name)
    return list.slice(0, most)
  }
  const [devices, bindings, sessions, connections, events, captures, receipts, jobs, audit] = lists
  const { id: _, user_id: __, push_token: ___, ...kept } = shownSettings(settings, '')
  return {
    format: 1,
    exported_at: now(),
    app_id: app,
    user: { ...user, must_change_password: user.must_change_password === 1 },
    settings: { ...kept, badge },
    alias,
    tags,
    devices: whole('devices', devices),
    bindings: whole('bindings', bindings),
    sessions: whole('sessions', sessions),
    connections: whole('connections', connections),
    events: whole('events', events).map(({ at, kind, device_sn }) => ({ at, kind, device_sn })),
    pushes_captured: whole('pushes_captured', captures),
    pushes_confirmed: whole('pushes_confirmed', receipts),
    jobs: whole('jobs', jobs).map(({ failure, ...row }) => ({ ...row, success: failure === '', reason: failure })),
    audit: whole('audit', audit),
    cut,
  }
}
