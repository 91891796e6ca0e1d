import type { Static } from '@sinclair/typebox'
import type { PurgeReport as ReportSchema } from '../../contract/rights.ts'
import { deleteAccount } from '../accounts/ending.ts'
import type { Services } from '../services.ts'
import type { Sql } from '../storage/sql.ts'
import { countDetails, countsOfUser } from './rows-of-user.sql.ts'

export type PurgeReport = Static<typeof ReportSchema>

/** Why something of a deleted user stays. docs/data-rights.md says the same at length. */
const reasons: Record<string, string> = {
  deleted_users: 'the tombstone: the id and the time, so that the id is never used again',
  audit_entries: 'that something was done to the id, by whom and when; what it was is erased',
  webhook_events: 'the word of the deletion itself, which webhooks are told; forgotten after 7 days',
  dismissals: 'the id of a connection that is just being closed; gone within seconds',
}

/** Deletes the user; counts its rows beside that, inside the same transaction, so that the report tells what it did. */
export async function purge(
  services: Pick<Services, 'sql' | 'sessions' | 'bus' | 'now' | 'scrub'>,
  app: string,
  user: number,
): Promise<PurgeReport> {
  let before = new Map<string, number>()
  let after = new Map<string, number>()
  const begin = <T>(work: (sql: Sql) => Promise<T>) =>
    services.sql.begin(async sql => {
      before = await look(sql, app, user)
      const result = await work(sql)
      after = await look(sql, app, user)
      return result
    })
  const tag = (...statement: Parameters<Sql>) => services.sql(...statement)
  const sql = Object.assign(tag as Sql, { begin, load: services.sql.load })
  await deleteAccount({ ...services, sql }, app, user)
  return {
    user_id: user,
    deleted_at: services.now(),
    removed: [...before]
      .map(([table, rows]) => ({ table, rows: rows - (after.get(table) ?? 0) }))
      .filter(({ rows }) => rows > 0),
    remains: [...after]
      .filter(([table, rows]) => rows > 0 && !table.includes(' '))
      .map(([table, rows]) => ({ table, rows, why: reasons[table] ?? '' })),
  }
}

async function look(sql: Sql, app: string, user: number): Promise<Map<string, number>> {
  const counts = await countsOfUser(sql, app, user)
  const details = await countDetails(sql, app, user)
  return new Map([
    ...counts.map(({ name, amount }): [string, number] => [name, amount]),
    ['audit_entries (details)', details],
  ])
}
