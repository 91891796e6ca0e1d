import { fail } from '../../contract/errors.ts'
import { eraseDetails } from '../audit/audit.sql.ts'
import { eraseEvents } from '../events/events.sql.ts'
import { eraseRows } from '../jobs/rows.sql.ts'
import { tellActivity } from '../overview/activity.ts'
import { forgetInPushes } from '../push/forgetting.ts'
import type { Services } from '../services.ts'
import { inOneAct } from '../tokens/revocation.ts'
import type { Session } from '../tokens/sessions.ts'
import { isTokenAlive, orphanTokens } from '../tokens/tokens.sql.ts'
import { announce } from '../webhooks/announcing.ts'
import { eraseEventsAbout } from '../webhooks/events.sql.ts'
import { type Account, banned, deleteUser, findAccount, insertTombstone, lockUser, setStatus } from './accounts.sql.ts'
import { absent } from './existence.ts'
import { countOfApp, countUser } from './pages.sql.ts'

type Needs = Pick<Services, 'sql' | 'sessions' | 'bus' | 'now' | 'scrub'>

/** Bans all of the users or, when one of them is unknown, none: status, tokens and bindings in one act. */
export const ban = (services: Needs, app: string, users: number[]) =>
  inOneAct(services, async (sql, end) => {
    for (const user of inOrder(users)) {
      if (!(await setStatus(sql, app, user, banned))) await absent(sql, app, user)
      await end({ app, user, device: 'all', kind: 'disabled' })
    }
  })

/** Each once, and everywhere in the same order, so that two lists do not wait for each other. */
const inOrder = (users: number[]) => [...new Set(users)].sort((a, b) => a - b)

/** Likewise; what the ban ended stays ended. */
export async function unban({ sql, bus, now }: Needs, app: string, users: number[]) {
  await sql.begin(async sql => {
    for (const user of inOrder(users)) {
      if (!(await setStatus(sql, app, user, 0))) await absent(sql, app, user)
      await announce(sql, app, 'user.unbanned', { user_id: user }, now())
    }
  })
  for (const user of inOrder(users)) tellActivity(bus, app, 'enabled', { user })
}

/**
 * Removes everything about the user but a tombstone without personal data. A user that deletes itself has `proven` its
 * password; that proof and its session must still hold when the transaction begins.
 */
export async function deleteAccount(services: Needs, app: string, user: number, proven?: Proof) {
  await inOneAct(services, async (sql, end) => {
    await lockUser(sql, app, user)
    if (proven) await mustStillHold(sql, app, proven, services.now())
    await end({ app, user, device: 'all', kind: 'deleted' })
    await orphanTokens(sql, app, user)
    await eraseEvents(sql, app, user)
    await eraseEventsAbout(sql, app, user)
    await eraseDetails(sql, app, user)
    await eraseRows(sql, app, user)
    await forgetInPushes(sql, app, user)
    if (!(await deleteUser(sql, app, user))) await absent(sql, app, user)
    await insertTombstone(sql, app, user, services.now())
    await countUser(sql, app, user, -1)
    await countOfApp(sql, app, -1, 0)
  })
  services.scrub()
}

/** A password that was found right, and the session that gave it. */
export interface Proof {
  account: Account
  session: Session | undefined
}

/** Hashing takes a while; a kick, a ban or another change of the password may have come first. */
export async function mustStillHold(sql: Services['sql'], app: string, { account, session }: Proof, now: number) {
  if (session && !(await isTokenAlive(sql, app, session.hash, now))) fail('session_over')
  const today = await findAccount(sql, app, account.user_id)
  if (today?.password_hash !== account.password_hash) fail('wrong_password')
}
