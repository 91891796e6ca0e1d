import type { Sql } from '../storage/sql.ts'

export interface RowOfJob {
  user_id: number
  failure: string
  at: number
}

/** Fails on a unique constraint where the user was done already. */
export const insertRow = (sql: Sql, app: string, job: number, user: number, at: number) => sql`
    insert into admin_job_rows (app_id, job_id, user_id, failure, at)
    values (${app}, ${job}, ${user}, ${''}, ${at})`

/** Changes nothing where the user was done already. */
export const noteRow = (sql: Sql, app: string, job: number, user: number, failure: string, at: number) => sql`
    insert into admin_job_rows (app_id, job_id, user_id, failure, at)
    values (${app}, ${job}, ${user}, ${failure}, ${at})
        on conflict (app_id, job_id, user_id) do nothing`

export async function findRow(sql: Sql, app: string, job: number, user: number) {
  const [row] = await sql<RowOfJob>`
    select user_id, failure, at
      from admin_job_rows
     where app_id = ${app} and job_id = ${job} and user_id = ${user}`
  return row
}

/** By ids, after `after`. */
export const listRows = (sql: Sql, app: string, job: number, after: number, size: number) => sql<RowOfJob>`
    select user_id, failure, at
      from admin_job_rows
     where app_id = ${app} and job_id = ${job} and user_id > ${after}
     order by user_id
     limit ${size}`

/** Likewise, those that were refused. */
export const listFailedRows = (sql: Sql, app: string, job: number, after: number, size: number) => sql<RowOfJob>`
    select user_id, failure, at
      from admin_job_rows
     where app_id = ${app} and job_id = ${job} and user_id > ${after} and failure <> ''
     order by user_id
     limit ${size}`

export const eraseRows = (sql: Sql, app: string, user: number) => sql`
    delete from admin_job_rows
     where app_id = ${app} and user_id = ${user}`

export interface ExportRow {
  user_id: number
  username: string
  nick_name: string
  mobile: string
  email: string
  avatar: string
  description: string
  public_info: string
  status: number
  registered_at: number
}

/** The users whom an export came upon, as they are now. */
export const listExported = (sql: Sql, app: string, users: readonly number[]) => sql<ExportRow>`
    select user_id, username, nick_name, mobile, email, avatar, description, public_info, status,
           created_at as registered_at
      from users
     where app_id = ${app} and user_id in ${sql(users)}
     order by user_id`
