import type { Sql } from '../storage/sql.ts'

/** How many rows name the user, table by table. A statement for each: what they say of a user is looked up by its id. */
export const countsOfUser = (sql: Sql, app: string, user: number) => sql<{ name: string; amount: number }>`
    select 'users' as name, count(*) as amount from users where app_id = ${app} and user_id = ${user}
     union all
    select 'settings', count(*) from settings where app_id = ${app} and user_id = ${user}
     union all
    select 'aliases', count(*) from aliases where app_id = ${app} and user_id = ${user}
     union all
    select 'tags', count(*) from tags where app_id = ${app} and user_id = ${user}
     union all
    select 'devices', count(*) from devices where app_id = ${app} and user_id = ${user}
     union all
    select 'bindings', count(*) from bindings where app_id = ${app} and user_id = ${user}
     union all
    select 'user_tokens', count(*) from user_tokens where app_id = ${app} and user_id = ${user}
     union all
    select 'events', count(*) from events where app_id = ${app} and user_id = ${user}
     union all
    select 'leases', count(*) from leases where app_id = ${app} and user_id = ${user}
     union all
    select 'captures', count(*) from captures where app_id = ${app} and user_id = ${user}
     union all
    select 'push_receipts', count(*) from push_receipts where app_id = ${app} and user_id = ${user}
     union all
    select 'admin_job_rows', count(*) from admin_job_rows where app_id = ${app} and user_id = ${user}
     union all
    select 'webhook_events', count(*) from webhook_events where app_id = ${app} and user_id = ${user}
     union all
    select 'dismissals', count(*) from dismissals where app_id = ${app} and user_id = ${user}
     union all
    select 'deleted_users', count(*) from deleted_users where app_id = ${app} and user_id = ${user}
     union all
    select 'audit_entries', count(*) from audit_entries where app_id = ${app} and user_id = ${user}`

/** Entries that tell more of the user than that something was done. */
export async function countDetails(sql: Sql, app: string, user: number) {
  const [counted] = await sql<{ amount: number }>`
    select count(*) as amount
      from audit_entries
     where app_id = ${app} and user_id = ${user} and details <> ''`
  return counted?.amount ?? 0
}
