import { pointRead, type Sql } from '../storage/sql.ts'

/** The settings as columns: flags are 0 or 1. */
export interface SettingsRow {
  user_id: number
  auth_answer: string
  auth_mode: number
  auth_question: string
  auto_download: number
  group_confirm: number
  no_push: number
  no_push_detail: number
  no_push_end_hour: number
  no_push_start_hour: number
  no_sounds: number
  push_nick_name: string
  silence_end_time: number
  silence_start_time: number
  time_zone: string
  vibratory: number
}

/** What is undefined stays. */
export type SettingsChange = Partial<Omit<SettingsRow, 'user_id'>>

export const findSettings = pointRead<number, SettingsRow>(
  (sql, app, users) => sql`
    select user_id, auth_answer, auth_mode, auth_question, auto_download, group_confirm, no_push, no_push_detail,
           no_push_end_hour, no_push_start_hour, no_sounds, push_nick_name, silence_end_time, silence_start_time,
           time_zone, vibratory
      from settings
     where app_id = ${app} and user_id in ${sql(users)}`,
  row => row.user_id,
)

export const insertSettings = (sql: Sql, app: string, user: number) => sql`
    insert into settings (app_id, user_id)
    values (${app}, ${user})`

/** Returns false when there is no such user. */
export async function updateSettings(sql: Sql, app: string, user: number, change: SettingsChange) {
  const changed = await sql`
    update settings
       set auth_answer = coalesce(${change.auth_answer ?? null}, auth_answer),
           auth_mode = coalesce(${change.auth_mode ?? null}, auth_mode),
           auth_question = coalesce(${change.auth_question ?? null}, auth_question),
           auto_download = coalesce(${change.auto_download ?? null}, auto_download),
           group_confirm = coalesce(${change.group_confirm ?? null}, group_confirm),
           no_push = coalesce(${change.no_push ?? null}, no_push),
           no_push_detail = coalesce(${change.no_push_detail ?? null}, no_push_detail),
           no_push_end_hour = coalesce(${change.no_push_end_hour ?? null}, no_push_end_hour),
           no_push_start_hour = coalesce(${change.no_push_start_hour ?? null}, no_push_start_hour),
           no_sounds = coalesce(${change.no_sounds ?? null}, no_sounds),
           push_nick_name = coalesce(${change.push_nick_name ?? null}, push_nick_name),
           silence_end_time = coalesce(${change.silence_end_time ?? null}, silence_end_time),
           silence_start_time = coalesce(${change.silence_start_time ?? null}, silence_start_time),
           time_zone = coalesce(${change.time_zone ?? null}, time_zone),
           vibratory = coalesce(${change.vibratory ?? null}, vibratory)
     where app_id = ${app} and user_id = ${user}
    returning user_id`
  return changed.length === 1
}

/** Returns false when there is no such user. */
export async function setBadge(sql: Sql, app: string, user: number, badge: number) {
  const changed = await sql`
    update settings
       set badge = ${badge}
     where app_id = ${app} and user_id = ${user}
    returning user_id`
  return changed.length === 1
}
