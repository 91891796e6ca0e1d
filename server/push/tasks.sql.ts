import type { Sql } from '../storage/sql.ts'

/** What `state` says. */
export const cutting = 0
export const cut = 1
export const cancelled = 2

export interface TaskRow {
  app_id: string
  task_id: number
  lane: number
  audience: string
  message: string
  setting: string
  state: number
  paused: number
  cursor_user: number
  last_user: number
  devices: number
  not_before: number
  expires_at: number
  created_at: number
}

export interface NewTask extends Omit<TaskRow, 'state' | 'paused' | 'cursor_user' | 'devices'> {
  request_id: string
  due_at: number
}

/** The id of the task; of the earlier one where the request id is known. */
export async function insertTask(sql: Sql, app: string, task: NewTask) {
  const made = await sql`
    insert into push_tasks (app_id, task_id, request_id, lane, audience, message, setting, last_user, due_at,
                            not_before, expires_at, created_at)
    values (${app}, ${task.task_id}, ${task.request_id}, ${task.lane}, ${task.audience}, ${task.message},
            ${task.setting}, ${task.last_user}, ${task.due_at}, ${task.not_before}, ${task.expires_at},
            ${task.created_at})
        on conflict (app_id, request_id) where request_id <> '' do nothing
    returning task_id`
  return made.length === 1 ? { task_id: task.task_id } : findTaskByRequest(sql, app, task.request_id)
}

/** The empty request id is nobody's. */
export async function findTaskByRequest(sql: Sql, app: string, request: string) {
  const [found] = await sql<{ task_id: number }>`
    select task_id
      from push_tasks
     where app_id = ${app} and request_id = ${request} and request_id <> ''`
  return found
}

export async function findTask(sql: Sql, app: string, task: number) {
  const [found] = await sql<TaskRow>`
    select app_id, task_id, lane, audience, message, setting, state, paused, cursor_user, last_user, devices,
           not_before, expires_at, created_at
      from push_tasks
     where app_id = ${app} and task_id = ${task}`
  return found
}

/** Without those of chats: the newest, or those before `place`, newest first. */
export const listTasksBefore = (
  sql: Sql,
  app: string,
  place: Pick<TaskRow, 'created_at' | 'task_id'> = { created_at: Number.MAX_SAFE_INTEGER, task_id: 0 },
  most: number,
) => sql<TaskRow>`
    select app_id, task_id, lane, audience, message, setting, state, paused, cursor_user, last_user, devices,
           not_before, expires_at, created_at
      from push_tasks
     where app_id = ${app} and lane = ${1}
       and (created_at < ${place.created_at} or (created_at = ${place.created_at} and task_id < ${place.task_id}))
     order by created_at desc, task_id desc
     limit ${most}`

/** Of all apps: the next task that waits to be cut. */
export async function findTaskToCut(sql: Sql, now: number) {
  const [found] = await sql<TaskRow>`
    select app_id, task_id, lane, audience, message, setting, state, paused, cursor_user, last_user, devices,
           not_before, expires_at, created_at
      from push_tasks
     where state = 0 and paused = 0 and due_at <= ${now}
     order by lane, due_at
     limit ${1}`
  return found
}

/** Until `until` (ms) nobody else cuts it. False where somebody was faster. */
export async function claimTask(sql: Sql, app: string, task: number, claim: string, now: number, until: number) {
  const claimed = await sql`
    update push_tasks
       set claim = ${claim}, due_at = ${until}
     where app_id = ${app} and task_id = ${task} and state = ${cutting} and paused = ${0} and due_at <= ${now}
    returning task_id`
  return claimed.length === 1
}

/** Jobs are made for users up to `cursor`. False where the claim was lost, or the task paused or cancelled. */
export async function advanceTask(
  sql: Sql,
  app: string,
  task: number,
  claim: string,
  { cursor, devices, state, until }: { cursor: number; devices: number; state: number; until: number },
) {
  const advanced = await sql`
    update push_tasks
       set cursor_user = ${cursor}, devices = devices + ${devices}, state = ${state}, due_at = ${until}
     where app_id = ${app} and task_id = ${task} and claim = ${claim} and state = ${cutting} and paused = ${0}
    returning task_id`
  return advanced.length === 1
}

/** Gives a task back that could not be cut now. */
export const releaseTask = (sql: Sql, app: string, task: number, claim: string, due: number) => sql`
    update push_tasks
       set claim = ${''}, due_at = ${due}
     where app_id = ${app} and task_id = ${task} and claim = ${claim}`

/** Of all apps: nobody cuts them any more. */
export const freeTasks = (sql: Sql, due: number) => sql`
    update push_tasks
       set claim = ${''}, due_at = ${due}
     where state = 0 and paused = 0 and claim <> ${''}`

export async function setPaused(sql: Sql, app: string, task: number, paused: number, due: number) {
  const changed = await sql`
    update push_tasks
       set paused = ${paused}, due_at = case when state = ${cutting} then ${due} else due_at end, claim = ${''}
     where app_id = ${app} and task_id = ${task} and state <> ${cancelled}
    returning task_id`
  return changed.length === 1
}

export async function setCancelled(sql: Sql, app: string, task: number) {
  const changed = await sql`
    update push_tasks
       set state = ${cancelled}, paused = ${0}
     where app_id = ${app} and task_id = ${task}
    returning task_id`
  return changed.length === 1
}

export const listTasksOf = (sql: Sql, app: string, tasks: readonly number[]) => sql<{ task_id: number }>`
    select task_id
      from push_tasks
     where app_id = ${app} and task_id in ${sql(tasks)}`

export const listCounts = (sql: Sql, app: string, tasks: readonly number[]) =>
  sql<{ task_id: number; kind: string; devices: number }>`
    select task_id, kind, devices
      from push_counts
     where app_id = ${app} and task_id in ${sql(tasks)}`

export const addCount = (sql: Sql, app: string, task: number, kind: string, devices: number) => sql`
    insert into push_counts (app_id, task_id, kind, devices)
    values (${app}, ${task}, ${kind}, ${devices})
        on conflict (app_id, task_id, kind) do update set devices = push_counts.devices + ${devices}`

export interface ResultRow {
  result_id: string
  at: number
  outcomes: string
}

export interface NewResult extends ResultRow {
  first_user: number
  last_user: number
  /** Of the users in `outcomes`. */
  region: string
}

export const insertResult = (sql: Sql, app: string, task: number, result: NewResult) => sql`
    insert into push_results (app_id, task_id, first_user, result_id, last_user, at, outcomes, region)
    values (${app}, ${task}, ${result.first_user}, ${result.result_id}, ${result.last_user}, ${result.at},
            ${result.outcomes}, ${result.region})`

/** Those that may speak of the user, by its regions, oldest first. */
export const listResultsAbout = (sql: Sql, app: string, task: number, user: number, regions: readonly string[]) =>
  sql<ResultRow>`
    select result_id, at, outcomes
      from push_results
     where app_id = ${app} and region in ${sql(regions)} and task_id = ${task}
       and first_user <= ${user} and last_user >= ${user}
     order by at, result_id`

/** Forgets up to 20 tasks from before `then`, with all that hangs on them; returns how many. */
export async function purgeTasks(sql: Sql, app: string, then: number) {
  const gone = await sql`
    delete from push_tasks
     where app_id = ${app} and task_id in
           (select task_id from push_tasks where app_id = ${app} and created_at < ${then} limit ${20})
    returning task_id`
  return gone.length
}
