import type { accounts } from '../../contract/accounts.ts'
import { complaints } from '../../contract/complaints.ts'
import { fail } from '../../contract/errors.ts'
import type { App } from '../apps/apps.sql.ts'
import type { Call, Handlers } from '../call.ts'
import type { Services } from '../services.ts'
import { inOneAct } from '../tokens/revocation.ts'
import { chargeTry, deviceBucket } from '../tokens/tries.ts'
import { type Account, lockUser, replacePassword, setPassword } from './accounts.sql.ts'
import { mustStillHold } from './ending.ts'
import { absent, mustExist } from './existence.ts'
import { acceptable } from './password-policy.ts'

export const passwordChanges: Pick<Handlers<typeof accounts>, 'changePassword' | 'changePasswordAdmin'> = {
  async changePassword(call) {
    const { services, app, user, session, input } = call
    acceptable(app, input.new_password, 'new_password')
    const account = await proveOwnPassword(call, input.old_password, 'old_password')
    const hash = await services.passwords.hash(input.new_password)
    await inOneAct(services, async (sql, end) => {
      await lockUser(sql, app.app_id, user)
      await mustStillHold(sql, app.app_id, { account, session }, services.now())
      await replacePassword(sql, app.app_id, user, account.password_hash, hash)
      await end({ app: app.app_id, user, device: 'all', except: session?.device ?? 0, kind: 'password_changed' })
    })
    return true
  },

  async changePasswordAdmin({ services, app, user, input }) {
    await assignPassword(services, app, user, input.password, input.must_change ?? false)
    return true
  },
}

/** Sets the password and signs every device out. */
export async function assignPassword(
  services: Pick<Services, 'sql' | 'sessions' | 'bus' | 'now' | 'passwords'>,
  app: App,
  user: number,
  password: string,
  mustChange: boolean,
) {
  acceptable(app, password, 'password')
  const hash = await services.passwords.hash(password)
  await inOneAct(services, async (sql, end) => {
    if (!(await setPassword(sql, app.app_id, user, hash, mustChange ? 1 : 0))) await absent(sql, app.app_id, user)
    await end({ app: app.app_id, user, device: 'all', kind: 'password_changed' })
  })
}

/** The acting user's password, charged as a try to sign in: 10002 when it is missing, 11001 when it is wrong. */
export async function proveOwnPassword(call: Call, password: string | undefined, parameter: string): Promise<Account> {
  const { sql, services, app, user, session } = call
  if (password === undefined) return fail('invalid_parameter', complaints.required(parameter))
  const account = await mustExist(sql, app.app_id, user)
  await chargeTry(call, deviceBucket(user, session?.device ?? 0))
  if (!(await services.passwords.verify(account.password_hash, password))) fail('wrong_password')
  return account
}
