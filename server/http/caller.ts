import type { IncomingHttpHeaders } from 'node:http'
import { complaints } from '../../contract/complaints.ts'
import { ApiError, fail } from '../../contract/errors.ts'
import type { Operation } from '../../contract/operation.ts'
import type { App } from '../apps/apps.sql.ts'
import { installation } from '../apps/apps.ts'
import type { Caller } from '../call.ts'
import { mustBeOwnPage } from '../console/browser.ts'
import { findSession, isConsole } from '../console/sessions.ts'
import type { Services } from '../services.ts'
import type { Session } from '../tokens/sessions.ts'

type Needs = Pick<Services, 'apps' | 'sessions' | 'sql' | 'now'>
type Demand = Pick<Operation, 'who' | 'bodyNamesUser' | 'confirmed'>

/**
 * Who calls and for whom, before the body is read: app → header syntax → token of this app, or the console's session →
 * header allowed for this kind of token → may call → whom it acts for → typed the token lately. HTTP calls and
 * connections both enter here. Answers at once where app and session are known.
 */
export function identify(
  services: Needs,
  demand: Demand,
  headers: IncomingHttpHeaders,
  method = 'GET',
): Caller | Promise<Caller> {
  const token = headers['access-token']
  const app = services.apps.peek(single(headers, 'app_id'))
  if (app && typeof token === 'string' && !isGuest(demand) && !isConsole(headers)) {
    const session = services.sessions.peek(app.app_id, token)
    if (session) return admit(demand, available(app), readClaims(headers), session)
  }
  return identifySlowly(services, demand, headers, method)
}

async function identifySlowly(services: Needs, demand: Demand, headers: IncomingHttpHeaders, method: string) {
  const app = await theApp(services, demand, headers)
  const token = single(headers, 'access-token')
  // An operator is let into a frozen app, and nobody else: whoever may be one is looked up first.
  const mayBeOperator = isConsole(headers) || token.startsWith('ot_')
  if (!mayBeOperator) available(app)
  if (demand.who === 'visitor') return visitor(available(app), method, headers)
  if (isGuest(demand)) return guest(services, demand, available(app), headers, method)
  const claims = readClaims(headers)
  const session = await proven(services, app, headers, method)
  if (session.kind !== 'operator') available(app)
  return admit(demand, app, claims, session)
}

/** Where it may be left out, the call is about the installation; an app that is named is there in any case. */
async function theApp({ apps }: Needs, { who }: Demand, headers: IncomingHttpHeaders): Promise<App> {
  const id = single(headers, 'app_id')
  if (id === '' && (who === 'operator' || who === 'console' || who === 'visitor')) return installation
  return (await apps.find(id)) ?? fail('app_not_found')
}

const isGuest = ({ who }: Demand) => who === 'guest' || who === 'guest_or_admin' || who === 'visitor'

function available(app: App): App {
  return app.frozen ? fail('app_not_available') : app
}

/** The session of the token, or of the console's cookie: of this app, or of an operator. */
async function proven(services: Needs, app: App, headers: IncomingHttpHeaders, method: string): Promise<Session> {
  if (isConsole(headers)) {
    const session = await findSession(services, method, headers)
    const isOurs = session.kind === 'operator' || app === installation || session.app === app.app_id
    return isOurs ? session : fail('token_invalid')
  }
  const token = single(headers, 'access-token')
  return token === '' ? fail('token_required') : services.sessions.find(app.app_id, token)
}

/** Nobody's page may sign a browser in but our own. */
function visitor(app: App, method: string, headers: IncomingHttpHeaders): Caller {
  if (!isConsole(headers)) fail('not_allowed', fromConsole)
  mustBeOwnPage(method, headers)
  return { app, kind: 'guest', user: 0 }
}

/** Whatever else a guest's token is, it is not looked at. */
async function guest(
  services: Needs,
  { who }: Demand,
  app: App,
  headers: IncomingHttpHeaders,
  method: string,
): Promise<Caller> {
  if (who === 'guest_or_admin') {
    if (isConsole(headers))
      return { app, kind: 'admin', user: 0, session: await proven(services, app, headers, method) }
    const token = single(headers, 'access-token')
    const mayBeAdmin = token.startsWith('at_') || token.startsWith('ot_')
    const session = mayBeAdmin && (await services.sessions.find(app.app_id, token).catch(unlessRefused))
    if (session) return { app, kind: 'admin', user: 0, session }
  }
  return { app, kind: 'guest', user: 0 }
}

function unlessRefused(error: unknown): undefined {
  if (!(error instanceof ApiError)) throw error
}

interface Claims {
  user: number | undefined
  group: number | undefined
}

function readClaims(headers: IncomingHttpHeaders): Claims {
  return { user: id(headers, 'user_id'), group: id(headers, 'group_id') }
}

function id(headers: IncomingHttpHeaders, name: string): number | undefined {
  if (headers[name] === undefined) return undefined
  const value = single(headers, name)
  const number = /^\d{1,16}$/.test(value) ? Number(value) : 0
  return number >= 1 && number <= Number.MAX_SAFE_INTEGER ? number : fail('invalid_parameter', complaints.header(name))
}

/** Node joins a header that comes twice with a comma, which none of ours may hold. */
function single(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name]
  if (value === undefined) return ''
  if (typeof value !== 'string' || value.includes(','))
    return fail('bad_request', { en: `header ${name} is given twice`, zh: `请求头 ${name} 重复` })
  return value
}

/** The service has no groups: to ignore a narrowing of authority would widen it. */
const noGroups = {
  en: 'header group_id is refused, since this service has no groups',
  zh: '本服务没有群组，不接受请求头 group_id',
}
const notOthers = { en: "header user_id is not the token's own user", zh: '请求头 user_id 不是该 token 的用户' }
const adminsOnly = { en: 'only an admin may', zh: '仅管理员可用' }
const operatorsOnly = { en: 'only an operator may', zh: '仅运维人员可用' }
const fromConsole = { en: 'only from the console', zh: '仅可在控制台中使用' }
const usersOnly = { en: 'only the user itself may', zh: '仅用户本人可用' }

function admit(demand: Demand, app: App, { user, group }: Claims, session: Session): Caller {
  if (group !== undefined) fail('not_allowed', noGroups)
  return session.kind === 'user' ? admitUser(demand, app, user, session) : admitAdmin(demand, app, user, session)
}

function admitUser({ who }: Demand, app: App, named: number | undefined, session: Session): Caller {
  if (named !== undefined && named !== session.user) fail('not_allowed', notOthers)
  if (who === 'admin' || who === 'admin_for_user') fail('not_allowed', adminsOnly)
  if (isOperators(who)) fail('not_allowed', operatorsOnly)
  if (who === 'console') fail('not_allowed', fromConsole)
  return { app, kind: 'user', user: session.user, session }
}

/** An operator has an admin's rights in every app. */
function admitAdmin(demand: Demand, app: App, named: number | undefined, session: Session): Caller {
  const { who, bodyNamesUser, confirmed } = demand
  if (who === 'user') fail('not_allowed', usersOnly)
  if (isOperators(who) && session.kind !== 'operator') fail('not_allowed', operatorsOnly)
  if (who === 'console' && !session.console) fail('not_allowed', fromConsole)
  const forOneUser = who === 'self' || who === 'admin_for_user'
  if (!forOneUser && named !== undefined) fail('invalid_parameter', complaints.userUnwanted())
  if (forOneUser && named === undefined && !bodyNamesUser) fail('invalid_parameter', complaints.userRequired())
  if (confirmed && session.console?.isConfirmed === false) fail('confirmation_required')
  return { app: about(who, app, session), kind: 'admin', user: named ?? 0, session }
}

const isOperators = (who: Demand['who']) => who === 'operator' || who === 'operator_for_app'

/** What an operator does for the installation, or with its own session, is about no app, whichever the header names. */
const about = (who: Demand['who'], app: App, { kind }: Session) =>
  who === 'operator' || (who === 'console' && kind === 'operator') ? installation : app
