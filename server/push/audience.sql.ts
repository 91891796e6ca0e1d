import type { Sql } from '../storage/sql.ts'

/** Users of the app after `after`, up to `last`, in the order of their ids. */
export const listUsersAfter = (sql: Sql, app: string, after: number, last: number, most: number) =>
  sql<{ user_id: number }>`
    select user_id
      from users
     where app_id = ${app} and user_id > ${after} and user_id <= ${last}
     order by user_id
     limit ${most}`

/** The `nth` user after `after`, up to `last`; undefined where there are fewer. */
export async function findNthUser(sql: Sql, app: string, after: number, last: number, nth: number) {
  const [found] = await sql<{ user_id: number }>`
    select user_id
      from users
     where app_id = ${app} and user_id > ${after} and user_id <= ${last}
     order by user_id
     limit 1 offset ${nth - 1}`
  return found?.user_id
}

export async function findLastUser(sql: Sql, app: string) {
  const [last] = await sql<{ user_id: number | null }>`
    select max(user_id) as user_id
      from users
     where app_id = ${app}`
  return last?.user_id ?? 0
}

export const listTaggedAfter = (sql: Sql, app: string, tag: string, after: number, most: number) =>
  sql<{ user_id: number }>`
    select user_id
      from tags
     where app_id = ${app} and tag = ${tag} and user_id > ${after}
     order by user_id
     limit ${most}`

export const listAliased = (sql: Sql, app: string, aliases: readonly string[]) => sql<{ user_id: number }>`
    select user_id
      from aliases
     where app_id = ${app} and alias in ${sql(aliases)}`

export const listByPushToken = (sql: Sql, app: string, tokens: readonly string[]) =>
  sql<{ user_id: number; device_sn: number }>`
    select user_id, device_sn
      from devices
     where app_id = ${app} and push_token in ${sql(tokens)}`

export interface TargetDevice {
  user_id: number
  device_sn: number
  platform: number
}

export const listDevicesOf = (sql: Sql, app: string, users: readonly number[]) => sql<TargetDevice>`
    select user_id, device_sn, platform
      from devices
     where app_id = ${app} and user_id in ${sql(users)}`

export interface Bound {
  user_id: number
  device_sn: number
  notifier_name: string
  device_token: string
  bound_at: number
  dead_at: number
  dead_reason: string
}

export const listBoundOf = (sql: Sql, app: string, users: readonly number[]) => sql<Bound>`
    select user_id, device_sn, notifier_name, device_token, bound_at, dead_at, dead_reason
      from bindings
     where app_id = ${app} and user_id in ${sql(users)}`

/** A device and one of its bindings; nulls where it has none. */
export interface DeviceRow extends TargetDevice {
  notifier_name: string | null
  bound_at: number | null
  dead_at: number | null
  dead_reason: string | null
}

/** The bindings of a device follow one another. */
export const listTargetsOf = (sql: Sql, app: string, users: readonly number[]) => sql<DeviceRow>`
    select d.user_id, d.device_sn, d.platform, b.notifier_name, b.bound_at, b.dead_at, b.dead_reason
      from devices d
           left join bindings b on b.app_id = d.app_id and b.user_id = d.user_id and b.device_sn = d.device_sn
     where d.app_id = ${app} and d.user_id in ${sql(users)}
     order by d.user_id, d.device_sn`

/** Likewise, of all users after `after`, up to `last`. */
export const listTargetsBetween = (sql: Sql, app: string, after: number, last: number) => sql<DeviceRow>`
    select d.user_id, d.device_sn, d.platform, b.notifier_name, b.bound_at, b.dead_at, b.dead_reason
      from devices d
           left join bindings b on b.app_id = d.app_id and b.user_id = d.user_id and b.device_sn = d.device_sn
     where d.app_id = ${app} and d.user_id > ${after} and d.user_id <= ${last}
     order by d.user_id, d.device_sn`

/** Adds to the badges of these users, and returns them all. */
export const addBadges = (sql: Sql, app: string, users: readonly number[], add: number) =>
  sql<{ user_id: number; badge: number }>`
    update settings
       set badge = case when badge + ${add} > 99999 then 99999 else badge + ${add} end
     where app_id = ${app} and user_id in ${sql(users)}
    returning user_id, badge`

/** Likewise, of all users after `after`, up to `last`. */
export const addBadgesBetween = (sql: Sql, app: string, after: number, last: number, add: number) =>
  sql<{ user_id: number; badge: number }>`
    update settings
       set badge = case when badge + ${add} > 99999 then 99999 else badge + ${add} end
     where app_id = ${app} and user_id > ${after} and user_id <= ${last}
    returning user_id, badge`

export const setBadges = (sql: Sql, app: string, users: readonly number[], badge: number) => sql`
    update settings
       set badge = ${badge}
     where app_id = ${app} and user_id in ${sql(users)}`

/** Likewise, of all users after `after`, up to `last`. */
export const setBadgesBetween = (sql: Sql, app: string, after: number, last: number, badge: number) => sql`
    update settings
       set badge = ${badge}
     where app_id = ${app} and user_id > ${after} and user_id <= ${last}`
