import type { Static } from '@sinclair/typebox'
import type { audit, Entry as EntrySchema } from '../../contract/audit.ts'
import { complaints } from '../../contract/complaints.ts'
import { fail } from '../../contract/errors.ts'
import type { Operation } from '../../contract/operation.ts'
import type { Call, Handlers } from '../call.ts'
import type { Sql } from '../storage/sql.ts'
import { type EntryRow, type Filter, findHead, lastUntil, listEntries } from './audit.sql.ts'
import { verifyPage } from './chain.ts'

export type Entry = Static<typeof EntrySchema>

const usualPage = 50
const atATime = 5000

type Asked<O extends Operation> = Pick<Call<O>, 'sql' | 'app' | 'input'>

/** An operator's calls are about the installation, whose trail stands under no app's id. */
export const handlers: Handlers<typeof audit> = {
  listAudit: list,
  verifyAudit: verify,
  listOperatorAudit: list,
  verifyOperatorAudit: verify,
}

async function list({ sql, app, input }: Asked<typeof audit.listAudit>) {
  const { about_user: user_id, actor: actor_id, act, page_size: size = usualPage, cursor } = input
  const span = await spanOf(sql, app.app_id, input.from, input.until)
  const from = cursor === undefined ? span.last : Math.min(span.last, readCursor(cursor))
  const filter: Filter = { user_id, actor_id, act }
  const rows = await listEntries(sql, app.app_id, filter, from, span.first, size + 1)
  const data = rows.slice(0, size).map(presented)
  return { data, ...(rows.length > size && { cursor: `e${(rows[size] as EntryRow).seq.toString(36)}` }) }
}

async function verify({ sql, app, input }: Asked<typeof audit.verifyAudit>) {
  const { through, checked, more, broken } = await verifyPage(sql, app.app_id, input.after ?? 0, atATime)
  return { intact: !broken, through, checked, more, broken_at: broken?.seq ?? 0, why: broken?.why ?? '' }
}

/** What was done to the user, the newest first. */
export async function entriesAbout(sql: Sql, app: string, user: number, most: number): Promise<Entry[]> {
  const rows = await listEntries(sql, app, { user_id: user }, Number.MAX_SAFE_INTEGER, 1, most)
  return rows.map(presented)
}

/** Times never go back along the trail, so a span of time is a span of it. */
export async function spanOf(sql: Sql, app: string, from: number | undefined, until: number | undefined) {
  const [before, last] = await Promise.all([
    from === undefined ? 0 : lastUntil(sql, app, from - 1),
    until === undefined ? (await findHead(sql, app))?.seq : lastUntil(sql, app, until),
  ])
  return { first: before + 1, last: last ?? 0 }
}

/** The cursor is the place of the next entry. */
function readCursor(cursor: string): number {
  const seq = /^e[0-9a-z]{1,11}$/.test(cursor) ? Number.parseInt(cursor.slice(1), 36) : Number.NaN
  return Number.isSafeInteger(seq) ? seq : fail('invalid_parameter', complaints.cursor('cursor'))
}

export function presented({
  actor_kind,
  actor_id,
  actor_name,
  details,
  salt: _,
  details_hash: __,
  ...row
}: EntryRow): Entry {
  const { before, after } = details === '' ? { before: {}, after: {} } : readDetails(details)
  return {
    ...row,
    actor: { kind: actor_kind, id: actor_id, name: actor_name },
    before,
    after,
    erased: details === '',
  }
}

/** Details that somebody damaged are shown as nothing; `verify` tells of them. */
function readDetails(details: string): Pick<Entry, 'before' | 'after'> {
  try {
    return { before: {}, after: {}, ...(JSON.parse(details) as Partial<Entry>) }
  } catch (error) {
    if (error instanceof SyntaxError) return { before: {}, after: {} }
    throw error
  }
}
