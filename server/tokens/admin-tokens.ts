import { randomBytes } from 'node:crypto'
import type { Sql } from '../storage/sql.ts'
import { insertOperatorToken } from './operator-tokens.sql.ts'
import { hashToken, newToken } from './secrets.ts'
import { insertAdminToken, type ManagedRow } from './tokens.sql.ts'

const day = 86_400_000
export const usualDays = 90

/** Makes an admin token of the app. The token itself is in the answer, and nowhere afterwards. */
export async function createAdminToken(sql: Sql, app: string, name: string, now: number, days = usualDays) {
  const token = newToken('admin')
  const row = { token_id: newTokenId(), name, created_at: now, expires_at: now + days * day }
  await insertAdminToken(sql, app, hashToken(token), row)
  return { token, ...row }
}

/** Likewise, a token for the whole installation. */
export async function createOperatorToken(sql: Sql, id: string, name: string, now: number, days = usualDays) {
  const token = newToken('operator')
  const row = { token_id: id, name, created_at: now, expires_at: now + days * day }
  await insertOperatorToken(sql, hashToken(token), row)
  return { token, ...row }
}

export const newTokenId = () => randomBytes(5).toString('hex')

/** A token that ran out is noted as ended when somebody calls with it. */
export function stateOf({ ended_at, expires_at }: ManagedRow, now: number): 'live' | 'expired' | 'revoked' {
  if (ended_at !== 0 && ended_at < expires_at) return 'revoked'
  return expires_at <= now ? 'expired' : 'live'
}
