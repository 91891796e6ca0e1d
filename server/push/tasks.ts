import type { delivery } from '../../contract/delivery.ts'
import { fail } from '../../contract/errors.ts'
import { mustExist } from '../accounts/existence.ts'
import type { Ids } from '../accounts/ids.ts'
import type { App } from '../apps/apps.sql.ts'
import type { Call, Handlers } from '../call.ts'
import { findLastUser } from './audience.sql.ts'
import type { Audience } from './audience.ts'
import { listCapturesAfter, listLastCaptures } from './captures.sql.ts'
import { deferJobsOfTask } from './jobs.sql.ts'
import { readMessage, readSetting, windowOf } from './messages.ts'
import { figuresOf, mustFindTask, progressOf } from './progress.ts'
import { receive } from './receipts.ts'
import { findTaskByRequest, insertTask, listCounts, listTasksOf, setCancelled, setPaused } from './tasks.sql.ts'

const mostEntries = 500
const capturePage = 100
const lastCaptures = 20

export const handlers: Handlers<typeof delivery> = {
  async notify({ services, app, input }) {
    const { message, setting, audience } = input
    return addTask(services, app, { audience, message, setting, lane: 1 })
  },

  async pushMessage({ services, app, input: { from, to, message, setting } }) {
    await mustExist(services.sql, app.app_id, from)
    return addTask(services, app, { audience: { user_id: to }, message: { ...message, from }, setting, lane: 0 })
  },

  async confirmPush({ services, app, user, session, input: { task_id } }) {
    await receive(services, app, { task: task_id, user, device: session?.device ?? 0 })
    return true
  },

  async taskDetail({ sql, app, input: { list } }) {
    const [tasks, counts] = await Promise.all([listTasksOf(sql, app.app_id, list), listCounts(sql, app.app_id, list)])
    const known = new Set(tasks.map(({ task_id }) => task_id))
    const figures = new Map(counts.map(({ task_id, kind, devices }) => [`${task_id} ${kind}`, devices]))
    return [...new Set(list)]
      .filter(task => known.has(task))
      .map(task_id => ({ task_id, ...figuresOf(kind => figures.get(`${task_id} ${kind}`) ?? 0) }))
  },

  async taskProgress({ sql, app, input: { task_id } }) {
    const task = await mustFindTask(sql, app, task_id)
    return progressOf(task, await listCounts(sql, app.app_id, [task_id]))
  },

  async pauseTask({ sql, app, input: { task_id } }) {
    await mustFindTask(sql, app, task_id)
    await sql.begin(async sql => {
      if (!(await setPaused(sql, app.app_id, task_id, 1, 0))) fail('invalid_parameter', isCancelled)
      await deferJobsOfTask(sql, app.app_id, task_id, Number.MAX_SAFE_INTEGER)
    })
    return true
  },

  async resumeTask({ services, sql, app, input: { task_id } }) {
    const task = await mustFindTask(sql, app, task_id)
    await sql.begin(async sql => {
      if (!(await setPaused(sql, app.app_id, task_id, 0, task.not_before))) fail('invalid_parameter', isCancelled)
      await deferJobsOfTask(sql, app.app_id, task_id, task.not_before)
    })
    services.outbox.wake()
    return true
  },

  async cancelTask({ services, sql, app, input: { task_id } }) {
    await mustFindTask(sql, app, task_id)
    await sql.begin(async sql => {
      await setCancelled(sql, app.app_id, task_id)
      await deferJobsOfTask(sql, app.app_id, task_id, 0)
    })
    services.outbox.wake()
    return true
  },

  async listCaptures({ sql, app, input: { cursor } }) {
    const rows =
      cursor === undefined
        ? (await listLastCaptures(sql, app.app_id, lastCaptures)).reverse()
        : await listCapturesAfter(sql, app.app_id, cursor, capturePage)
    return {
      data: rows.map(({ capture_id: _, payload, ...row }) => ({
        ...row,
        payload: JSON.parse(payload) as Record<string, unknown>,
      })),
      cursor: rows.at(-1)?.capture_id ?? cursor ?? '',
      more: cursor !== undefined && rows.length === capturePage,
    }
  },
}

/** What is asked for when a task is made. */
export interface Wanted {
  audience: Audience
  message: Parameters<typeof readMessage>[0]
  setting: Parameters<typeof readSetting>[0]
  /** 0 goes first. */
  lane: number
}

type Needs = Pick<Call['services'], 'sql' | 'now' | 'outbox' | 'images'> & { tasks: Ids }

/** Stores the task, and wakes whoever delivers. A request id that is known answers the first task's id. */
export async function addTask(services: Needs, app: App, wanted: Wanted): Promise<{ task_id: number }> {
  const { sql, now, outbox, tasks, images } = services
  if (!app.push) fail('push_disabled')
  mustBeAudience(wanted.audience)
  const message = readMessage(wanted.message)
  const { request_id = '', ...setting } = readSetting(wanted.setting)
  const { notBefore, expires } = windowOf(message, now())
  const earlier = await findTaskByRequest(sql, app.app_id, request_id)
  if (earlier) return earlier
  if (message.type === 'image') await images.check(message.attachment_url ?? '')
  const last_user = wanted.audience === 'all' ? await findLastUser(sql, app.app_id) : Number.MAX_SAFE_INTEGER
  const task = {
    app_id: app.app_id,
    task_id: await tasks.next(app.app_id),
    request_id,
    lane: wanted.lane,
    audience: JSON.stringify(wanted.audience),
    message: JSON.stringify(message),
    setting: JSON.stringify(setting),
    last_user,
    due_at: notBefore,
    not_before: notBefore,
    expires_at: expires,
    created_at: now(),
  }
  const made = (await sql.begin(sql => insertTask(sql, app.app_id, task))) ?? fail('overloaded')
  outbox.wake()
  return { task_id: made.task_id }
}

/** Fails unless it is one list, and no longer than a list may be. */
export function mustBeAudience(audience: Audience) {
  if (audience === 'all') return
  const [list, ...others] = Object.values(audience)
  if (!list || others.length > 0) return fail('invalid_parameter', oneList)
  if (list.length > mostEntries) fail('audience_too_long')
}

const isCancelled = { en: 'task_id is a task that was cancelled', zh: 'task_id 对应的任务已取消' }
const oneList = {
  en: 'audience must be "all", or exactly one of tag, alias, user_id, push_token',
  zh: 'audience 必须是 "all"，或 tag、alias、user_id、push_token 之一',
}
