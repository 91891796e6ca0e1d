import type { Command } from 'commander'
import { Password } from '../../contract/fields.ts'
import { findAccountByUsername, findTombstone } from '../accounts/accounts.sql.ts'
import { ban, deleteAccount, unban } from '../accounts/ending.ts'
import { assignPassword } from '../accounts/password-changes.ts'
import { loadHasher, Passwords } from '../accounts/passwords.ts'
import { usernameKey } from '../accounts/usernames.ts'
import type { App } from '../apps/apps.sql.ts'
import { byOperator } from '../audit/operator.ts'
import { theUser } from '../audit/subjects.ts'
import { readerOf } from '../http/values.ts'
import { findProfile, type Profile } from '../profiles/profiles.sql.ts'
import type { Sql } from '../storage/sql.ts'
import { askPassword, confirm, readPassword } from './ask.ts'
import { command, does, group, type OfApp } from './command.ts'
import { appOption, type Offline, offline, theApp } from './offline.ts'
import type { Answer } from './print.ts'
import { reportUser } from './user-report.ts'

const who = 'A user is named by id or by username.'

export function declare(program: Command) {
  const users = group(program, 'user', `Users: look one up, ban, delete, set a password. ${who}`)
  const one = (usage: string, about: string, ...examples: string[]) =>
    command(users, `${usage} <user>`, `${about} ${who}`, ...examples).option(...appOption)

  does(
    one(
      'show',
      'Shows a user: profile, devices and their sessions, bindings, tags, what ended lately.',
      'user show ann',
    ).option('--private', 'show the private information too'),
    show,
  )
  does(one('ban', 'Bans a user: signed out everywhere, and sign-in is refused.', 'user ban ann'), banOne)
  does(one('unban', 'Lifts a ban. The user signs in anew; old tokens stay dead.', 'user unban 1001'), unbanOne)
  does(
    one(
      'delete',
      'Deletes a user and everything about it, for good.',
      'user delete ann',
      'user delete 1001 --yes',
    ).option('--yes', 'do not ask'),
    deleteOne,
  )
  does(
    one(
      'password',
      'Sets a new password, read from the terminal without showing it, and signs every device out.',
      'user password ann --must-change',
      'user password 1001 --stdin < new-password.txt',
    )
      .option('--stdin', 'read the password from the standard input')
      .option('--must-change', 'ask the user to change it at the next sign-in'),
    setPassword,
  )
}

/** Opens the data folder and finds the app and the user; what is written is noted as `act`. */
function withUser<T>(
  options: OfApp,
  [named = '']: string[],
  act: string,
  work: (found: Found) => Promise<T>,
): Promise<T> {
  return offline(options, async opened => {
    const app = await theApp(opened.sql, options.app)
    const user = await findUser(opened.sql, app, named)
    const services = byOperator(opened, app.app_id, act, theUser(app.app_id, user.user_id, 'accounts'))
    return work({ ...services, services, app, user, called: `${user.username} (${user.user_id})` })
  })
}

interface Found extends Offline {
  services: Offline
  app: App
  user: Profile
  /** Name and id, for people. */
  called: string
}

/** A username is never all digits, so digits are an id. */
async function findUser(sql: Sql, app: App, named: string): Promise<Profile> {
  const id = /^\d{1,16}$/.test(named)
    ? Number(named)
    : (await findAccountByUsername(sql, app.app_id, usernameKey(named)))?.user_id
  const user = id !== undefined && Number.isSafeInteger(id) && (await findProfile(sql, app.app_id, id))
  if (user) return user
  if (id !== undefined && (await findTombstone(sql, app.app_id, id)))
    throw new Error(`user ${id} of app ${app.app_id} was deleted: nothing else about it is kept`)
  throw new Error(
    `app ${app.app_id} (${app.name}) has no user ${JSON.stringify(named)}: give an id or a whole username`,
  )
}

const show = (options: OfApp & { private?: boolean }, words: string[]) =>
  withUser(options, words, 'user show', ({ sql, now, app, user }) =>
    reportUser(sql, app.app_id, user, now(), options.private ?? false),
  )

const about = ({ app, user }: Found) => ({ app_id: app.app_id, user_id: user.user_id, username: user.username })

const banOne = (options: OfApp, words: string[]) =>
  withUser(options, words, 'user ban', async (found): Promise<Answer> => {
    await ban(found, found.app.app_id, [found.user.user_id])
    return {
      data: { ...about(found), status: 'banned' },
      text: `${found.called} is banned, and signed out everywhere.`,
    }
  })

const unbanOne = (options: OfApp, words: string[]) =>
  withUser(options, words, 'user unban', async (found): Promise<Answer> => {
    await unban(found, found.app.app_id, [found.user.user_id])
    return { data: { ...about(found), status: 'normal' }, text: `${found.called} may sign in again.` }
  })

const deleteOne = (options: OfApp & { yes?: boolean }, words: string[]) =>
  withUser(options, words, 'user delete', async (found): Promise<Answer> => {
    const question = `Delete ${found.called} of app ${found.app.app_id}, and everything about it, for good?`
    if (!options.yes && !(await confirm(question))) throw new Error('not confirmed: nothing was deleted')
    await deleteAccount(found, found.app.app_id, found.user.user_id)
    return { data: { ...about(found), deleted: true }, text: `${found.called} is deleted.` }
  })

const readNew = readerOf(Password)

const setPassword = (options: OfApp & { stdin?: boolean; mustChange?: boolean }, words: string[]) =>
  withUser(options, words, 'user password', async (found): Promise<Answer> => {
    const { app, user, called } = found
    const mustChange = options.mustChange ?? false
    const password = readNew(await (options.stdin ? readPassword() : askPassword()), 'the password') as string
    const passwords = new Passwords(await loadHasher(), 1, 0)
    await assignPassword({ ...found.services, passwords }, app, user.user_id, password, mustChange)
    const must = mustChange ? ', and is asked to change it at the next sign-in' : ''
    return {
      data: { ...about(found), must_change_password: mustChange },
      text: `${called} has the new password${must}. All its devices are signed out.`,
    }
  })
