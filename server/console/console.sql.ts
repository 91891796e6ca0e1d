import type { Sql } from '../storage/sql.ts'

/** A browser that is signed in. `app_id` is empty where an operator is. */
export interface ConsoleRow {
  session_hash: string
  session_id: string
  app_id: string
  token_hash: string
  created_at: number
  seen_at: number
  confirmed_at: number
  address: string
  user_agent: string
}

export const insertConsoleSession = (sql: Sql, row: ConsoleRow) => sql`
    insert into console_sessions (session_hash, session_id, app_id, token_hash, created_at, seen_at, confirmed_at,
                                  address, user_agent)
    values (${row.session_hash}, ${row.session_id}, ${row.app_id}, ${row.token_hash}, ${row.created_at},
            ${row.seen_at}, ${row.confirmed_at}, ${row.address}, ${row.user_agent})`

export async function findConsoleSession(sql: Sql, hash: string) {
  const [row] = await sql<ConsoleRow>`
    select session_hash, session_id, app_id, token_hash, created_at, seen_at, confirmed_at, address, user_agent
      from console_sessions
     where session_hash = ${hash}`
  return row
}

/** Of one token; the newest first. */
export const listConsoleSessions = (sql: Sql, app: string, token: string, size: number) => sql<ConsoleRow>`
    select session_hash, session_id, app_id, token_hash, created_at, seen_at, confirmed_at, address, user_agent
      from console_sessions
     where app_id = ${app} and token_hash = ${token}
     order by created_at desc, session_id
     limit ${size}`

/** Never back: calls of one page overtake each other. */
export const touchConsoleSession = (sql: Sql, hash: string, now: number) => sql`
    update console_sessions
       set seen_at = ${now}
     where session_hash = ${hash} and seen_at < ${now}`

export const confirmConsoleSession = (sql: Sql, hash: string, now: number) => sql`
    update console_sessions
       set confirmed_at = ${now}, seen_at = ${now}
     where session_hash = ${hash}
    returning session_hash`

export const deleteConsoleSession = (sql: Sql, hash: string) => sql`
    delete from console_sessions
     where session_hash = ${hash}
    returning session_hash`

/** Returns whether the token had such a session. */
export async function deleteConsoleSessionOf(sql: Sql, app: string, token: string, id: string) {
  const gone = await sql`
    delete from console_sessions
     where app_id = ${app} and token_hash = ${token} and session_id = ${id}
    returning session_id`
  return gone.length === 1
}

/** Forgets up to 500 sessions that were opened at `then` or before (ms); returns how many. */
export async function purgeConsoleSessions(sql: Sql, then: number) {
  const gone = await sql`
    delete from console_sessions
     where session_hash in
           (select session_hash from console_sessions where created_at <= ${then} order by created_at limit ${500})
    returning session_hash`
  return gone.length
}
