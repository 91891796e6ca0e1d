import type { Sql } from '../storage/sql.ts'

/** All columns of the user but the hash of its password, and its name in lower case. */
export async function findWholeUser(sql: Sql, app: string, user: number) {
  const [row] = await sql<{
    user_id: number
    username: string
    nick_name: string
    mobile: string
    email: string
    avatar: string
    description: string
    private_info: string
    public_info: string
    status: number
    must_change_password: number
    registered_at: number
    devices_version: number
    last_device_sn: number
  }>`
    select user_id, username, nick_name, mobile, email, avatar, description, private_info, public_info, status,
           must_change_password, created_at as registered_at, devices_version, last_device_sn
      from users
     where app_id = ${app} and user_id = ${user}`
  return row
}

export const listWholeDevices = (sql: Sql, app: string, user: number, most: number) => sql<{
  device_sn: number
  device_guid: string
  platform: number
  user_agent: string
  push_token: string
  created_at: number
  seen_at: number
}>`
    select device_sn, device_guid, platform, user_agent, push_token, created_at, seen_at
      from devices
     where app_id = ${app} and user_id = ${user}
     order by device_sn desc
     limit ${most}`

export const listWholeBindings = (sql: Sql, app: string, user: number, most: number) => sql<{
  device_sn: number
  notifier_name: string
  device_token: string
  bound_at: number
  dead_at: number
  dead_reason: string
}>`
    select device_sn, notifier_name, device_token, bound_at, dead_at, dead_reason
      from bindings
     where app_id = ${app} and user_id = ${user}
     order by device_sn desc, notifier_name
     limit ${most}`

/** When the user was signed in where; without the hashes of the tokens. */
export const listWholeSessions = (sql: Sql, app: string, user: number, most: number) => sql<{
  device_sn: number
  created_at: number
  expires_at: number
  ended_at: number
}>`
    select device_sn, created_at, expires_at, ended_at
      from user_tokens
     where app_id = ${app} and user_id = ${user}
     order by created_at desc
     limit ${most}`

export const listWholeConnections = (sql: Sql, app: string, user: number, most: number) => sql<{
  device_sn: number
  connected_at: number
}>`
    select device_sn, connected_at
      from leases
     where app_id = ${app} and user_id = ${user}
     order by connected_at desc
     limit ${most}`

export const listWholeCaptures = (sql: Sql, app: string, user: number, most: number) => sql<{
  at: number
  notifier_name: string
  device_sn: number
  task_id: number
  payload: string
}>`
    select at, notifier_name, device_sn, task_id, payload
      from captures
     where app_id = ${app} and user_id = ${user}
     order by capture_id desc
     limit ${most}`

export const listWholeReceipts = (sql: Sql, app: string, user: number, most: number) => sql<{
  at: number
  device_sn: number
  task_id: number
}>`
    select at, device_sn, task_id
      from push_receipts
     where app_id = ${app} and user_id = ${user}
     order by task_id desc
     limit ${most}`

export const listWholeJobRows = (sql: Sql, app: string, user: number, most: number) => sql<{
  at: number
  job_id: number
  failure: string
}>`
    select at, job_id, failure
      from admin_job_rows
     where app_id = ${app} and user_id = ${user}
     order by job_id desc
     limit ${most}`
