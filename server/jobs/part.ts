import { ApiError } from '../../contract/errors.ts'
import { noting } from '../audit/noting.ts'
import { theUser } from '../audit/subjects.ts'
import type { Services } from '../services.ts'
import { ConstraintError, type Sql } from '../storage/sql.ts'
import { search } from '../users/search.ts'
import { acts } from './acts.ts'
import { advanceJob, isClaimed, type JobRow } from './jobs.sql.ts'
import { findRow, insertRow, noteRow } from './rows.sql.ts'

export type Needs = Pick<Services, 'sql' | 'sessions' | 'bus' | 'now' | 'scrub'>

/** Users at a time: their transactions share one commit, and nobody else waits long. */
const size = 50

/** The claim was lost, or the job cancelled: what is not done stays undone. */
class Stopped extends Error {}
/** Somebody who had the job before has done this user. */
class DoneBefore extends Error {}

/** Does the next part of a claimed job, then gives it back: so many jobs go on side by side. */
export async function doPart(services: Needs, job: JobRow, claim: string) {
  const { users, cursor } = await nextOf(services, job)
  const outcomes = await Promise.all(users.map(user => doOne(services, job, claim, user)))
  const { app_id, job_id } = job
  await advanceJob(services.sql, app_id, job_id, claim, {
    cursor: cursor ?? '',
    done: outcomes.length,
    failed: outcomes.filter(failure => failure !== '').length,
    isOver: cursor === undefined,
    now: services.now(),
  })
}

async function nextOf(services: Needs, { app_id, users, filter, cursor }: JobRow) {
  if (users === '') {
    const page = await search(services, app_id, JSON.parse(filter), { cursor: cursor || undefined, size })
    return { users: page.users.map(({ user_id }) => user_id), cursor: page.cursor }
  }
  const all = JSON.parse(users) as number[]
  const from = Number(cursor)
  return { users: all.slice(from, from + size), cursor: from + size < all.length ? String(from + size) : undefined }
}

/** The name of the failure; empty where it was done. */
async function doOne(services: Needs, job: JobRow, claim: string, user: number): Promise<string> {
  const { app_id: app, job_id } = job
  const act = acts[job.act]
  if (!act) throw new Error(`there is no job ${job.act}`)
  const actor = { kind: job.actor_kind, id: job.actor_id, name: job.actor_name, address: job.address }
  const once = { ...services, sql: recorded(services, job, claim, user) }
  const noted = noting(once, { app, doer: actor, act: `job ${job.act}` }, [theUser(app, user, act.domain)])
  try {
    // An export changes nothing: that it was made stands in the trail once.
    await act.act(job.act === 'export' ? once : noted, app, user, JSON.parse(job.tags))
    return ''
  } catch (error) {
    if (error instanceof DoneBefore || isUnique(error))
      return (await findRow(services.sql, app, job_id, user))?.failure ?? ''
    if (!(error instanceof ApiError)) throw error
    await noteRow(services.sql, app, job_id, user, error.failure, services.now())
    return error.failure
  }
}

const isUnique = (error: unknown) => error instanceof ConstraintError && error.kind === 'unique'

/** A storage whose transaction belongs to the job: it needs the claim, and leaves the user's row as it ends. */
function recorded({ sql, now }: Needs, { app_id, job_id }: JobRow, claim: string, user: number): Sql {
  const begin = <T>(work: (sql: Sql) => Promise<T>) =>
    sql.begin(async sql => {
      if (!(await isClaimed(sql, app_id, job_id, claim))) throw new Stopped('the job is not ours any more')
      if (await findRow(sql, app_id, job_id, user)) throw new DoneBefore('this user is done')
      const result = await work(sql)
      await insertRow(sql, app_id, job_id, user, now())
      return result
    })
  const tag = (...statement: Parameters<Sql>) => sql(...statement)
  return Object.assign(tag as Sql, { begin, load: sql.load })
}

export const isStopped = (error: unknown) => error instanceof Stopped
