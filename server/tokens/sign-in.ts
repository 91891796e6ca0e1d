import { fail } from '../../contract/errors.ts'
import type { tokens } from '../../contract/tokens.ts'
import {
  type Account,
  banned,
  findAccount,
  findAccountByEmail,
  findAccountByMobile,
  findAccountByUsername,
  lockUser,
  renewHash,
} from '../accounts/accounts.sql.ts'
import { usernameKey } from '../accounts/usernames.ts'
import type { Call, Handlers } from '../call.ts'
import { enterDevice, guessPlatform } from '../devices/enter.ts'
import { tellActivity } from '../overview/activity.ts'
import { tellAdded } from '../presence/notices.ts'
import type { Sql } from '../storage/sql.ts'
import { announce } from '../webhooks/announcing.ts'
import { introspection } from './introspection.ts'
import { inOneAct } from './revocation.ts'
import { hashToken, newToken } from './secrets.ts'
import { findLiveDevice, insertUserToken } from './tokens.sql.ts'
import { chargeTry, deviceBucket } from './tries.ts'

const day = 86_400_000

export const handlers: Handlers<typeof tokens> = {
  ...introspection,

  async signInByName(call) {
    const key = usernameKey(call.input.name)
    return signIn(call, await findAccountByUsername(call.sql, call.app.app_id, key), key)
  },

  async signInById(call) {
    const { user_id } = call.input
    return signIn(call, await findAccount(call.sql, call.app.app_id, user_id), String(user_id))
  },

  async signInByLogin(call) {
    const { login_name } = call.input
    return signIn(call, await findByLogin(call.sql, call.app.app_id, login_name), login_name.toLowerCase())
  },
}

/** The three kinds of name do not overlap: an email has an @, a mobile only digits, a username at least one other. */
function findByLogin(sql: Sql, app: string, name: string) {
  if (name.includes('@')) return findAccountByEmail(sql, app, name.toLowerCase())
  if (/^\+?\d+$/.test(name)) return findAccountByMobile(sql, app, name)
  return findAccountByUsername(sql, app, usernameKey(name))
}

interface SignIn {
  password: string
  device_guid?: string
  platform?: number
}

/** Whatever is wrong, the answer is the same, and takes as long. Only the right password learns of a ban. */
async function signIn(call: Call & { input: SignIn }, account: Account | undefined, name: string) {
  await chargeTry(call, await bucketOf(call, account, name))
  return enter(call, account)
}

type Session = NonNullable<Awaited<ReturnType<typeof openSession>>>

/** Where the stored password changed while this one was hashed, it is tried on what is stored now. */
async function enter(call: Call & { input: SignIn }, account: Account | undefined): Promise<Session> {
  const { sql, app, services, input } = call
  const right = await services.passwords.verify(account?.password_hash, input.password)
  if (!account || !right) return fail('login_failed')
  if (account.status === banned) return fail('user_disabled')
  const session = await openSession(call, account)
  if (!session) return enter(call, await findAccount(sql, app.app_id, account.user_id))
  // The session stands even when there is no room to hash once more; then the next sign-in does it.
  if (services.passwords.isOutdated(account.password_hash)) await rehash(call, account).catch(services.report)
  return session
}

/** All names of an account share one bucket. A device that is signed in has its own: others' guesses cannot lock it out. */
async function bucketOf(
  { sql, app, services, input }: Call & { input: SignIn },
  account: Account | undefined,
  name: string,
) {
  if (!account) return `nobody/${name}`
  const guid = input.device_guid
  const device = guid && (await findLiveDevice(sql, app.app_id, account.user_id, guid, services.now()))
  return device ? deviceBucket(account.user_id, device) : String(account.user_id)
}

/** Opens none where the account is no longer what its password was tried on. */
async function openSession({ services, app, userAgent, input }: Call & { input: SignIn }, account: Account) {
  const now = services.now()
  const token = newToken('user')
  const expires = now + app.token_days * day
  const entrant = {
    guid: input.device_guid ?? '',
    platform: input.platform ?? guessPlatform(userAgent),
    userAgent,
    pushToken: '',
  }
  const device = await inOneAct(services, async (sql, end) => {
    await lockUser(sql, app.app_id, account.user_id)
    if (!(await isUnchanged(sql, app.app_id, account))) return undefined
    const device = await enterDevice(sql, end, app, account.user_id, entrant, now)
    const about = { hash: hashToken(token), user: account.user_id, device: device.device_sn, created: now, expires }
    await insertUserToken(sql, app.app_id, about)
    const told = { user_id: account.user_id, device_sn: device.device_sn }
    await announce(sql, app.app_id, 'user.signed_in', told, now)
    return device
  })
  if (!device) return undefined
  tellActivity(services.bus, app.app_id, 'signed_in', { user: account.user_id, device: device.device_sn })
  if (device.isNew) tellAdded(services, app.app_id, account.user_id, device.device_sn)
  return {
    user_id: account.user_id,
    token,
    expire: expires,
    push_token: device.push_token,
    encrypt_type: 0,
    device_sn: device.device_sn,
    ...(account.must_change_password && { must_change_password: true }),
  }
}

/** While the password was hashed, the user may have been deleted or banned, or the password changed. */
async function isUnchanged(sql: Sql, app: string, { user_id, password_hash, status }: Account) {
  const today = await findAccount(sql, app, user_id)
  return today?.password_hash === password_hash && today.status === status
}

async function rehash({ sql, app, services, input }: Call & { input: SignIn }, { user_id, password_hash }: Account) {
  await renewHash(sql, app.app_id, user_id, password_hash, await services.passwords.hash(input.password))
}
