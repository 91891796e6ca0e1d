import { fail } from '../../contract/errors.ts'
import type { Sql } from '../storage/sql.ts'
import { findAccount, findTombstone } from './accounts.sql.ts'

/** Fails with `user_deleted` or `user_not_found` where there is no such user. */
export async function mustExist(sql: Sql, app: string, user: number) {
  return (await findAccount(sql, app, user)) ?? (await absent(sql, app, user))
}

/** Why there is no such user. */
export async function absent(sql: Sql, app: string, user: number): Promise<never> {
  return fail((await findTombstone(sql, app, user)) ? 'user_deleted' : 'user_not_found')
}
