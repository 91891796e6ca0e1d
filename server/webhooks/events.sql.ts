import type { Sql } from '../storage/sql.ts'

export interface EventRow {
  app_id: string
  webhook_id: number
  event_id: string
  type: string
  payload: string
  state: number
  attempts: number
  due_at: number
  at: number
  status: number
  error: string
}

export const [due, delivered, givenUp] = [0, 1, 2]

/** One row for each webhook of the app that is told of the type; none where there is none. */
export const insertEventForAll = (
  sql: Sql,
  app: string,
  event: { id: string; type: string; user: number; payload: string; at: number },
) => sql`
    insert into webhook_events (app_id, webhook_id, event_id, type, user_id, payload, due_at, at)
    select app_id, webhook_id, cast(${event.id} as text), cast(${event.type} as text), cast(${event.user} as bigint),
           cast(${event.payload} as text), cast(${event.at} as bigint), cast(${event.at} as bigint)
      from webhooks
     where app_id = ${app} and disabled = 0 and (events = '[]' or events like ${`%"${event.type}"%`})`

/** For one webhook, whatever it is told of. */
export const insertEventFor = (
  sql: Sql,
  app: string,
  webhook: number,
  event: { id: string; type: string; payload: string; at: number },
) => sql`
    insert into webhook_events (app_id, webhook_id, event_id, type, user_id, payload, due_at, at)
    values (${app}, ${webhook}, ${event.id}, ${event.type}, ${0}, ${event.payload}, ${event.at}, ${event.at})`

/** Of all apps: events that are due, but for those of the webhooks named. */
export const listDueEvents = (sql: Sql, now: number, busy: readonly number[], most: number) =>
  sql<{ app_id: string; webhook_id: number; event_id: string }>`
    select app_id, webhook_id, event_id
      from webhook_events
     where state = 0 and due_at <= ${now} and webhook_id not in ${sql(busy)}
     order by due_at
     limit ${most}`

/** Until `until` (ms) nobody else sends it. Undefined where somebody was faster. */
export async function claimEvent(
  sql: Sql,
  app: string,
  webhook: number,
  event: string,
  claim: { by: string; now: number; until: number },
) {
  const [claimed] = await sql<EventRow>`
    update webhook_events
       set claim = ${claim.by}, due_at = ${claim.until}
     where app_id = ${app} and webhook_id = ${webhook} and event_id = ${event} and state = 0 and due_at <= ${claim.now}
    returning app_id, webhook_id, event_id, type, payload, state, attempts, due_at, at, status, error`
  return claimed
}

/** Changes nothing where the claim was lost. */
export const settleEvent = (sql: Sql, event: EventRow, claim: string) => sql`
    update webhook_events
       set state = ${event.state}, attempts = ${event.attempts}, claim = ${''}, due_at = ${event.due_at},
           status = ${event.status}, error = ${event.error}
     where app_id = ${event.app_id} and webhook_id = ${event.webhook_id} and event_id = ${event.event_id}
       and claim = ${claim}`

/** The newest first, those before `before` (an event's id; empty: all). */
export const listEventsOf = (sql: Sql, app: string, webhook: number, before: string, most: number) => sql<EventRow>`
    select app_id, webhook_id, event_id, type, payload, state, attempts, due_at, at, status, error
      from webhook_events
     where app_id = ${app} and webhook_id = ${webhook} and (event_id < ${before} or ${before} = '')
     order by event_id desc
     limit ${most}`

/** Due once more, from the beginning: one event, whatever became of it. */
export const replayEvent = (sql: Sql, app: string, webhook: number, event: string, now: number) => sql`
    update webhook_events
       set state = 0, attempts = 0, claim = ${''}, due_at = ${now}
     where app_id = ${app} and webhook_id = ${webhook} and event_id = ${event}
    returning event_id`

/** Likewise, up to `most` that were not delivered, from `since` (ms) on. */
export const replayFailed = (sql: Sql, app: string, webhook: number, since: number, now: number, most: number) => sql`
    update webhook_events
       set state = 0, attempts = 0, claim = ${''}, due_at = ${now}
     where app_id = ${app} and webhook_id = ${webhook} and event_id in
           (select event_id
              from webhook_events
             where app_id = ${app} and webhook_id = ${webhook} and state <> 1 and at >= ${since}
             order by event_id
             limit ${most})
    returning event_id`

/** What was about the user, but for the word of its deletion. */
export const eraseEventsAbout = (sql: Sql, app: string, user: number) => sql`
    delete from webhook_events
     where app_id = ${app} and user_id = ${user} and type <> 'user.deleted'`

/** Forgets up to 500 events from before `then` (ms); returns how many. */
export async function purgeWebhookEvents(sql: Sql, app: string, then: number) {
  const gone = await sql`
    delete from webhook_events
     where app_id = ${app} and (webhook_id, event_id) in
           (select webhook_id, event_id from webhook_events where app_id = ${app} and at < ${then} limit ${500})
    returning event_id`
  return gone.length
}
