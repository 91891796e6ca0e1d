import type { Sql } from '../storage/sql.ts'

export interface JobRow {
  app_id: string
  job_id: string
  task_id: number
  route: string
  lane: number
  attempt: number
  devices: string
}

export interface NewJob extends JobRow {
  due_at: number
  /** Of the users in `devices`. */
  region: string
  reason: string
}

export const insertJob = (sql: Sql, job: NewJob) => sql`
    insert into push_jobs (app_id, job_id, task_id, route, lane, attempt, due_at, devices, region, reason)
    values (${job.app_id}, ${job.job_id}, ${job.task_id}, ${job.route}, ${job.lane}, ${job.attempt}, ${job.due_at},
            ${job.devices}, ${job.region}, ${job.reason})`

/** Of all apps, in one lane: jobs that are due, but for those on the routes named. A route is an app and a notifier. */
export const listDueJobs = (sql: Sql, lane: number, now: number, busy: readonly string[], most: number) =>
  sql<{ app_id: string; job_id: string; route: string }>`
    select app_id, job_id, route
      from push_jobs
     where lane = ${lane} and due_at <= ${now} and app_id || ' ' || route not in ${sql(busy)}
     order by due_at
     limit ${most}`

/** Until `until` (ms) nobody else works on it. Undefined where somebody was faster. */
export async function claimJob(sql: Sql, app: string, job: string, claim: string, now: number, until: number) {
  const [claimed] = await sql<JobRow>`
    update push_jobs
       set claim = ${claim}, due_at = ${until}
     where app_id = ${app} and job_id = ${job} and due_at <= ${now}
    returning app_id, job_id, task_id, route, lane, attempt, devices`
  return claimed
}

/** False where the claim was lost: somebody else does the job again. */
export async function keepJob(sql: Sql, app: string, job: string, claim: string, until: number) {
  const kept = await sql`
    update push_jobs
       set due_at = ${until}
     where app_id = ${app} and job_id = ${job} and claim = ${claim}
    returning job_id`
  return kept.length === 1
}

/** Likewise. */
export async function finishJob(sql: Sql, app: string, job: string, claim: string) {
  const done = await sql`
    delete from push_jobs
     where app_id = ${app} and job_id = ${job} and claim = ${claim}
    returning job_id`
  return done.length === 1
}

/** Gives a job back untried. */
export const deferJob = (sql: Sql, app: string, job: string, claim: string, due: number) => sql`
    update push_jobs
       set claim = ${''}, due_at = ${due}
     where app_id = ${app} and job_id = ${job} and claim = ${claim}`

/** Of all apps: nobody works on them any more. */
export const freeJobs = (sql: Sql, due: number) => sql`
    update push_jobs
       set claim = ${''}, due_at = ${due}
     where claim <> ${''}`

/** Of one task: those that nobody works on. */
export const deferJobsOfTask = (sql: Sql, app: string, task: number, due: number) => sql`
    update push_jobs
       set due_at = ${due}
     where app_id = ${app} and task_id = ${task} and claim = ${''}`

/** Of one notifier: those that nobody works on. */
export const deferJobsOfRoute = (sql: Sql, app: string, route: string, due: number) => sql`
    update push_jobs
       set due_at = ${due}
     where app_id = ${app} and route = ${route} and claim = ${''}`

/** Those that may hold a user, by its regions. */
export const listJobsAbout = (sql: Sql, app: string, task: number, regions: readonly string[]) =>
  sql<Pick<JobRow, 'route' | 'attempt' | 'devices'> & { claim: string; due_at: number; reason: string }>`
    select route, attempt, devices, claim, due_at, reason
      from push_jobs
     where app_id = ${app} and task_id = ${task} and region in ${sql(regions)}`
