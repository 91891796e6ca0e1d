import { pointRead, type Sql } from '../storage/sql.ts'

export interface TokenRow {
  token_hash: string
  user_id: number
  device_sn: number
  created_at: number
  expires_at: number
  ended_at: number
}

export const findUserToken = pointRead<string, TokenRow>(
  (sql, app, hashes) => sql`
    select token_hash, user_id, device_sn, created_at, expires_at, ended_at
      from user_tokens
     where app_id = ${app} and token_hash in ${sql(hashes)}`,
  row => row.token_hash,
)

export const findAdminToken = pointRead<string, TokenRow>(
  (sql, app, hashes) => sql`
    select token_hash, 0 as user_id, 0 as device_sn, created_at, expires_at, ended_at
      from admin_tokens
     where app_id = ${app} and token_hash in ${sql(hashes)}`,
  row => row.token_hash,
)

export const insertUserToken = (
  sql: Sql,
  app: string,
  token: { hash: string; user: number; device: number; created: number; expires: number },
) => sql`
    insert into user_tokens (app_id, token_hash, user_id, device_sn, created_at, expires_at)
    values (${app}, ${token.hash}, ${token.user}, ${token.device}, ${token.created}, ${token.expires})`

/** Ends one token for good, so that no clock that goes back makes it good again. */
export const endUserToken = (sql: Sql, app: string, hash: string, now: number) => sql`
    update user_tokens
       set ended_at = ${now}
     where app_id = ${app} and token_hash = ${hash} and ended_at = ${0}`

export const endAdminToken = (sql: Sql, app: string, hash: string, now: number) => sql`
    update admin_tokens
       set ended_at = ${now}
     where app_id = ${app} and token_hash = ${hash} and ended_at = ${0}`

/** Ends the tokens of one device of the user. */
export const endTokensOfDevice = (sql: Sql, app: string, user: number, device: number, now: number) => sql`
    update user_tokens
       set ended_at = ${now}
     where app_id = ${app} and user_id = ${user} and device_sn = ${device} and ended_at = ${0}`

/** Ends the tokens of all devices of the user but one; 0 spares none. */
export const endTokensOfUser = (sql: Sql, app: string, user: number, spared: number, now: number) => sql`
    update user_tokens
       set ended_at = ${now}
     where app_id = ${app} and user_id = ${user} and device_sn <> ${spared} and ended_at = ${0}`

/** Cuts the user's tokens loose from the user; that they were ours stays known. */
export const orphanTokens = (sql: Sql, app: string, user: number) => sql`
    update user_tokens
       set user_id = ${0}, device_sn = ${0}
     where app_id = ${app} and user_id = ${user}`

export async function isTokenAlive(sql: Sql, app: string, hash: string, now: number) {
  const [row] = await sql`
    select 1 as alive
      from user_tokens
     where app_id = ${app} and token_hash = ${hash} and ended_at = ${0} and expires_at > ${now}`
  return row !== undefined
}

/**
 * The serial number of the user's device of this name, where it is signed in. The `+` keeps SQLite from walking all live
 * tokens of the app by their end, which it would prefer to the few of the user.
 */
export async function findLiveDevice(sql: Sql, app: string, user: number, guid: string, now: number) {
  const [device] = await sql<{ device_sn: number }>`
    select d.device_sn
      from devices d join user_tokens t
        on t.app_id = d.app_id and t.user_id = d.user_id and t.device_sn = d.device_sn
     where d.app_id = ${app} and d.user_id = ${user} and d.device_guid = ${guid}
       and t.ended_at = ${0} and +t.expires_at > ${now}
     limit ${1}`
  return device?.device_sn
}

/** The devices of the user that are signed in, and until when; `+` as above. */
export const listLiveSessions = (sql: Sql, app: string, user: number, now: number) =>
  sql<{ device_sn: number; expires_at: number }>`
    select device_sn, expires_at
      from user_tokens
     where app_id = ${app} and user_id = ${user} and ended_at = ${0} and +expires_at > ${now}
     order by device_sn`

/** A token of an admin or an operator, as lists show it. */
export interface ManagedRow {
  token_id: string
  name: string
  created_at: number
  expires_at: number
  ended_at: number
}

export const insertAdminToken = (sql: Sql, app: string, hash: string, token: Omit<ManagedRow, 'ended_at'>) => sql`
    insert into admin_tokens (app_id, token_hash, token_id, name, created_at, expires_at)
    values (${app}, ${hash}, ${token.token_id}, ${token.name}, ${token.created_at}, ${token.expires_at})`

/** The newest first, after the one that was made at `at` (ms) with this id. */
export const pageAdminTokens = (sql: Sql, app: string, at: number, id: string, size: number) => sql<ManagedRow>`
    select token_id, name, created_at, expires_at, ended_at
      from admin_tokens
     where app_id = ${app} and created_at <= ${at} and (created_at < ${at} or token_id < ${id})
     order by created_at desc, token_id desc
     limit ${size}`

export const listAdminTokens = (sql: Sql, app: string) => sql<ManagedRow>`
    select token_id, name, created_at, expires_at, ended_at
      from admin_tokens
     where app_id = ${app}
     order by created_at, token_id`

export async function findAdmin(sql: Sql, app: string, hash: string) {
  const [admin] = await sql<ManagedRow>`
    select token_id, name, created_at, expires_at, ended_at
      from admin_tokens
     where app_id = ${app} and token_hash = ${hash}`
  return admin
}

/** Returns false when the app has no such token that is still good. */
export async function endAdminTokenById(sql: Sql, app: string, id: string, now: number) {
  const ended = await sql`
    update admin_tokens
       set ended_at = ${now}
     where app_id = ${app} and token_id = ${id} and ended_at = ${0}
    returning token_id`
  return ended.length === 1
}

/** Forgets up to 500 tokens that ran out before `then`; returns how many. */
export async function purgeTokens(sql: Sql, app: string, then: number) {
  const gone = await sql`
    delete from user_tokens
     where app_id = ${app} and token_hash in
           (select token_hash from user_tokens where app_id = ${app} and expires_at < ${then} limit ${500})
    returning token_hash`
  return gone.length
}

export const moveToken = (sql: Sql, app: string, hash: string, device: number) => sql`
    update user_tokens
       set device_sn = ${device}
     where app_id = ${app} and token_hash = ${hash}`
