import type { Static } from '@sinclair/typebox'
import type { console, ConsoleSession as Schema } from '../../contract/console.ts'
import { fail } from '../../contract/errors.ts'
import { noting } from '../audit/noting.ts'
import type { Subject } from '../audit/subjects.ts'
import type { Call, Handlers } from '../call.ts'
import type { Services } from '../services.ts'
import { findOperator } from '../tokens/operator-tokens.sql.ts'
import { hashToken, kindOf as kindOfToken } from '../tokens/secrets.ts'
import type { Session } from '../tokens/sessions.ts'
import { findAdmin } from '../tokens/tokens.sql.ts'
import {
  type ConsoleRow,
  confirmConsoleSession,
  deleteConsoleSession,
  deleteConsoleSessionOf,
  findConsoleSession,
  listConsoleSessions,
} from './console.sql.ts'
import { endOf, kindOf, life, mostSessions, openSession } from './sessions.ts'

type Shown = Static<typeof Schema>

export const handlers: Handlers<typeof console> = {
  async signInToConsole(call) {
    const { services, app, input, address, browser } = call
    await chargeTry(call)
    const kind = kindOfToken(input.token)
    if (kind !== 'admin' && kind !== 'operator') return fail('token_invalid')
    if (kind === 'admin' && app.app_id === '') fail('app_not_found')
    if (kind === 'admin' && app.frozen) fail('app_not_available')
    const session = await services.sessions.find(app.app_id, input.token)
    const act = { app: session.app, act: 'signInToConsole', doer: { kind, token: session.hash, address } }
    const earlier = browser().session
    if (earlier !== undefined) await deleteConsoleSession(services.sql, hashToken(earlier))
    const from = { address, user_agent: call.userAgent }
    const { secret, row } = await openSession(noting(services, act, [theConsole]), session, from)
    browser().keep(secret)
    return shown(services, row, row.session_hash)
  },

  async showConsoleSession({ services, session }) {
    return own(services, session)
  },

  async confirmConsoleSession(call) {
    const { services, sql, session, input } = call
    await chargeTry(call)
    if (hashToken(input.token) !== session?.hash) fail('token_invalid', otherToken)
    await confirmConsoleSession(sql, hashOf(session), services.now())
    return own(services, session)
  },

  async signOutOfConsole({ sql, session, browser }) {
    await deleteConsoleSession(sql, hashOf(session))
    browser().forget()
    return true
  },

  async listConsoleSessions({ services, sql, session }) {
    const { app, hash } = session as Session
    const rows = await listConsoleSessions(sql, app, hash, mostSessions)
    const live = rows.filter(row => endOf(row) > services.now())
    return Promise.all(live.map(row => shown(services, row, hashOf(session))))
  },

  async endConsoleSession({ sql, session, input }) {
    const { app, hash } = session as Session
    return deleteConsoleSessionOf(sql, app, hash, input.session_id)
  },
}

const theConsole: Subject = { user: 0, name: 'console', look: async () => ({}) }

const otherToken = { en: 'it is not the token of this session', zh: '该 token 不属于当前会话' }

/** Tokens cannot be guessed; a flood of tries is stopped all the same, before anything is looked up. */
const chargeTry = ({ services, address }: Pick<Call, 'services' | 'address'>) =>
  services.limits.take('account', '', `console ${address}`)

/** Only whoever has a session of the console comes here. */
const hashOf = (session: Session | undefined) => session?.console?.hash ?? fail('not_allowed')

async function own(services: Pick<Services, 'sql'>, session: Session | undefined): Promise<Shown> {
  const row = (await findConsoleSession(services.sql, hashOf(session))) ?? fail('session_over')
  return shown(services, row, row.session_hash)
}

async function shown({ sql }: Pick<Services, 'sql'>, row: ConsoleRow, current: string): Promise<Shown> {
  const { app_id, token_hash, session_id, created_at, seen_at, confirmed_at, address, user_agent } = row
  const kind = kindOf(row)
  const found = await (kind === 'admin' ? findAdmin(sql, app_id, token_hash) : findOperator(sql, token_hash))
  const { token_id, name, expires_at } = found ?? fail('session_over')
  const ends_at = Math.min(created_at + life.most, expires_at)
  return {
    ...{ session_id, kind, app_id, token_id, name, created_at, seen_at, address, user_agent, ends_at },
    idle_at: Math.min(endOf(row), ends_at),
    confirmed_until: confirmed_at + life.confirmed,
    current: row.session_hash === current,
  }
}
