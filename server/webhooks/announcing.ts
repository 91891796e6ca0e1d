import type { EventType } from '../../contract/webhooks.ts'
import type { EndingKind } from '../bus/announcements.ts'
import { sortableId } from '../push/times.ts'
import type { Sql } from '../storage/sql.ts'
import { insertEventFor, insertEventForAll } from './events.sql.ts'

/** Ids and names of fields: whoever wants the values asks for them, as whoever it may be. */
export interface Told {
  user_id?: number
  /** 0: all of them. */
  device_sn?: number
  fields?: string[]
}

/** Writes what happened for the app's webhooks, in the transaction in which it happens. */
export const announce = (sql: Sql, app: string, type: EventType, data: Told, now: number) => {
  const payload = JSON.stringify({ type, timestamp: new Date(now).toISOString(), data: { app_id: app, ...data } })
  return insertEventForAll(sql, app, { id: sortableId(now), type, user: data.user_id ?? 0, payload, at: now })
}

/** For one webhook alone; returns the event's id. */
export async function announceTest(sql: Sql, app: string, webhook: number, now: number): Promise<string> {
  const [id, type] = [sortableId(now), 'webhook.test']
  const payload = JSON.stringify({ type, timestamp: new Date(now).toISOString(), data: { app_id: app } })
  await insertEventFor(sql, app, webhook, { id, type, payload, at: now })
  return id
}

/** What ended sessions, as webhooks call it. */
export const typeOfEnding: Record<EndingKind, EventType> = {
  kicked: 'device.kicked',
  removed: 'device.removed',
  evicted: 'device.evicted',
  replaced: 'device.replaced',
  password_changed: 'user.password_changed',
  disabled: 'user.banned',
  deleted: 'user.deleted',
}
