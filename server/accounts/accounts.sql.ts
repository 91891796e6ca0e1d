import { pointRead, type Sql } from '../storage/sql.ts'

export const banned = 1

/** What signing in and changing passwords need to know of a user. */
export interface Account {
  user_id: number
  password_hash: string
  must_change_password: number
  status: number
}

export const findAccount = pointRead<number, Account>(
  (sql, app, users) => sql`
    select user_id, password_hash, must_change_password, status
      from users
     where app_id = ${app} and user_id in ${sql(users)}`,
  row => row.user_id,
)

/**
 * Inside a transaction, before what it looks at and then writes: until its end nobody else who locks the user goes on, be
 * it here or on another node.
 */
export const lockUser = (sql: Sql, app: string, user: number) => sql`
    select user_id
      from users
     where app_id = ${app} and user_id = ${user}
       for no key update`

export async function findAccountByUsername(sql: Sql, app: string, key: string) {
  const [account] = await sql<Account>`
    select user_id, password_hash, must_change_password, status
      from users
     where app_id = ${app} and username_key = ${key}`
  return account
}

export async function findAccountByMobile(sql: Sql, app: string, mobile: string) {
  const [account] = await sql<Account>`
    select user_id, password_hash, must_change_password, status
      from users
     where app_id = ${app} and mobile = ${mobile} and mobile <> ''`
  return account
}

export async function findAccountByEmail(sql: Sql, app: string, email: string) {
  const [account] = await sql<Account>`
    select user_id, password_hash, must_change_password, status
      from users
     where app_id = ${app} and email = ${email} and email <> ''`
  return account
}

export const findTombstone = pointRead<number, { user_id: number }>(
  (sql, app, users) => sql`
    select user_id
      from deleted_users
     where app_id = ${app} and user_id in ${sql(users)}`,
  row => row.user_id,
)

export const insertUser = (
  sql: Sql,
  app: string,
  user: { id: number; username: string; key: string; hash: string },
  now: number,
) => sql`
    insert into users (app_id, user_id, username, username_key, password_hash, created_at, devices_version)
    values (${app}, ${user.id}, ${user.username}, ${user.key}, ${user.hash}, ${now}, ${now})`

/** Returns false when there is no such user; fails on a unique constraint when the name is taken. */
export async function setUsername(sql: Sql, app: string, user: number, username: string, key: string) {
  const changed = await sql`
    update users
       set username = ${username}, username_key = ${key}
     where app_id = ${app} and user_id = ${user}
    returning user_id`
  return changed.length === 1
}

/** Likewise. */
export async function setMobile(sql: Sql, app: string, user: number, mobile: string) {
  const changed = await sql`
    update users
       set mobile = ${mobile}
     where app_id = ${app} and user_id = ${user}
    returning user_id`
  return changed.length === 1
}

/** Changes nothing, and returns false, where the hash is no longer `old`. */
export async function replacePassword(sql: Sql, app: string, user: number, old: string, hash: string) {
  const changed = await sql`
    update users
       set password_hash = ${hash}, must_change_password = ${0}
     where app_id = ${app} and user_id = ${user} and password_hash = ${old}
    returning user_id`
  return changed.length === 1
}

/** The same password, hashed at today's cost. */
export const renewHash = (sql: Sql, app: string, user: number, old: string, hash: string) => sql`
    update users
       set password_hash = ${hash}
     where app_id = ${app} and user_id = ${user} and password_hash = ${old}`

export async function setPassword(sql: Sql, app: string, user: number, hash: string, mustChange: number) {
  const changed = await sql`
    update users
       set password_hash = ${hash}, must_change_password = ${mustChange}
     where app_id = ${app} and user_id = ${user}
    returning user_id`
  return changed.length === 1
}

export async function setStatus(sql: Sql, app: string, user: number, status: number) {
  const changed = await sql`
    update users
       set status = ${status}
     where app_id = ${app} and user_id = ${user}
    returning user_id`
  return changed.length === 1
}

/** Everything that hangs on the user goes with it. */
export async function deleteUser(sql: Sql, app: string, user: number) {
  const gone = await sql`
    delete from users
     where app_id = ${app} and user_id = ${user}
    returning user_id`
  return gone.length === 1
}

export const insertTombstone = (sql: Sql, app: string, user: number, now: number) => sql`
    insert into deleted_users (app_id, user_id, deleted_at)
    values (${app}, ${user}, ${now})`
