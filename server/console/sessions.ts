import { randomBytes } from 'node:crypto'
import { consoleHeader } from '../../contract/console.ts'
import { fail } from '../../contract/errors.ts'
import type { Services } from '../services.ts'
import { hashToken, newSessionSecret } from '../tokens/secrets.ts'
import type { Session } from '../tokens/sessions.ts'
import { mustBeOwnPage, sessionOf } from './browser.ts'
import {
  type ConsoleRow,
  deleteConsoleSession,
  findConsoleSession,
  insertConsoleSession,
  listConsoleSessions,
  touchConsoleSession,
} from './console.sql.ts'

const minute = 60_000
/** How long a session lives without use, and at the most; and how long a token counts as just typed. All in ms. */
export const life = { idle: 15 * minute, most: 480 * minute, confirmed: 5 * minute }
/** How exactly it is known when a session was last used, in ms. */
const exactness = 10_000
/** Sessions that one token may have. */
export const mostSessions = 20

type Headers = Parameters<typeof sessionOf>[0]
type Needs = Pick<Services, 'sql' | 'sessions' | 'now'>

/** Whether the console calls, and not somebody with a token. */
export const isConsole = (headers: Headers) => headers[consoleHeader] !== undefined

/** The session that the console's cookie stands for: the token behind it, as the storage has it now. */
export async function findSession(services: Needs, method: string, headers: Headers): Promise<Session> {
  const use = headers[consoleHeader]
  if ((use !== '0' && use !== '1') || headers['access-token'] !== undefined) fail('bad_request', oneWayIn)
  mustBeOwnPage(method, headers)
  const secret = sessionOf(headers) ?? fail('token_required')
  const { sql, now } = services
  const row = (await findConsoleSession(sql, hashToken(secret))) ?? fail('session_over')
  if (endOf(row) <= now()) return fail('session_over')
  const session = await services.sessions.read(kindOf(row), row.app_id, row.token_hash)
  if (use === '1' && now() - row.seen_at > exactness) await touchConsoleSession(sql, row.session_hash, now())
  return { ...session, console: { hash: row.session_hash, isConfirmed: row.confirmed_at + life.confirmed > now() } }
}

const oneWayIn = {
  en: `${consoleHeader} is 0 or 1, and comes without access-token`,
  zh: `${consoleHeader} 只能为 0 或 1，且不能与 access-token 同时使用`,
}

export const kindOf = ({ app_id }: Pick<ConsoleRow, 'app_id'>) => (app_id === '' ? 'operator' : 'admin')

/** When it ends unless it is used, in ms; its token may end it earlier. */
export const endOf = ({ created_at, seen_at }: ConsoleRow) => Math.min(created_at + life.most, seen_at + life.idle)

/** Opens a session for a token that is good. What the cookie holds is in the answer, and nowhere afterwards. */
export async function openSession(
  { sql, now }: Pick<Services, 'sql' | 'now'>,
  { app, hash }: Session,
  from: Pick<ConsoleRow, 'address' | 'user_agent'>,
) {
  const secret = newSessionSecret()
  const at = now()
  const row: ConsoleRow = {
    session_hash: hashToken(secret),
    session_id: randomBytes(5).toString('hex'),
    app_id: app,
    token_hash: hash,
    ...{ created_at: at, seen_at: at, confirmed_at: at },
    ...from,
  }
  await sql.begin(async sql => {
    const others = await listConsoleSessions(sql, app, hash, mostSessions)
    for (const { session_hash } of others.slice(mostSessions - 1)) await deleteConsoleSession(sql, session_hash)
    await insertConsoleSession(sql, row)
  })
  return { secret, row }
}
