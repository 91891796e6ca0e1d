import { randomBytes } from 'node:crypto'
import type { Sql } from '../storage/sql.ts'
import { hashToken, newToken } from './secrets.ts'
import { insertAdminToken } from './tokens.sql.ts'

const day = 86_400_000
export const usualDays = 90

/** Makes an admin token of the app. The token itself is in the answer, and nowhere afterwards. */
export async function createAdminToken(sql: Sql, app: string, name: string, now: number, days = usualDays) {
  const token = newToken('admin')
  const row = { token_id: randomBytes(5).toString('hex'), name, created_at: now, expires_at: now + days * day }
  await insertAdminToken(sql, app, hashToken(token), row)
  return { token, ...row }
}
