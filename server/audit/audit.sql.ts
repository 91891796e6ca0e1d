import type { Sql } from '../storage/sql.ts'

export interface EntryRow {
  seq: number
  at: number
  actor_kind: string
  actor_id: string
  actor_name: string
  act: string
  user_id: number
  subject: string
  address: string
  details: string
  salt: string
  details_hash: string
  hash: string
}

export interface Head {
  seq: number
  at: number
  hash: string
}

/** Takes the next place in the app's trail; whoever comes meanwhile waits for the end of the transaction. */
export async function takePlace(sql: Sql, app: string, now: number): Promise<Head> {
  const [head] = await sql<Head>`
    insert into audit_heads (app_id, seq, at, hash)
    values (${app}, ${1}, ${now}, ${''})
        on conflict (app_id) do update set seq = audit_heads.seq + 1
    returning seq, at, hash`
  return head as Head
}

export const setHead = (sql: Sql, app: string, at: number, hash: string) => sql`
    update audit_heads
       set at = ${at}, hash = ${hash}
     where app_id = ${app}`

export async function findHead(sql: Sql, app: string) {
  const [head] = await sql<Head>`
    select seq, at, hash
      from audit_heads
     where app_id = ${app}`
  return head
}

export const insertEntry = (sql: Sql, app: string, entry: EntryRow) => sql`
    insert into audit_entries (app_id, seq, at, actor_kind, actor_id, actor_name, act, user_id, subject, address,
                               details, salt, details_hash, hash)
    values (${app}, ${entry.seq}, ${entry.at}, ${entry.actor_kind}, ${entry.actor_id}, ${entry.actor_name},
            ${entry.act}, ${entry.user_id}, ${entry.subject}, ${entry.address}, ${entry.details}, ${entry.salt},
            ${entry.details_hash}, ${entry.hash})`

/** What is undefined does not narrow. */
export interface Filter {
  user_id?: number | undefined
  actor_id?: string | undefined
  act?: string | undefined
}

/** The newest first, from `from` down to `to` (inclusive). */
export const listEntries = (
  sql: Sql,
  app: string,
  filter: Filter,
  from: number,
  to: number,
  size: number,
) => sql<EntryRow>`
    select seq, at, actor_kind, actor_id, actor_name, act, user_id, subject, address, details, salt, details_hash, hash
      from audit_entries
     where app_id = ${app} and seq <= ${from} and seq >= ${to}
       ${filter.user_id === undefined ? sql`` : sql`and user_id = ${filter.user_id}`}
       ${filter.actor_id === undefined ? sql`` : sql`and actor_id = ${filter.actor_id}`}
       ${filter.act === undefined ? sql`` : sql`and act = ${filter.act}`}
     order by seq desc
     limit ${size}`

/** In the order of their making. */
export const listEntriesAfter = (sql: Sql, app: string, after: number, size: number) => sql<EntryRow>`
    select seq, at, actor_kind, actor_id, actor_name, act, user_id, subject, address, details, salt, details_hash, hash
      from audit_entries
     where app_id = ${app} and seq > ${after}
     order by seq
     limit ${size}`

export async function findEntryHash(sql: Sql, app: string, seq: number) {
  const [entry] = await sql<{ hash: string }>`
    select hash
      from audit_entries
     where app_id = ${app} and seq = ${seq}`
  return entry?.hash
}

/** The last entry that was made at `at` (ms) or before; 0 where there is none. */
export async function lastUntil(sql: Sql, app: string, at: number) {
  const [entry] = await sql<{ seq: number }>`
    select seq
      from audit_entries
     where app_id = ${app} and at <= ${at}
     order by at desc, seq desc
     limit ${1}`
  return entry?.seq ?? 0
}

/** Forgets what changed about the user; that something was done to it stays, and the chain holds. */
export const eraseDetails = (sql: Sql, app: string, user: number) => sql`
    update audit_entries
       set details = ${''}, salt = ${''}
     where app_id = ${app} and user_id = ${user} and details <> ${''}`
