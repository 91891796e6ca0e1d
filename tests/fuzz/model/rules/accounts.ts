import { absence } from '../caller.ts'
import { characters, items, list, mobile, userId, username, whole } from '../right.ts'
import { chosen, done, enrol, refused } from '../told.ts'
import { type App, end, named, type User, usersOf } from '../world.ts'
import { batch } from './batch.ts'
import type { Rules } from './rule.ts'

export const password = characters(256, 1)
const tried = characters(256)
const credentials = { username, password }

const isTaken = (app: App, name: unknown) => named(app, String(name)) !== undefined

const everything = () => true

/** What a user's settings are at first. */
export const settingsOf = (user: User, pushToken: string) => ({
  id: user.id,
  user_id: user.id,
  ...user.settings,
  push_token: pushToken,
})

export const accounts: Rules = {
  register: {
    who: 'guest or admin',
    must: credentials,
    does(told) {
      const { app, caller, input } = told
      if (caller.kind !== 'admin' && !app.isOpen) return refused(40001)
      if (isTaken(app, input.username)) return refused(10004)
      const user = enrol(app, chosen(told, 'user_id'), String(input.username), String(input.password))
      return done(settingsOf(user, ''))
    },
  },
  registerBatch: {
    who: 'admin',
    must: { list: items(100) },
    does: told =>
      batch(told, { must: credentials }, ({ username: name, password: secret }, answered) => {
        if (isTaken(told.app, name)) return 'user_exists'
        return enrol(told.app, answered?.user_id, String(name), String(secret)).id
      }),
  },
  changePassword: {
    who: 'user',
    must: { new_password: password, old_password: tried },
    does({ world, app, self, token, input }) {
      if (input.old_password !== self.password) return refused(11001)
      self.password = String(input.new_password)
      self.mustChange = false
      end(world, app, self, sn => sn !== token?.sn, 4003)
      return done()
    },
  },
  changePasswordAdmin: {
    who: 'admin for user',
    must: { password },
    may: { must_change: value => typeof value === 'boolean' },
    does({ world, app, self, input }) {
      self.password = String(input.password)
      self.mustChange = input.must_change === true
      end(world, app, self, everything, 4003)
      return done()
    },
  },
  deleteUser: {
    who: 'self',
    may: { password: tried },
    does({ world, app, caller, self, input }) {
      if (caller.kind === 'user') {
        if (input.password === undefined) return refused(10002)
        if (input.password !== self.password) return refused(11001)
      }
      end(world, app, self, everything, 4004)
      app.users.delete(self.id)
      return done()
    },
  },
  disable: {
    who: 'admin',
    must: { list: list(userId, 500) },
    does: ({ world, app, input, chosen }) =>
      forAll(app, input.list, chosen.code, user => {
        user.banned = true
        end(world, app, user, everything, 4002)
      }),
  },
  enable: {
    who: 'admin',
    must: { list: list(userId, 500) },
    does: ({ app, input, chosen }) =>
      forAll(app, input.list, chosen.code, user => {
        user.banned = false
      }),
  },
  listUsers: {
    who: 'admin',
    may: { page_num: whole(1, 2_147_483_647), page_size: whole(1, 200) },
    does({ app, input, chosen }) {
      const size = Number(input.page_size ?? 50)
      const start = (Number(input.page_num ?? 1) - 1) * size
      const all = usersOf(app).sort((a, b) => a.id - b.id)
      const data = all
        .slice(start, start + size)
        .map(({ id, username, banned }) => ({ user_id: id, username, status: banned ? 1 : 0 }))
      // A cursor is the service's own; whether there is one is not.
      return { ...done(data), ...(all.length > start + size && { cursor: chosen.cursor ?? 'missing' }) }
    },
  },
  setMobile: {
    who: 'self',
    must: { mobile },
    does({ app, self, input }) {
      const isBound = usersOf(app).some(user => user !== self && user.profile.mobile === input.mobile)
      if (input.mobile !== '' && isBound) return refused(11012)
      self.profile.mobile = String(input.mobile)
      return done()
    },
  },
  setUsername: {
    who: 'self',
    must: { username },
    does({ app, self, input }) {
      const holder = named(app, String(input.username))
      if (holder && holder !== self) return refused(11011)
      self.username = String(input.username)
      return done()
    },
  },
}

/** All or, where one of them is not there, nobody; of several that are not, any may be named. */
function forAll(app: App, ids: unknown, named: number, act: (user: User) => void) {
  const users = (ids as number[]).map(id => app.users.get(Number(id)) ?? absence(app, Number(id)))
  const missing: number[] = users.filter(user => typeof user === 'number')
  if (missing.length > 0) return refused(missing.includes(named) ? named : Number(missing[0]))
  for (const user of users) act(user as User)
  return done()
}
