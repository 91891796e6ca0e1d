import { type Static, Type } from '@sinclair/typebox'
import { fail } from '../../contract/errors.ts'
import {
  Avatar,
  Description,
  Flag,
  Mobile,
  Nickname,
  Password,
  PrivateInfo,
  PublicInfo,
  UserId,
  Username,
} from '../../contract/fields.ts'
import type { App } from '../apps/apps.sql.ts'
import { readerOf } from '../http/values.ts'
import type { Services } from '../services.ts'
import { insertSettings } from '../settings/settings.sql.ts'
import { ConstraintError, type Sql } from '../storage/sql.ts'
import {
  banned,
  findAccount,
  findAccountByEmail,
  findAccountByMobile,
  findAccountByUsername,
  findTombstone,
} from './accounts.sql.ts'
import { foreignKinds, wrongWithHash } from './foreign-hashes.ts'
import { insertNewcomer, type Newcomer, passIds } from './imports.sql.ts'
import { countOfApp, countUser } from './pages.sql.ts'
import { acceptable } from './password-policy.ts'
import { usernameKey } from './usernames.ts'

/** A user to import: a username and a password or its hash are needed, everything else may be left out. */
const Line = Type.Object({
  username: Username,
  user_id: Type.Optional(UserId),
  password: Type.Optional(Password),
  password_hash: Type.Optional(Type.String({ maxLength: 512 })),
  must_change_password: Type.Optional(Flag),
  banned: Type.Optional(Flag),
  mobile: Type.Optional(Mobile),
  email: Type.Optional(
    Type.String({
      maxLength: 254,
      pattern: '^([^\\s@]{1,64}@[^\\s@]{1,189})?$',
      must: { en: 'must be an email address, or empty', zh: '必须是邮箱地址，或为空' },
    }),
  ),
  nick_name: Type.Optional(Nickname),
  avatar: Type.Optional(Avatar),
  description: Type.Optional(Description),
  private_info: Type.Optional(PrivateInfo),
  public_info: Type.Optional(PublicInfo),
  created_at: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_102_444_800_000 })),
})
export type ImportLine = Static<typeof Line>

const read = readerOf(Line)
const known = new Set(Object.keys(Line.properties))

/** Reads one line of a file; fails with `invalid_parameter`, which names the member and says what it must be. */
export function readLine(app: App, text: string): ImportLine {
  const value = parsed(text)
  const stranger = Object.keys(value).find(name => !known.has(name))
  if (stranger !== undefined)
    refuse(`has a member ${JSON.stringify(stranger)}, and may have ${[...known].join(', ')}`, '含有未知的成员')
  const line = read(value, 'line') as ImportLine
  if ((line.password === undefined) === (line.password_hash === undefined))
    refuse('needs either password or password_hash', '需要 password 或 password_hash 之一')
  if (line.password !== undefined) acceptable(app, line.password, 'password')
  const wrong = line.password_hash === undefined ? undefined : wrongWithHash(line.password_hash)
  if (wrong === 'unknown')
    refuse(`has a password_hash of no known kind (${foreignKinds.join(', ')})`, '的 password_hash 类型未知')
  if (wrong === 'too_costly') refuse('has a password_hash that costs too much to try', '的 password_hash 计算代价过高')
  return line
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // Said below, as of every line that is no object.
  }
  return refuse('must be one JSON object', '必须是一个 JSON 对象')
}

function refuse(en: string, zh: string): never {
  return fail('invalid_parameter', { en: `the line ${en}`, zh: `该行${zh}` })
}

type Needs = Pick<Services, 'sql' | 'now' | 'ids' | 'passwords'>
export type Imported = { user_id: number; existed: boolean }

/**
 * Makes the user, whole, in one transaction. One that is there already, by the same name and id, stays as it is: so a
 * file can be imported again. Fails with the same failures as a registration.
 */
export async function importUser(services: Needs, app: App, line: ImportLine): Promise<Imported> {
  const { sql, ids, passwords } = services
  const there = await mayCome(sql, app, line)
  if (there) return there
  const hash = line.password_hash ?? (await passwords.hash(line.password as string))
  for (;;) {
    const user_id = line.user_id ?? (await ids.next(app.app_id))
    try {
      await sql.begin(sql => enter(sql, app, newcomer(line, user_id, hash, services.now()), services.now()))
      return { user_id, existed: false }
    } catch (error) {
      if (!(error instanceof ConstraintError) || error.kind !== 'unique') throw error
      const there = await mayCome(sql, app, line)
      if (there) return there
    }
  }
}

/** Whether nothing stands in the way of the line; the user where it is there already. */
export async function mayCome(sql: Sql, { app_id }: App, line: ImportLine): Promise<Imported | undefined> {
  const { username, user_id, mobile, email } = line
  const named = await findAccountByUsername(sql, app_id, usernameKey(username))
  if (named && (user_id === undefined || named.user_id === user_id)) return { user_id: named.user_id, existed: true }
  if (named) fail('user_exists')
  if (user_id !== undefined) {
    if (await findAccount(sql, app_id, user_id)) fail('user_exists', idTaken)
    if (await findTombstone(sql, app_id, user_id)) fail('user_deleted')
  }
  if (mobile && (await findAccountByMobile(sql, app_id, mobile))) fail('mobile_bound')
  if (email && (await findAccountByEmail(sql, app_id, email.toLowerCase()))) fail('user_exists', emailTaken)
}

const idTaken = { en: 'the user_id is another user’s', zh: 'user_id 已被其他用户使用' }
const emailTaken = { en: 'the email is another user’s', zh: '邮箱已被其他用户使用' }

async function enter(sql: Sql, app: App, user: Newcomer, now: number) {
  if (!(await countOfApp(sql, app.app_id, 1, app.user_cap))) fail('user_limit_reached')
  await insertNewcomer(sql, app.app_id, user, now)
  await insertSettings(sql, app.app_id, user.user_id)
  await countUser(sql, app.app_id, user.user_id, 1)
  await passIds(sql, app.app_id, user.user_id)
}

const newcomer = (line: ImportLine, user_id: number, hash: string, now: number): Newcomer => ({
  user_id,
  username: line.username,
  username_key: usernameKey(line.username),
  password_hash: hash,
  must_change_password: line.must_change_password ? 1 : 0,
  status: line.banned ? banned : 0,
  mobile: line.mobile ?? '',
  email: (line.email ?? '').toLowerCase(),
  nick_name: line.nick_name ?? '',
  avatar: line.avatar ?? '',
  description: line.description ?? '',
  private_info: line.private_info ?? '',
  public_info: line.public_info ?? '',
  created_at: line.created_at ?? now,
})
