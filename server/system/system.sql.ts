import type { Sql } from '../storage/sql.ts'

export const listNodes = (sql: Sql, size: number) => sql<{ node_id: string; renewed_at: number }>`
    select node_id, renewed_at
      from nodes
     order by renewed_at desc
     limit ${size}`

export const listMigrations = (sql: Sql, size: number) => sql<{ name: string; applied_at: number }>`
    select name, applied_at
      from migrations
     order by name
     limit ${size}`

/** Of all apps; stops counting at `most`. */
export async function countJobs(sql: Sql, most: number) {
  const [count] = await sql<{ jobs: number }>`
    select count(*) as jobs
      from (select 1 as job from push_jobs limit ${most}) as counted`
  return count?.jobs ?? 0
}

/** When the oldest job of the lane was due, in ms; undefined where it has none. */
export async function findOldestDue(sql: Sql, lane: number) {
  const [job] = await sql<{ due_at: number }>`
    select due_at
      from push_jobs
     where lane = ${lane}
     order by due_at
     limit ${1}`
  return job?.due_at
}

/** Of all apps: notifiers whose vendor refuses their credentials. */
export const listParked = (sql: Sql, now: number, size: number) => sql<{
  app_id: string
  name: string
  reason: string
  parked_until: number
}>`
    select app_id, name, parked_reason as reason, parked_until
      from notifiers
     where parked_until > ${now} and disabled = ${0}
     order by app_id, name
     limit ${size}`

/** In bytes; PostgreSQL alone knows it in a statement. */
export async function findSize(sql: Sql) {
  const [size] = await sql<{ bytes: number }>`
    select pg_database_size(current_database()) as bytes`
  return size?.bytes ?? 0
}
