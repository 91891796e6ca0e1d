/** Who calls, by the headers, and whether such a caller may. */
import { type App, isLive, type Token, unknownUser, type World } from './world.ts'

export type Who = 'guest' | 'guest or admin' | 'self' | 'user' | 'admin for user' | 'member' | 'admin'

export interface Headers {
  app_id: string
  'access-token'?: string
  user_id?: string
}

export interface Caller {
  app: App
  kind: 'guest' | 'user' | 'admin'
  /** The user's, if a user calls. */
  token?: Token
  /** Whom an admin names. */
  names?: number
}

/** The caller, or the code that it is refused with before anything else is looked at. */
export function callerOf(world: World, who: Who, headers: Headers): Caller | number {
  const app = world.apps.find(({ id }) => id === headers.app_id)
  if (!app) return 40000
  const isAdmin = headers['access-token'] === app.adminToken
  if (who === 'guest' || who === 'guest or admin')
    return { app, kind: who === 'guest or admin' && isAdmin ? 'admin' : 'guest' }
  const names = headers.user_id === undefined ? undefined : Number(headers.user_id)
  if (names !== undefined && !(Number.isSafeInteger(names) && names > 0)) return 10002
  if (headers['access-token'] === undefined) return 10003
  if (isAdmin) return admin(app, who, names)
  const token = world.tokens.find(each => each.token === headers['access-token'] && each.app === app)
  if (!token) return 10008
  if (!isLive(world, token)) return 402
  if (names !== undefined && names !== token.user) return 10010
  if (who === 'admin' || who === 'admin for user') return 10010
  return { app, kind: 'user', token }
}

function admin(app: App, who: Who, names: number | undefined): Caller | number {
  if (who === 'user') return 10010
  const forAll = who === 'admin' || who === 'member'
  if (forAll && names !== undefined) return 10002
  return { app, kind: 'admin', ...(names !== undefined && { names }) }
}

/** The code for a user that is not there, or was. */
export const absence = ({ ids }: App, id: number) => (ids.includes(id) ? 10021 : 10000)

/** The nth user that the app ever had, one that it never had after the last. */
export const idOf = ({ ids }: App, n: number) => ids[n % (ids.length + 1)] ?? unknownUser

/** The newest token of the nth of all users that are signed in. */
export function tokenOf(world: World, app: App, n: number): Token | undefined {
  const live = world.tokens.filter(each => each.app === app && isLive(world, each)).reverse()
  const users = [...new Set(live.map(({ user }) => user))]
  return live.find(({ user }) => user === users[n % users.length])
}
