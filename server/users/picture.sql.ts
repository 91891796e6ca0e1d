import type { Sql } from '../storage/sql.ts'

export interface AccountRow {
  user_id: number
  username: string
  nick_name: string
  mobile: string
  email: string
  avatar: string
  description: string
  public_info: string
  status: number
  must_change_password: number
  created_at: number
}

export async function findAccountRow(sql: Sql, app: string, user: number) {
  const [row] = await sql<AccountRow>`
    select user_id, username, nick_name, mobile, email, avatar, description, public_info, status,
           must_change_password, created_at
      from users
     where app_id = ${app} and user_id = ${user}`
  return row
}

export async function findBadge(sql: Sql, app: string, user: number) {
  const [row] = await sql<{ badge: number }>`
    select badge
      from settings
     where app_id = ${app} and user_id = ${user}`
  return row?.badge ?? 0
}

export const listDeviceRows = (sql: Sql, app: string, user: number) => sql<{
  device_sn: number
  device_guid: string
  platform: number
  user_agent: string
  created_at: number
  seen_at: number
}>`
    select device_sn, device_guid, platform, user_agent, created_at, seen_at
      from devices
     where app_id = ${app} and user_id = ${user}
     order by seen_at desc, device_sn desc`

/** Where pushes of the user's devices go, without the device tokens. */
export const listBindingRows = (sql: Sql, app: string, user: number) => sql<{
  device_sn: number
  notifier_name: string
  provider: number
  bound_at: number
  dead_at: number
  dead_reason: string
}>`
    select b.device_sn, b.notifier_name, n.provider, b.bound_at, b.dead_at, b.dead_reason
      from bindings b join notifiers n on n.app_id = b.app_id and n.name = b.notifier_name
     where b.app_id = ${app} and b.user_id = ${user}
     order by b.device_sn, b.notifier_name`

/** The user's tokens that are good. The `+` keeps SQLite from walking all live tokens of the app by their end. */
export const listSessionRows = (sql: Sql, app: string, user: number, now: number) => sql<{
  device_sn: number
  created_at: number
  expires_at: number
}>`
    select device_sn, created_at, expires_at
      from user_tokens
     where app_id = ${app} and user_id = ${user} and ended_at = ${0} and +expires_at > ${now}
     order by device_sn`

/** The user's connections to nodes that were heard of after `since` (ms). */
export const listConnectionRows = (sql: Sql, app: string, user: number, since: number) => sql<{
  device_sn: number
  connected_at: number
}>`
    select l.device_sn, l.connected_at
      from leases l join nodes n on n.node_id = l.node_id
     where l.app_id = ${app} and l.user_id = ${user} and n.renewed_at > ${since}
     order by l.connected_at`
