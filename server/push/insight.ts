import type { insight } from '../../contract/insight.ts'
import { mustExist } from '../accounts/existence.ts'
import type { Handlers } from '../call.ts'
import type { Audience } from './audience.ts'
import { listOf } from './audience-of-task.ts'
import { explainDevices, foretellDevices } from './explaining.ts'
import { aboutUser } from './foretelling.ts'
import { readMessage, readSetting, windowOf } from './messages.ts'
import { preview } from './preview.ts'
import { mustFindTask } from './progress.ts'
import { reason } from './sentences.ts'
import { Situation } from './situation.ts'
import { listTaskPage } from './task-list.ts'
import { tryPush } from './trial.ts'

const usualPage = 50

export const handlers: Handlers<typeof insight> = {
  async explainPush({ services, sql, app, input }) {
    const { user_id, task_id, message } = input
    const setting = readSetting(input.setting)
    const now = services.now()
    const situation = await Situation.of(services, app, setting, [user_id])
    const reasons = aboutUser(app, situation, user_id)
    if (task_id !== undefined) {
      const task = await mustFindTask(sql, app, task_id)
      return { user_id, task_id, reasons, devices: await explainDevices(services, app, task, user_id) }
    }
    await mustExist(sql, app.app_id, user_id)
    const begins = message ? windowOf(readMessage(message), now).notBefore : now
    if (begins > now) reasons.unshift(reason('not_yet', { until: begins }))
    return { user_id, task_id: 0, reasons, devices: foretellDevices(situation, user_id, now) }
  },

  testPush: async ({ services, app, input }) => tryPush(services, app, input),

  previewAudience: async ({ services, app, input: { audience, setting } }) =>
    preview(services, app, audience, readSetting(setting)),

  listTasks: async ({ sql, app, input: { page_size = usualPage, cursor } }) =>
    listTaskPage(sql, app.app_id, page_size, cursor),

  async taskContent({ sql, app, input: { task_id } }) {
    const task = await mustFindTask(sql, app, task_id)
    const { kind, entries } = listOf(JSON.parse(task.audience) as Audience)
    return {
      task_id,
      audience_kind: kind,
      audience: entries,
      message: JSON.parse(task.message) as Record<string, unknown>,
      setting: JSON.parse(task.setting) as Record<string, unknown>,
    }
  },
}
