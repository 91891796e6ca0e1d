import type { Sql } from '../storage/sql.ts'

/** A user that a source comes upon, and where in the order of the source it stands. */
export interface Hit {
  user_id: number
  key: string | number
}

/** After every text that begins with what comes before it. */
const last = '\u{10ffff}'

/** Ids from `from` to `to`, both included. */
export const hitsById = (sql: Sql, app: string, from: number, to: number, size: number) => sql<Hit>`
    select user_id, user_id as key
      from users
     where app_id = ${app} and user_id >= ${from} and user_id <= ${to}
     order by user_id
     limit ${size}`

export const hitsByUsername = (sql: Sql, app: string, prefix: string, after: string, size: number) => sql<Hit>`
    select user_id, username_key as key
      from users
     where app_id = ${app} and username_key >= ${prefix} and username_key < ${prefix + last} and username_key > ${after}
     order by username_key
     limit ${size}`

export const hitsByMobile = (sql: Sql, app: string, prefix: string, after: string, size: number) => sql<Hit>`
    select user_id, mobile as key
      from users
     where app_id = ${app} and mobile >= ${prefix} and mobile < ${prefix + last} and mobile > ${after} and mobile <> ''
     order by mobile
     limit ${size}`

export const hitsByEmail = (sql: Sql, app: string, prefix: string, after: string, size: number) => sql<Hit>`
    select user_id, email as key
      from users
     where app_id = ${app} and email >= ${prefix} and email < ${prefix + last} and email > ${after} and email <> ''
     order by email
     limit ${size}`

/** Many users may have one nickname, so the order goes on by their ids. */
export const hitsByNickname = (
  sql: Sql,
  app: string,
  prefix: string,
  after: string,
  user: number,
  size: number,
) => sql<Hit>`
    select user_id, lower(nick_name) as key
      from users
     where app_id = ${app} and (lower(nick_name), user_id) > (lower(${after}), ${user})
       and lower(nick_name) < lower(${prefix}) || ${last}
     order by lower(nick_name), user_id
     limit ${size}`

/** The newest first: registered not before `from` (ms), and before the user `user` who was registered at `at`. */
export const hitsByAge = (sql: Sql, app: string, from: number, at: number, user: number, size: number) => sql<Hit>`
    select user_id, created_at as key
      from users
     where app_id = ${app} and created_at >= ${from} and (created_at, user_id) < (${at}, ${user})
     order by created_at desc, user_id desc
     limit ${size}`

export const hitsByBan = (sql: Sql, app: string, after: number, size: number) => sql<Hit>`
    select user_id, user_id as key
      from users
     where app_id = ${app} and status = 1 and user_id > ${after}
     order by user_id
     limit ${size}`

export const hitsByPlatform = (sql: Sql, app: string, platform: number, after: number, size: number) => sql<Hit>`
    select user_id, user_id as key
      from devices
     where app_id = ${app} and platform = ${platform} and user_id > ${after}
     group by user_id
     order by user_id
     limit ${size}`

/** Whoever is connected to a node that was heard of after `since` (ms). */
export const hitsByLease = (sql: Sql, app: string, since: number, after: number, size: number) => sql<Hit>`
    select l.user_id, l.user_id as key
      from leases l join nodes n on n.node_id = l.node_id
     where l.app_id = ${app} and l.user_id > ${after} and n.renewed_at > ${since}
     group by l.user_id
     order by l.user_id
     limit ${size}`

export interface UserRow {
  user_id: number
  username: string
  nick_name: string
  mobile: string
  email: string
  avatar: string
  status: number
  registered_at: number
}

export const listUserRows = (sql: Sql, app: string, users: readonly number[]) => sql<UserRow>`
    select user_id, username, nick_name, mobile, email, avatar, status, created_at as registered_at
      from users
     where app_id = ${app} and user_id in ${sql(users)}`

/** For each platform of a user when a device of it was last seen. */
export const listPlatforms = (sql: Sql, app: string, users: readonly number[]) => sql<{
  user_id: number
  platform: number
  seen_at: number
}>`
    select user_id, platform, max(seen_at) as seen_at
      from devices
     where app_id = ${app} and user_id in ${sql(users)}
     group by user_id, platform
     order by user_id, platform`
