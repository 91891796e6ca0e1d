import type { Sql } from '../storage/sql.ts'

/** What `state` says. */
export const toDo = 0
export const over = 1
export const cancelled = 2

export interface JobRow {
  app_id: string
  job_id: number
  act: string
  tags: string
  users: string
  filter: string
  state: number
  actor_kind: 'admin' | 'operator'
  actor_id: string
  actor_name: string
  address: string
  cursor: string
  total: number
  total_exact: number
  done: number
  failed: number
  claim: string
  created_at: number
  finished_at: number
}

export type NewJob = Omit<JobRow, 'state' | 'cursor' | 'done' | 'failed' | 'claim' | 'finished_at'>

export const insertJob = (sql: Sql, job: NewJob) => sql`
    insert into admin_jobs (app_id, job_id, act, tags, users, filter, actor_kind, actor_id, actor_name, address, total,
                            total_exact, due_at, created_at)
    values (${job.app_id}, ${job.job_id}, ${job.act}, ${job.tags}, ${job.users}, ${job.filter}, ${job.actor_kind},
            ${job.actor_id}, ${job.actor_name}, ${job.address}, ${job.total}, ${job.total_exact}, ${job.created_at},
            ${job.created_at})`

export async function findJob(sql: Sql, app: string, job: number) {
  const [found] = await sql<JobRow>`
    select app_id, job_id, act, tags, users, filter, state, actor_kind, actor_id, actor_name, address, cursor, total,
           total_exact, done, failed, claim, created_at, finished_at
      from admin_jobs
     where app_id = ${app} and job_id = ${job}`
  return found
}

/** The newest first, of those before `before`; the ids of their users, which may be many, are left out. */
export const listJobs = (sql: Sql, app: string, before: number, size: number) => sql<JobRow>`
    select app_id, job_id, act, tags, '' as users, filter, state, actor_kind, actor_id, actor_name, address, cursor,
           total, total_exact, done, failed, claim, created_at, finished_at
      from admin_jobs
     where app_id = ${app} and job_id < ${before}
     order by job_id desc
     limit ${size}`

/** Of all apps: the job that has waited longest. */
export async function findDueJob(sql: Sql, now: number) {
  const [due] = await sql<{ app_id: string; job_id: number }>`
    select app_id, job_id
      from admin_jobs
     where state = 0 and due_at <= ${now}
     order by due_at
     limit ${1}`
  return due
}

/** Until `until` (ms) nobody else works on it. Undefined where somebody was faster. */
export async function claimJob(sql: Sql, app: string, job: number, claim: string, now: number, until: number) {
  const [claimed] = await sql<JobRow>`
    update admin_jobs
       set claim = ${claim}, due_at = ${until}
     where app_id = ${app} and job_id = ${job} and state = 0 and due_at <= ${now}
    returning app_id, job_id, act, tags, users, filter, state, actor_kind, actor_id, actor_name, address, cursor, total,
              total_exact, done, failed, claim, created_at, finished_at`
  return claimed
}

/** False where the claim was lost, or the job cancelled. */
export async function isClaimed(sql: Sql, app: string, job: number, claim: string) {
  const rows = await sql`
    select job_id
      from admin_jobs
     where app_id = ${app} and job_id = ${job} and claim = ${claim} and state = 0`
  return rows.length === 1
}

/** A part is through: the job goes on at `cursor` and may be claimed at once, or is over. */
export const advanceJob = (
  sql: Sql,
  app: string,
  job: number,
  claim: string,
  part: { cursor: string; done: number; failed: number; isOver: boolean; now: number },
) => sql`
    update admin_jobs
       set cursor = ${part.cursor}, done = done + ${part.done}, failed = failed + ${part.failed}, claim = ${''},
           due_at = ${part.now}, state = ${part.isOver ? over : toDo}, finished_at = ${part.isOver ? part.now : 0}
     where app_id = ${app} and job_id = ${job} and claim = ${claim} and state = 0`

/** Gives it back as it was. */
export const deferJob = (sql: Sql, app: string, job: number, claim: string, due: number) => sql`
    update admin_jobs
       set claim = ${''}, due_at = ${due}
     where app_id = ${app} and job_id = ${job} and claim = ${claim}`

/** A job that is over stays as it is. */
export const cancelJob = (sql: Sql, app: string, job: number, now: number) => sql`
    update admin_jobs
       set state = ${cancelled}, finished_at = ${now}
     where app_id = ${app} and job_id = ${job} and state = 0`

/** Deletes up to 500 rows of jobs made before `then` (ms), and jobs that have none left; returns how many. */
export async function purgeJobs(sql: Sql, app: string, then: number) {
  const rows = await sql`
    delete from admin_job_rows
     where app_id = ${app} and (job_id, user_id) in
           (select job_id, user_id from admin_job_rows
             where app_id = ${app}
               and job_id in (select job_id from admin_jobs where app_id = ${app} and created_at < ${then} and state <> 0)
             limit ${500})
    returning job_id`
  if (rows.length > 0) return rows.length
  const jobs = await sql`
    delete from admin_jobs
     where app_id = ${app} and job_id in
           (select job_id from admin_jobs where app_id = ${app} and created_at < ${then} and state <> 0 limit ${500})
    returning job_id`
  return jobs.length
}
