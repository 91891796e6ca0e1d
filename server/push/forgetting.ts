import { listDevices } from '../devices/devices.sql.ts'
import type { Sql } from '../storage/sql.ts'
import type { Audience } from './audience.ts'
import { namedIn, packed } from './devices-of-job.ts'
import {
  changeAudience,
  changeJob,
  changeResult,
  listJobsWith,
  listPresent,
  listResultsWith,
  listTasksToForget,
  removeResult,
} from './forgetting.sql.ts'
import { outcomesColumns, readOutcomes } from './outcomes.ts'
import { findAlias } from './push.sql.ts'
import { regionsOf } from './regions.ts'

/** Takes a user that is about to be deleted out of results, of jobs that wait, and of the lists that named it there. */
export async function forgetInPushes(sql: Sql, app: string, user: number) {
  const regions = regionsOf(user)
  const results = await listResultsWith(sql, app, user, regions)
  const jobs = await listJobsWith(sql, app, regions)
  for (const result of results) {
    const all = readOutcomes(result.outcomes)
    const left = all.filter(outcome => outcome.user !== user)
    if (left.length === 0) await removeResult(sql, app, result)
    else if (left.length < all.length) await changeResult(sql, app, result, outcomesColumns(left))
  }
  for (const job of jobs) {
    const all = namedIn(job)
    const left = all.filter(named => named.user !== user)
    if (left.length < all.length) await changeJob(sql, app, job.job_id, packed(left))
  }
  const tasks = new Set([...results, ...jobs].map(({ task_id }) => task_id))
  await forgetInAudiences(sql, app, user, [...tasks, 0])
}

async function forgetInAudiences(sql: Sql, app: string, user: number, tasks: number[]) {
  const alias = await findAlias(sql, app, user)
  const pushTokens = new Set((await listDevices(sql, app, user)).map(({ push_token }) => push_token))
  for (const { task_id, audience } of await listTasksToForget(sql, app, tasks)) {
    const list = JSON.parse(audience) as Audience
    if (list === 'all' || list.tag) continue
    const left = JSON.stringify({
      ...(list.user_id && { user_id: list.user_id.filter(id => id !== user) }),
      ...(list.alias && { alias: list.alias.filter(each => each !== alias) }),
      ...(list.push_token && { push_token: list.push_token.filter(each => !pushTokens.has(each)) }),
    })
    if (left !== audience) await changeAudience(sql, app, task_id, left)
  }
}

/** Whether a user is still there: what is kept of a push on its way must not bring back one that was deleted meanwhile. */
export async function presentAmong(
  sql: Sql,
  app: string,
  users: readonly number[],
): Promise<(user: number) => boolean> {
  if (users.length === 0) return () => false
  const present = new Set((await listPresent(sql, app, users)).map(({ user_id }) => user_id))
  return user => present.has(user)
}
