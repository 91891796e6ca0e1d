import type { accounts } from '../../contract/accounts.ts'
import { complaints } from '../../contract/complaints.ts'
import { type Failure, fail } from '../../contract/errors.ts'
import { theUser } from '../audit/subjects.ts'
import type { Call, Handlers } from '../call.ts'
import { tellUpdated } from '../presence/notices.ts'
import { ConstraintError } from '../storage/sql.ts'
import { setMobile, setUsername } from './accounts.sql.ts'
import { ban, deleteAccount, unban } from './ending.ts'
import { absent } from './existence.ts'
import { findOffset, type Listed, listUsers } from './pages.sql.ts'
import { passwordChanges, proveOwnPassword } from './password-changes.ts'
import { registration } from './registration.ts'
import { usernameKey } from './usernames.ts'

const firstPage = 1
const usualPage = 50

export const handlers: Handlers<typeof accounts> = {
  ...registration,
  ...passwordChanges,

  async deleteUser(call) {
    const proven = call.kind === 'user' ? await proveOwnPassword(call, call.input.password, 'password') : undefined
    await deleteAccount(call.services, call.app.app_id, call.user, proven && { account: proven, session: call.session })
    return true
  },

  async disable(call) {
    await ban(aboutAll(call, call.input.list), call.app.app_id, call.input.list)
    return true
  },

  async enable(call) {
    await unban(aboutAll(call, call.input.list), call.app.app_id, call.input.list)
    return true
  },

  async listUsers({ sql, app, input }) {
    const { page_num: page = firstPage, page_size: size = usualPage, cursor } = input
    if (cursor !== undefined && input.page_num !== undefined)
      fail('invalid_parameter', complaints.contradicts('cursor'))
    const start =
      cursor === undefined
        ? await findOffset(sql, app.app_id, (page - 1) * size)
        : { after: readCursor(cursor), skip: 0 }
    const users = start ? await listUsers(sql, app.app_id, start.after, start.skip, size + 1) : []
    const data = users.slice(0, size)
    return { data, ...(users.length > size && { cursor: cursorAfter(data) }) }
  },

  async setMobile({ sql, services, app, user, input }) {
    const changed = await unlessTaken('mobile_bound', setMobile(sql, app.app_id, user, input.mobile))
    if (!changed) return absent(sql, app.app_id, user)
    tellUpdated(services, app.app_id, user, ['mobile'])
    return true
  },

  async setUsername({ sql, services, app, user, input }) {
    const { username } = input
    const changed = await unlessTaken(
      'username_taken',
      setUsername(sql, app.app_id, user, username, usernameKey(username)),
    )
    if (!changed) return absent(sql, app.app_id, user)
    tellUpdated(services, app.app_id, user, ['username'])
    return true
  },
}

const aboutAll = ({ about, app }: Call, users: number[]) =>
  about(...[...new Set(users)].map(user => theUser(app.app_id, user, 'accounts'))).services

/** A cursor is opaque to clients; it is the last id of its page. */
const cursorAfter = (page: Listed[]) => `u${(page.at(-1) as Listed).user_id.toString(36)}`

function readCursor(cursor: string): number {
  const id = /^u[0-9a-z]{1,11}$/.test(cursor) ? Number.parseInt(cursor.slice(1), 36) : Number.NaN
  return Number.isSafeInteger(id) ? id : fail('invalid_parameter', complaints.cursor('cursor'))
}

async function unlessTaken<T>(failure: Failure, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof ConstraintError && error.kind === 'unique') return fail(failure)
    throw error
  }
}
