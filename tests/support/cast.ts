import { createAdminToken } from '../../server/tokens/admin-tokens.ts'
import { hashToken } from '../../server/tokens/secrets.ts'
import { endAdminToken } from '../../server/tokens/tokens.sql.ts'
import { codeOf, type Person, type TestNode } from '../harness.ts'
import type { CallerKind } from './authorization.ts'
import { freshName, type Subject } from './examples.ts'
import type { Raw } from './http.ts'

type App = Pick<TestNode, 'appId' | 'adminToken' | 'admin' | 'stranger' | 'signIn'>
type Headers = NonNullable<Raw['headers']>

/** The node's clock in a test, in ms; tests move it. */
export interface Clock {
  now: number
}

export const unknownUser = 999_999_999
const day = 86_400_000

/** Everybody who may turn up at an app: people in every state, and tokens of every kind. */
export async function castOf(app: App, elsewhere: Elsewhere, sql: Sql, clock: Clock) {
  const late = await inThePast(clock, 31 * day, () => join(app))
  const [ann, bob, kicked, banned, gone] = await Promise.all([join(app), join(app), join(app), join(app), join(app)])
  await app.admin.actingFor(kicked.id).devices.kick({})
  await app.admin.accounts.disable({ list: [banned.id] })
  await app.admin.actingFor(gone.id).accounts.deleteUser({})
  const expiredAdmin = (await createAdminToken(sql, app.appId, 'expired', 0, 1)).token
  const revokedAdmin = (await createAdminToken(sql, app.appId, 'revoked', clock.now)).token
  await endAdminToken(sql, app.appId, hashToken(revokedAdmin), clock.now)
  // The first use of a token after its end is noted, so that no clock that goes back makes it good again.
  for (const token of [late.token, expiredAdmin]) await codeOf(app.stranger.as(token).profiles.getProfile())
  return {
    app,
    ann,
    bob,
    gone,
    foreign: elsewhere.person,
    tokens: {
      'no token': [],
      'garbage token': ['garbage', `ut_${'x'.repeat(43)}`, `at_${'x'.repeat(43)}`],
      'token of another app': [elsewhere.person.token, elsewhere.adminToken],
      'expired token': [late.token, expiredAdmin],
      'revoked token': [kicked.token, revokedAdmin],
      "banned user's token": [banned.token],
      "deleted user's token": [gone.token],
    } satisfies Partial<Record<CallerKind, string[]>>,
  }
}

export type Cast = Awaited<ReturnType<typeof castOf>>
type Sql = TestNode['node']['services']['sql']

/** Somebody, and an admin, of another app. */
export interface Elsewhere {
  person: Person
  adminToken: string
}

/** A new person, registered by the admin: the app may be closed. */
export async function join({ admin, signIn }: App): Promise<Person> {
  const name = freshName()
  await admin.accounts.register({ username: name, password: `password of ${name}` })
  return signIn(name, `password of ${name}`)
}

async function inThePast<T>(clock: Clock, milliseconds: number, act: () => Promise<T>): Promise<T> {
  clock.now -= milliseconds
  const result = await act()
  clock.now += milliseconds
  return result
}

/** The headers of each way in which this kind of caller may come; `ann` is the user that calls. */
export function headersOf({ app, ann, bob, gone, foreign, tokens }: Cast, caller: CallerKind): Headers[] {
  const [who, header] = caller.split(' + ') as [string, string | undefined]
  const named: Record<string, Headers> = {
    'own user_id': { user_id: String(ann.id) },
    'other user_id': { user_id: String(bob.id) },
    user_id: { user_id: String(bob.id) },
    'unknown user_id': { user_id: String(unknownUser) },
    'user_id of another app': { user_id: String(foreign.id) },
    'deleted user_id': { user_id: String(gone.id) },
    group_id: { group_id: '1' },
  }
  if (who === 'no token') return [{ app_id: app.appId }]
  const own: Record<string, string[]> = { ...tokens, user: [ann.token], admin: [app.adminToken] }
  return (own[who] ?? []).map(token => ({
    app_id: app.appId,
    'access-token': token,
    ...(header && named[header]),
  }))
}

/** Whom right input of this kind of caller names. */
export function subjectOf({ app, ann, bob, gone, foreign }: Cast, caller: CallerKind): Promise<Subject> | Subject {
  if (caller === 'admin + unknown user_id') return { ...bob, id: unknownUser, spare: 1 }
  if (caller === 'admin + user_id of another app') return { ...foreign, spare: 1 }
  if (caller === 'admin + deleted user_id') return { ...gone, spare: 1 }
  const person = caller.startsWith('admin') || caller === 'user + other user_id' ? bob : ann
  return withSpare(app, person)
}

/** The person with a device that nobody calls from: signed in on once more where there is none. */
async function withSpare({ admin, stranger }: App, { id, name, password, device }: Person): Promise<Subject> {
  const { data } = await admin.actingFor(id).devices.listDevices()
  const listed = data.find(({ device_sn }) => device_sn !== device)
  const { device_sn: spare } = listed ?? (await stranger.tokens.signInById({ user_id: id, password }))
  return { id, name, password, spare }
}
