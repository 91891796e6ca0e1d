import { createHmac, timingSafeEqual } from 'node:crypto'
import type { accounts } from '../../contract/accounts.ts'
import { ApiError, fail } from '../../contract/errors.ts'
import { theUser } from '../audit/subjects.ts'
import type { Call, Handlers } from '../call.ts'
import { enterDevice, guessPlatform } from '../devices/enter.ts'
import { tellActivity } from '../overview/activity.ts'
import { countRegistration } from '../overview/overview.sql.ts'
import { takeAlias } from '../push/alias.ts'
import { insertSettings } from '../settings/settings.sql.ts'
import { newSettings } from '../settings/settings.ts'
import { ConstraintError, type Sql } from '../storage/sql.ts'
import { inOneAct } from '../tokens/revocation.ts'
import { announce } from '../webhooks/announcing.ts'
import { findAccountByUsername, insertUser } from './accounts.sql.ts'
import { answerInTurn } from './batches.ts'
import { countOfApp, countUser } from './pages.sql.ts'
import { acceptable } from './password-policy.ts'
import { usernameKey } from './usernames.ts'

const hour = 3_600_000

export const registration: Pick<Handlers<typeof accounts>, 'register' | 'registerBatch' | 'registerPush'> = {
  async register(call) {
    await mayRegister(call)
    const user = await prepare(call, call.input)
    const id = await underFreeId(call, user, user => about(call, user).sql.begin(sql => enrol(sql, call, user)))
    return newSettings(id, '')
  },

  registerBatch: call =>
    answerInTurn(call, call.input.list, async credentials => {
      const user = await prepare(call, credentials)
      return underFreeId(call, user, user => about(call, user).sql.begin(sql => enrol(sql, call, user)))
    }),

  async registerPush(call) {
    await mayRegister(call)
    checkSignature(call)
    const { services, app, input, userAgent } = call
    const user = await prepare(call, input)
    const entrant = {
      guid: input.device_guid ?? '',
      platform: guessPlatform(userAgent),
      userAgent,
      pushToken: input.push_token ?? '',
    }
    let pushToken = ''
    const id = await underFreeId(call, user, async user => {
      const device = await inOneAct(about(call, user).services, async (sql, end) => {
        await enrol(sql, call, user)
        if (input.alias) await takeAlias(sql, app.app_id, user.id, input.alias)
        return enterDevice(sql, end, app, user.id, entrant, services.now())
      })
      pushToken = device.push_token
    })
    return newSettings(id, pushToken)
  },
}

const about = (call: Call, { id }: NewUser) => call.about(theUser(call.app.app_id, id, 'accounts'))

async function mayRegister({ kind, app, services, address }: Call) {
  if (kind === 'admin') return
  if (!app.open_registration) fail('registration_closed')
  await services.limits.take('registration', app.app_id, address)
}

interface NewUser {
  id: number
  username: string
  key: string
  hash: string
}

/** The slow part, before the transaction: is the name free, what is the hash, which id. */
async function prepare(call: Call, { username, password }: { username: string; password: string }): Promise<NewUser> {
  const { sql, app, services } = call
  acceptable(app, password, 'password')
  const key = usernameKey(username)
  if (await findAccountByUsername(sql, app.app_id, key)) fail('user_exists')
  const hash = await services.passwords.hash(password)
  return { id: await services.ids.next(app.app_id), username, key, hash }
}

/** An import may have brought a user of the id that was to be the next one: then the one after it is tried. */
async function underFreeId(call: Call, user: NewUser, work: (user: NewUser) => Promise<unknown>): Promise<number> {
  const { sql, app, services } = call
  for (let id = user.id; ; id = await services.ids.next(app.app_id))
    try {
      await work({ ...user, id })
      tellActivity(services.bus, app.app_id, 'registered', { user: id })
      return id
    } catch (error) {
      const isTaken = error instanceof ApiError && error.failure === 'user_exists'
      if (!isTaken || (await findAccountByUsername(sql, app.app_id, user.key))) throw error
    }
}

async function enrol(sql: Sql, { app, services }: Call, user: NewUser) {
  if (!(await countOfApp(sql, app.app_id, 1, app.user_cap))) fail('user_limit_reached')
  try {
    await insertUser(sql, app.app_id, user, services.now())
  } catch (error) {
    // Somebody has taken the name meanwhile, or an import the id.
    if (error instanceof ConstraintError && error.kind === 'unique') fail('user_exists')
    throw error
  }
  await countRegistration(sql, app.app_id, Math.floor(services.now() / hour))
  await insertSettings(sql, app.app_id, user.id)
  await countUser(sql, app.app_id, user.id, 1)
  await announce(sql, app.app_id, 'user.registered', { user_id: user.id }, services.now())
}

/** hex(HMAC-SHA256(app secret, app_id \n username \n device_guid \n push_token)); an admin may leave it out. */
function checkSignature({ app, kind, input, services }: Call<(typeof accounts)['registerPush']>) {
  if (!app.push_signature || (kind === 'admin' && input.sign === undefined)) return
  const text = [app.app_id, input.username, input.device_guid ?? '', input.push_token ?? ''].join('\n')
  const right = createHmac('sha256', services.secretOf(app)).update(text).digest()
  const given = Buffer.from(input.sign ?? '', 'hex')
  if (given.length !== right.length || !timingSafeEqual(given, right)) fail('signature_invalid')
}
