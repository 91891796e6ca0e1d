import type { Sql } from '../storage/sql.ts'

export interface HeldResult {
  task_id: number
  first_user: number
  result_id: string
  outcomes: string
}

/** Of all tasks: results that may speak of the user, by its regions. */
export const listResultsWith = (sql: Sql, app: string, user: number, regions: readonly string[]) => sql<HeldResult>`
    select task_id, first_user, result_id, outcomes
      from push_results
     where app_id = ${app} and region in ${sql(regions)} and first_user <= ${user} and last_user >= ${user}`

export const removeResult = (sql: Sql, app: string, { task_id, first_user, result_id }: HeldResult) => sql`
    delete from push_results
     where app_id = ${app} and task_id = ${task_id} and first_user = ${first_user} and result_id = ${result_id}`

export const changeResult = (
  sql: Sql,
  app: string,
  { task_id, first_user, result_id }: HeldResult,
  left: { first: number; last: number; region: string; outcomes: string },
) => sql`
    update push_results
       set first_user = ${left.first}, last_user = ${left.last}, region = ${left.region}, outcomes = ${left.outcomes}
     where app_id = ${app} and task_id = ${task_id} and first_user = ${first_user} and result_id = ${result_id}`

/** Of all tasks: jobs that may hold the user, by its regions. */
export const listJobsWith = (sql: Sql, app: string, regions: readonly string[]) =>
  sql<{ job_id: string; task_id: number; devices: string }>`
    select job_id, task_id, devices
      from push_jobs
     where app_id = ${app} and region in ${sql(regions)}`

export const changeJob = (
  sql: Sql,
  app: string,
  job: string,
  { devices, region }: { devices: string; region: string },
) => sql`
    update push_jobs
       set devices = ${devices}, region = ${region}
     where app_id = ${app} and job_id = ${job}`

/** Tasks by their ids, and those whose audience is not looked up yet. */
export const listTasksToForget = (sql: Sql, app: string, tasks: readonly number[]) =>
  sql<{ task_id: number; audience: string }>`
    select task_id, audience
      from push_tasks
     where app_id = ${app} and task_id in ${sql(tasks)}
    union
    select task_id, audience
      from push_tasks
     where state = 0 and app_id = ${app}`

export const changeAudience = (sql: Sql, app: string, task: number, audience: string) => sql`
    update push_tasks
       set audience = ${audience}
     where app_id = ${app} and task_id = ${task}`

/** Which of these users there are. */
export const listPresent = (sql: Sql, app: string, users: readonly number[]) => sql<{ user_id: number }>`
    select user_id
      from users
     where app_id = ${app} and user_id in ${sql(users)}`
