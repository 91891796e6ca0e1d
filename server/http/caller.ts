import type { IncomingHttpHeaders } from 'node:http'
import { complaints } from '../../contract/complaints.ts'
import { ApiError, fail } from '../../contract/errors.ts'
import type { Operation } from '../../contract/operation.ts'
import type { App } from '../apps/apps.sql.ts'
import type { Caller } from '../call.ts'
import type { Services } from '../services.ts'
import type { Session } from '../tokens/sessions.ts'

type Needs = Pick<Services, 'apps' | 'sessions'>
type Demand = Pick<Operation, 'who' | 'bodyNamesUser'>

/**
 * Who calls and for whom, before the body is read: app → header syntax → token of this app → header allowed for this
 * kind of token → may call → whom it acts for. HTTP calls and connections both enter here.
 * Answers at once where app and session are known.
 */
export function identify(services: Needs, demand: Demand, headers: IncomingHttpHeaders): Caller | Promise<Caller> {
  const token = headers['access-token']
  const app = services.apps.peek(single(headers, 'app_id'))
  if (app && typeof token === 'string' && !isGuest(demand)) {
    const session = services.sessions.peek(app.app_id, token)
    if (session) return admit(demand, available(app), readClaims(headers), session)
  }
  return identifySlowly(services, demand, headers)
}

async function identifySlowly(services: Needs, demand: Demand, headers: IncomingHttpHeaders): Promise<Caller> {
  const app = available((await services.apps.find(single(headers, 'app_id'))) ?? fail('app_not_found'))
  const token = single(headers, 'access-token')
  if (isGuest(demand)) return guest(services, demand, app, token)
  const claims = readClaims(headers)
  if (token === '') return fail('token_required')
  return admit(demand, app, claims, await services.sessions.find(app.app_id, token))
}

const isGuest = ({ who }: Demand) => who === 'guest' || who === 'guest_or_admin'

function available(app: App): App {
  return app.frozen ? fail('app_not_available') : app
}

/** Whatever else a guest's token is, it is not looked at. */
async function guest({ sessions }: Needs, { who }: Demand, app: App, token: string): Promise<Caller> {
  if (who === 'guest_or_admin' && token.startsWith('at_')) {
    const session = await sessions.find(app.app_id, token).catch(unlessRefused)
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
const usersOnly = { en: 'only the user itself may', zh: '仅用户本人可用' }

function admit(demand: Demand, app: App, { user, group }: Claims, session: Session): Caller {
  if (group !== undefined) fail('not_allowed', noGroups)
  return session.kind === 'user' ? admitUser(demand, app, user, session) : admitAdmin(demand, app, user, session)
}

function admitUser({ who }: Demand, app: App, named: number | undefined, session: Session): Caller {
  if (named !== undefined && named !== session.user) fail('not_allowed', notOthers)
  if (who === 'admin' || who === 'admin_for_user') fail('not_allowed', adminsOnly)
  return { app, kind: 'user', user: session.user, session }
}

function admitAdmin({ who, bodyNamesUser }: Demand, app: App, named: number | undefined, session: Session): Caller {
  if (who === 'user') fail('not_allowed', usersOnly)
  const forWholeApp = who === 'admin' || who === 'member'
  if (forWholeApp && named !== undefined) fail('invalid_parameter', complaints.userUnwanted())
  if (!forWholeApp && named === undefined && !bodyNamesUser) fail('invalid_parameter', complaints.userRequired())
  return { app, kind: 'admin', user: named ?? 0, session }
}
