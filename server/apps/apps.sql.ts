import type { Sql } from '../storage/sql.ts'

/** An app and its policy, as the columns say it. */
export interface App {
  app_id: string
  name: string
  secret: string
  frozen: number
  open_registration: number
  user_cap: number
  device_cap: number
  password_minimum: number
  token_days: number
  origins: string
  time_zone: string
  push_signature: number
  push: number
  created_at: number
}

export async function findApp(sql: Sql, app: string) {
  const [found] = await sql<App>`
    select app_id, name, secret, frozen, open_registration, user_cap, device_cap, password_minimum, token_days,
           origins, time_zone, push_signature, push, created_at
      from apps
     where app_id = ${app}`
  return found
}

export const listApps = (sql: Sql) => sql<App>`
    select app_id, name, secret, frozen, open_registration, user_cap, device_cap, password_minimum, token_days,
           origins, time_zone, push_signature, push, created_at
      from apps
     order by created_at, app_id`

/** In the order of their making, after the one that was made at `at` (ms) with this id. */
export const listAppsAfter = (sql: Sql, at: number, id: string, size: number) => sql<App>`
    select app_id, name, secret, frozen, open_registration, user_cap, device_cap, password_minimum, token_days,
           origins, time_zone, push_signature, push, created_at
      from apps
     where created_at >= ${at} and (created_at > ${at} or app_id > ${id})
     order by created_at, app_id
     limit ${size}`

export const updateSecret = (sql: Sql, app: string, secret: string) => sql`
    update apps
       set secret = ${secret}
     where app_id = ${app}
    returning app_id`

export const insertApp = (sql: Sql, app: App) => sql`
    insert into apps (app_id, name, secret, frozen, open_registration, user_cap, device_cap, password_minimum,
                      token_days, origins, time_zone, push_signature, push, created_at)
    values (${app.app_id}, ${app.name}, ${app.secret}, ${app.frozen}, ${app.open_registration}, ${app.user_cap},
            ${app.device_cap}, ${app.password_minimum}, ${app.token_days}, ${app.origins}, ${app.time_zone},
            ${app.push_signature}, ${app.push}, ${app.created_at})`

/** Returns false when there is no such app. */
export async function updateApp(sql: Sql, app: App) {
  const changed = await sql`
    update apps
       set name = ${app.name}, frozen = ${app.frozen}, open_registration = ${app.open_registration},
           user_cap = ${app.user_cap}, device_cap = ${app.device_cap}, password_minimum = ${app.password_minimum},
           token_days = ${app.token_days}, origins = ${app.origins}, time_zone = ${app.time_zone},
           push_signature = ${app.push_signature}, push = ${app.push}
     where app_id = ${app.app_id}
    returning app_id`
  return changed.length === 1
}

/** Takes `size` ids and returns the first of them. */
export async function takeIds(sql: Sql, app: string, kind: string, start: number, size: number) {
  const [block] = await sql<{ next_id: number }>`
    insert into id_blocks (app_id, kind, next_id)
    values (${app}, ${kind}, ${start + size})
        on conflict (app_id, kind) do update set next_id = id_blocks.next_id + ${size}
    returning next_id`
  return (block as { next_id: number }).next_id - size
}
