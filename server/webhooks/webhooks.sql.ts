import type { Sql } from '../storage/sql.ts'

export interface WebhookRow {
  webhook_id: number
  url: string
  description: string
  events: string
  sealed: string
  disabled: number
  reason: string
  created_at: number
  changed_at: number
}

export const insertWebhook = (sql: Sql, app: string, hook: WebhookRow) => sql`
    insert into webhooks (app_id, webhook_id, url, description, events, sealed, disabled, reason, created_at, changed_at)
    values (${app}, ${hook.webhook_id}, ${hook.url}, ${hook.description}, ${hook.events}, ${hook.sealed}, ${hook.disabled},
            ${hook.reason}, ${hook.created_at}, ${hook.changed_at})`

export const updateWebhook = (sql: Sql, app: string, hook: WebhookRow) => sql`
    update webhooks
       set url = ${hook.url}, description = ${hook.description}, events = ${hook.events}, sealed = ${hook.sealed},
           disabled = ${hook.disabled}, reason = ${hook.reason}, changed_at = ${hook.changed_at}
     where app_id = ${app} and webhook_id = ${hook.webhook_id}`

/** Unless it has got another address meanwhile. */
export const disableWebhook = (
  sql: Sql,
  app: string,
  { webhook_id, url }: WebhookRow,
  reason: string,
  now: number,
) => sql`
    update webhooks
       set disabled = ${1}, reason = ${reason}, changed_at = ${now}
     where app_id = ${app} and webhook_id = ${webhook_id} and url = ${url}`

/** Inside a transaction: until its end nobody else who locks the app's webhooks goes on. */
export const lockWebhooks = (sql: Sql, app: string) => sql`
    select app_id
      from apps
     where app_id = ${app}
       for no key update`

export async function findWebhook(sql: Sql, app: string, id: number) {
  const [hook] = await sql<WebhookRow>`
    select webhook_id, url, description, events, sealed, disabled, reason, created_at, changed_at
      from webhooks
     where app_id = ${app} and webhook_id = ${id}`
  return hook
}

/** At most as many as an app may have. */
export const listWebhooks = (sql: Sql, app: string, most: number) => sql<WebhookRow>`
    select webhook_id, url, description, events, sealed, disabled, reason, created_at, changed_at
      from webhooks
     where app_id = ${app}
     order by created_at, webhook_id
     limit ${most}`

export const removeWebhook = (sql: Sql, app: string, id: number) => sql`
    delete from webhooks
     where app_id = ${app} and webhook_id = ${id}`

/** Apps that have a webhook which is told of anything; of all apps, a row an app. */
export const listHearingApps = (sql: Sql) => sql<{ app_id: string }>`
    select distinct app_id
      from webhooks
     where disabled = 0`
