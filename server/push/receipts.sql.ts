import type { Sql } from '../storage/sql.ts'

export const listReceipts = (sql: Sql, app: string, task: number, user: number) =>
  sql<{ device_sn: number; at: number }>`
    select device_sn, at
      from push_receipts
     where app_id = ${app} and user_id = ${user} and task_id = ${task}`

/** False where the device had confirmed it before. */
export async function insertReceipt(
  sql: Sql,
  app: string,
  { user, device, task, now }: { user: number; device: number; task: number; now: number },
) {
  const made = await sql`
    insert into push_receipts (app_id, user_id, device_sn, task_id, at)
    values (${app}, ${user}, ${device}, ${task}, ${now})
        on conflict (app_id, user_id, device_sn, task_id) do nothing
    returning device_sn`
  return made.length === 1
}

export async function markCounted(sql: Sql, app: string, task: number, user: number, device: number) {
  const marked = await sql`
    update push_receipts
       set counted = ${1}
     where app_id = ${app} and user_id = ${user} and device_sn = ${device} and task_id = ${task} and counted = ${0}
    returning device_sn`
  return marked.length === 1
}

/** Of the task and of users from `first` to `last`, those that no figure counts yet. */
export const listUncounted = (sql: Sql, app: string, task: number, first: number, last: number) =>
  sql<{ user_id: number; device_sn: number }>`
    select user_id, device_sn
      from push_receipts
     where app_id = ${app} and task_id = ${task} and counted = 0 and user_id >= ${first} and user_id <= ${last}
     limit ${10_000}`
