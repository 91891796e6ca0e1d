import type { Sql } from '../storage/sql.ts'

export type Row = Record<string, string | number | null>

/** What an admin may change of an account and a profile. */
export async function lookAtAccount(sql: Sql, app: string, user: number) {
  const [row] = await sql<Row>`
    select username, status, must_change_password, password_hash, mobile, email, nick_name, avatar, description,
           private_info, public_info
      from users
     where app_id = ${app} and user_id = ${user}`
  return row
}

export async function lookAtSettings(sql: Sql, app: string, user: number) {
  const [row] = await sql<Row>`
    select *
      from settings
     where app_id = ${app} and user_id = ${user}`
  return row
}

/** The user's devices, each with whether it is signed in and where its pushes go. */
export const lookAtDevices = (sql: Sql, app: string, user: number, now: number) => sql<{
  device_sn: number
  signed_in: number
  notifier_name: string | null
}>`
    select d.device_sn, case when t.token_hash is null then 0 else 1 end as signed_in, b.notifier_name
      from devices d
      left join user_tokens t
        on t.app_id = d.app_id and t.user_id = d.user_id and t.device_sn = d.device_sn
       and t.ended_at = ${0} and +t.expires_at > ${now}
      left join bindings b
        on b.app_id = d.app_id and b.user_id = d.user_id and b.device_sn = d.device_sn
     where d.app_id = ${app} and d.user_id = ${user}
     order by d.device_sn, b.notifier_name`
