import type { Sql } from '../storage/sql.ts'

export interface CaptureRow {
  capture_id: string
  at: number
  notifier_name: string
  task_id: number
  user_id: number
  device_sn: number
  payload: string
}

/** Writes nothing where the user is gone. The casts are for engines that ask what a selected parameter is. */
export const insertCapture = (
  sql: Sql,
  app: string,
  id: string,
  capture: { notifier: string; user: number; device: number; task: number; payload: string },
  now: number,
) => sql`
    insert into captures (app_id, capture_id, notifier_name, user_id, device_sn, task_id, payload, at)
    select app_id, cast(${id} as text), cast(${capture.notifier} as text), user_id, cast(${capture.device} as integer),
           cast(${capture.task} as bigint), cast(${capture.payload} as text), cast(${now} as bigint)
      from users
     where app_id = ${app} and user_id = ${capture.user}`

/** After `cursor`, oldest first. */
export const listCapturesAfter = (sql: Sql, app: string, cursor: string, most: number) => sql<CaptureRow>`
    select capture_id, at, notifier_name, task_id, user_id, device_sn, payload
      from captures
     where app_id = ${app} and capture_id > ${cursor}
     order by capture_id
     limit ${most}`

/** The newest, newest first. */
export const listLastCaptures = (sql: Sql, app: string, most: number) => sql<CaptureRow>`
    select capture_id, at, notifier_name, task_id, user_id, device_sn, payload
      from captures
     where app_id = ${app}
     order by capture_id desc
     limit ${most}`

/** Forgets all but the newest `most`. */
export const trimCaptures = (sql: Sql, app: string, most: number) => sql`
    delete from captures
     where app_id = ${app}
       and capture_id <= (select capture_id
                            from captures
                           where app_id = ${app}
                           order by capture_id desc
                           limit 1 offset ${most})`

/** Forgets up to 500 from before `then` (ms); returns how many. */
export async function purgeCaptures(sql: Sql, app: string, then: number) {
  const gone = await sql`
    delete from captures
     where app_id = ${app} and capture_id in
           (select capture_id from captures where app_id = ${app} and capture_id < ${then.toString(36).padStart(9, '0')} limit ${500})
    returning capture_id`
  return gone.length
}
