import { pointRead, type Sql } from '../storage/sql.ts'
import type { ManagedRow, TokenRow } from './tokens.sql.ts'

/** Operators belong to no app, so their tokens have none. */
export const findOperatorToken = pointRead<string, TokenRow>(
  (sql, _, hashes) => sql`
    select token_hash, 0 as user_id, 0 as device_sn, created_at, expires_at, ended_at
      from operator_tokens
     where token_hash in ${sql(hashes)}`,
  row => row.token_hash,
)

export const insertOperatorToken = (sql: Sql, hash: string, token: Omit<ManagedRow, 'ended_at'>) => sql`
    insert into operator_tokens (token_hash, token_id, name, created_at, expires_at)
    values (${hash}, ${token.token_id}, ${token.name}, ${token.created_at}, ${token.expires_at})`

export const endOperatorToken = (sql: Sql, _: string, hash: string, now: number) => sql`
    update operator_tokens
       set ended_at = ${now}
     where token_hash = ${hash} and ended_at = ${0}`

/** Returns false where there is no such token that is still good. */
export async function endOperatorTokenById(sql: Sql, id: string, now: number) {
  const ended = await sql`
    update operator_tokens
       set ended_at = ${now}
     where token_id = ${id} and ended_at = ${0}
    returning token_id`
  return ended.length === 1
}

/** The newest first, after the one that was made at `at` (ms) with this id. */
export const listOperatorTokens = (sql: Sql, at: number, id: string, size: number) => sql<ManagedRow>`
    select token_id, name, created_at, expires_at, ended_at
      from operator_tokens
     where created_at <= ${at} and (created_at < ${at} or token_id < ${id})
     order by created_at desc, token_id desc
     limit ${size}`

export async function findOperatorTokenById(sql: Sql, id: string) {
  const [operator] = await sql<ManagedRow>`
    select token_id, name, created_at, expires_at, ended_at
      from operator_tokens
     where token_id = ${id}`
  return operator
}

export async function findOperator(sql: Sql, hash: string) {
  const [operator] = await sql<ManagedRow>`
    select token_id, name, created_at, expires_at, ended_at
      from operator_tokens
     where token_hash = ${hash}`
  return operator
}
