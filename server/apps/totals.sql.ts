import type { Sql } from '../storage/sql.ts'

/** Over all apps; from counters, so it costs a row an app. */
export async function totalUsers(sql: Sql) {
  const [total] = await sql<{ users: number | null }>`
    select sum(users) as users
      from user_counts
     where width = ${0} and slot = ${0} and app_id in (select app_id from apps)`
  return total?.users ?? 0
}

/** Over all apps. Walks the smallest index: for people and scrapers, never for a request of a client. */
export async function totalDevices(sql: Sql) {
  const [total] = await sql<{ devices: number }>`
    select count(*) as devices
      from devices`
  return total?.devices ?? 0
}

/** Whether anybody has made an app yet. */
export async function hasApps(sql: Sql) {
  const [app] = await sql`
    select app_id
      from apps
     limit ${1}`
  return app !== undefined
}

/** Inside a transaction: nobody else who asks for it has the turn until its end. */
export const takeTurn = (sql: Sql) => sql`
    select name
      from migrations
     order by name
     limit 1
       for no key update`
