import { randomBytes } from 'node:crypto'
import type { EndingKind } from '../bus/announcements.ts'
import type { Sql } from '../storage/sql.ts'

/** Notes what ended sessions of the user; device 0 means all. */
export const insertEvent = (sql: Sql, app: string, user: number, device: number, kind: EndingKind, now: number) => sql`
    insert into events (app_id, event_id, user_id, device_sn, kind, at)
    values (${app}, ${newEventId(now)}, ${user}, ${device}, ${kind}, ${now})`

export const listEvents = (sql: Sql, app: string, user: number, most: number) =>
  sql<{ kind: EndingKind; device_sn: number; at: number }>`
    select kind, device_sn, at
      from events
     where app_id = ${app} and user_id = ${user}
     order by event_id desc
     limit ${most}`

export const eraseEvents = (sql: Sql, app: string, user: number) => sql`
    delete from events
     where app_id = ${app} and user_id = ${user}`

/** Forgets up to 500 events from before `then`; returns how many. */
export async function purgeEvents(sql: Sql, app: string, then: number) {
  const gone = await sql`
    delete from events
     where app_id = ${app} and event_id in
           (select event_id from events where app_id = ${app} and event_id < ${sortable(then)} limit ${500})
    returning event_id`
  return gone.length
}

const sortable = (ms: number) => ms.toString(36).padStart(9, '0')
const newEventId = (now: number) => sortable(now) + randomBytes(9).toString('hex')

/** What last ended a session of the device. */
export async function latestEvent(sql: Sql, app: string, user: number, device: number) {
  const [event] = await sql<{ kind: EndingKind }>`
    select kind
      from events
     where app_id = ${app} and user_id = ${user} and (device_sn = ${device} or device_sn = ${0})
     order by event_id desc
     limit ${1}`
  return event?.kind
}
