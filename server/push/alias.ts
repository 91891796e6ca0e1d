import { fail } from '../../contract/errors.ts'
import { ConstraintError, type Sql } from '../storage/sql.ts'
import { setAlias } from './push.sql.ts'

/** Gives the user the alias in place of its own; fails with `alias_taken` where it is another's. */
export async function takeAlias(sql: Sql, app: string, user: number, alias: string) {
  try {
    await setAlias(sql, app, user, alias)
  } catch (error) {
    if (error instanceof ConstraintError && error.kind === 'unique') fail('alias_taken')
    throw error
  }
}
