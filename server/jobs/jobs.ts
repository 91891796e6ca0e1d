import type { Static } from '@sinclair/typebox'
import { complaints } from '../../contract/complaints.ts'
import { ApiError, type Failure, fail, sentence } from '../../contract/errors.ts'
import type { Job as JobSchema, jobs } from '../../contract/jobs.ts'
import { type Act, actorOf, note } from '../audit/noting.ts'
import { theRecord } from '../audit/subjects.ts'
import type { Handlers } from '../call.ts'
import type { Sql } from '../storage/sql.ts'
import { count } from '../users/count.ts'
import { exportPage } from './exports.ts'
import { cancelJob, cancelled, findJob, insertJob, type JobRow, listJobs, over } from './jobs.sql.ts'
import { listFailedRows, listRows } from './rows.sql.ts'

type Job = Static<typeof JobSchema>

const usualPage = 50

export const handlers: Handlers<typeof jobs> = {
  async startJob({ services, about, app, act: deed, input: { act, user_ids, filter, tags } }) {
    if ((user_ids === undefined) === (filter === undefined)) fail('invalid_parameter', oneSelection)
    if ((act === 'tag' || act === 'untag') !== (tags !== undefined)) fail('invalid_parameter', tagsOrNot)
    const ids = user_ids && [...new Set(user_ids)]
    const total = ids ? { users: ids.length, exact: true } : await count(services, app.app_id, filter ?? {})
    const now = services.now()
    const actor = await actorOf(services.sql, deed as Act)
    const job = {
      app_id: app.app_id,
      job_id: await services.jobIds.next(app.app_id),
      act,
      tags: JSON.stringify(tags ?? []),
      users: ids ? JSON.stringify(ids) : '',
      filter: JSON.stringify(filter ?? {}),
      actor_kind: actor.kind,
      actor_id: actor.id,
      actor_name: actor.name,
      address: actor.address,
      total: total.users,
      total_exact: Number(total.exact),
      created_at: now,
    }
    await insertJob(about(theJob(app.app_id, job.job_id)).sql, job)
    services.jobs.wake()
    return presented(await mustFind(services.sql, app.app_id, job.job_id))
  },

  getJob: async ({ sql, app, input }) => presented(await mustFind(sql, app.app_id, input.job_id)),

  async listJobs({ sql, app, input: { page_size: size = usualPage, cursor } }) {
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : readCursor(cursor)
    const rows = await listJobs(sql, app.app_id, before, size + 1)
    const data = rows.slice(0, size).map(presented)
    return { data, ...(rows.length > size && { cursor: String(data.at(-1)?.job_id) }) }
  },

  async jobRows({ sql, app, language, input: { job_id, failed, page_size: size = usualPage, cursor } }) {
    await mustFind(sql, app.app_id, job_id)
    const rows = await (failed ? listFailedRows : listRows)(sql, app.app_id, job_id, readCursor(cursor), size + 1)
    const data = rows.slice(0, size).map(({ user_id, failure, at }) => ({
      user_id,
      success: failure === '',
      reason: failure === '' ? '' : sentence(new ApiError(failure as Failure), language),
      at,
    }))
    return { data, ...(rows.length > size && { cursor: String(data.at(-1)?.user_id) }) }
  },

  async jobExport({ services, sql, app, act, input }) {
    const { job_id, format = 'ndjson', page_size: size = usualPage } = input
    const after = readCursor(input.cursor)
    if ((await mustFind(sql, app.app_id, job_id)).act !== 'export') fail('invalid_parameter', noExport)
    if (act && after === 0) await note(services, act, theJob(app.app_id, job_id), {})
    const { text, more, last } = await exportPage(sql, app.app_id, job_id, { format, after, size })
    return { data: { text }, ...(more && { cursor: String(last) }) }
  },

  async cancelJob({ services, about, sql, app, input: { job_id } }) {
    await mustFind(sql, app.app_id, job_id)
    await cancelJob(about(theJob(app.app_id, job_id)).sql, app.app_id, job_id, services.now())
    return true
  },
}

const oneSelection = { en: 'give either user_ids or filter', zh: 'user_ids 和 filter 必须且只能给出一个' }
const tagsOrNot = { en: 'tags belong to tag and untag, and to nothing else', zh: 'tags 用于且仅用于 tag 和 untag' }
const noExport = { en: 'the job is no export', zh: '该任务不是导出任务' }

/** As the audit trail sees it. */
const theJob = (app: string, id: number) =>
  theRecord(`job/${id}`, async sql => {
    const job = await findJob(sql, app, id)
    if (!job) return undefined
    const { act, tags, filter, total, state } = job
    return { act, tags, filter, total, state: stateOf({ ...job, state }) }
  })

const mustFind = async (sql: Sql, app: string, id: number) => (await findJob(sql, app, id)) ?? fail('job_not_found')

/** The cursor is the last id of its page. */
function readCursor(cursor = '0'): number {
  const id = /^\d{1,16}$/.test(cursor) ? Number(cursor) : Number.NaN
  return Number.isSafeInteger(id) ? id : fail('invalid_parameter', complaints.cursor('cursor'))
}

function stateOf({ state, cursor, claim }: JobRow): string {
  if (state === over) return 'done'
  if (state === cancelled) return 'cancelled'
  return cursor === '' && claim === '' ? 'waiting' : 'running'
}

const presented = (row: JobRow): Job => ({
  job_id: row.job_id,
  act: row.act,
  tags: JSON.parse(row.tags) as string[],
  state: stateOf(row),
  by: row.actor_name,
  filter: JSON.parse(row.filter) as Job['filter'],
  total: row.total,
  total_exact: row.total_exact === 1,
  done: row.done,
  failed: row.failed,
  created_at: row.created_at,
  finished_at: row.finished_at,
})
