import type { Sql } from '../storage/sql.ts'

/** What decides at the moment of sending whether, and how, a user is pushed to. */
export interface SubjectRow {
  user_id: number
  status: number
  no_push: number
  no_push_detail: number
  no_push_start_hour: number
  no_push_end_hour: number
  silence_start_time: number
  silence_end_time: number
  no_sounds: number
  time_zone: string
}

export const listSubjects = (sql: Sql, app: string, users: readonly number[]) => sql<SubjectRow>`
    select u.user_id, u.status, s.no_push, s.no_push_detail, s.no_push_start_hour, s.no_push_end_hour,
           s.silence_start_time, s.silence_end_time, s.no_sounds, s.time_zone
      from users u join settings s on s.app_id = u.app_id and s.user_id = u.user_id
     where u.app_id = ${app} and u.user_id in ${sql(users)}`

/** The token is switched off unless it was bound after `since` (ms), or is off already. */
export const killToken = (
  sql: Sql,
  app: string,
  notifier: string,
  token: string,
  { reason, since, now }: { reason: string; since: number; now: number },
) => sql`
    update bindings
       set dead_at = ${now}, dead_reason = ${reason}
     where app_id = ${app} and notifier_name = ${notifier} and device_token = ${token} and dead_at = 0
       and bound_at <= ${since}`

/** Nothing is tried under the notifier until then. */
export const parkNotifier = (
  sql: Sql,
  app: string,
  name: string,
  version: number,
  until: number,
  reason: string,
) => sql`
    update notifiers
       set parked_until = ${until}, parked_reason = ${reason}
     where app_id = ${app} and name = ${name} and version = ${version}`

/** The push nickname, else the nickname, else the username; undefined where there is no such user any more. */
export async function findSenderName(sql: Sql, app: string, user: number) {
  const [found] = await sql<{ push_nick_name: string; nick_name: string; username: string }>`
    select s.push_nick_name, u.nick_name, u.username
      from users u join settings s on s.app_id = u.app_id and s.user_id = u.user_id
     where u.app_id = ${app} and u.user_id = ${user}`
  return found && (found.push_nick_name || found.nick_name || found.username)
}
