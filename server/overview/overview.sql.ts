import type { Sql } from '../storage/sql.ts'

/** Inside the transaction that makes the user. */
export const countRegistration = (sql: Sql, app: string, hour: number) => sql`
    insert into registrations (app_id, hour, users)
    values (${app}, ${hour}, ${1})
        on conflict (app_id, hour) do update set users = registrations.users + 1`

export const listRegistrations = (sql: Sql, app: string, from: number) => sql<{ hour: number; users: number }>`
    select hour, users
      from registrations
     where app_id = ${app} and hour >= ${from}
     order by hour
     limit ${1000}`

/** Users who are connected to nodes that were heard of after `since` (ms); stops at `most`. */
export async function countOnline(sql: Sql, app: string, since: number, most: number) {
  const [counted] = await sql<{ users: number }>`
    select count(*) as users
      from (select l.user_id
              from leases l join nodes n on n.node_id = l.node_id
             where l.app_id = ${app} and n.renewed_at > ${since}
             group by l.user_id
             limit ${most}) as connected`
  return counted?.users ?? 0
}

/** The users whose devices have the lowest and the highest ids; undefined where there are no devices. */
export async function findSpan(sql: Sql, app: string) {
  const [first] = await sql<{ user_id: number }>`
    select user_id
      from devices
     where app_id = ${app}
     order by user_id
     limit ${1}`
  const [last] = await sql<{ user_id: number }>`
    select user_id
      from devices
     where app_id = ${app}
     order by user_id desc
     limit ${1}`
  return first && last && { first: first.user_id, last: last.user_id }
}

/** Devices of users from `from` up to `to` (inclusive), in the order of the users. */
export const sampleDevices = (sql: Sql, app: string, from: number, to: number, size: number) =>
  sql<{ user_id: number; platform: number }>`
    select user_id, platform
      from devices
     where app_id = ${app} and user_id >= ${from} and user_id <= ${to}
     order by user_id
     limit ${size}`

/** What became of the newest `most` tasks since `from` (ms), by kind of figure. */
export const sumPushes = (sql: Sql, app: string, from: number, most: number) =>
  sql<{ kind: string; devices: number }>`
    select kind, cast(sum(devices) as bigint) as devices
      from push_counts
     where app_id = ${app} and task_id in
           (select task_id from push_tasks where app_id = ${app} and created_at >= ${from}
             order by created_at desc limit ${most})
     group by kind`

export async function countTasks(sql: Sql, app: string, from: number, most: number) {
  const [counted] = await sql<{ tasks: number }>`
    select count(*) as tasks
      from (select task_id from push_tasks where app_id = ${app} and created_at >= ${from} limit ${most}) as recent`
  return counted?.tasks ?? 0
}

/** Jobs that wait, `most` at the most, and when the first of these was due (ms). */
export async function lookAtQueue(sql: Sql, app: string, most: number) {
  const [queue] = await sql<{ jobs: number; oldest: number | null }>`
    select count(*) as jobs, min(due_at) as oldest
      from (select due_at from push_jobs where app_id = ${app} limit ${most}) as waiting`
  return queue ?? { jobs: 0, oldest: null }
}
