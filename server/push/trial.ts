import { setTimeout as pause } from 'node:timers/promises'
import { fail } from '../../contract/errors.ts'
import type { App } from '../apps/apps.sql.ts'
import type { Services } from '../services.ts'
import { listByPushToken } from './audience.sql.ts'
import { type DeviceReport, explainDevices } from './explaining.ts'
import { mustFindTask } from './progress.ts'
import { findPushToken } from './push.sql.ts'
import type { ReasonCode } from './sentences.ts'
import { addTask, type Wanted } from './tasks.ts'

/** How long the call waits for an outcome, and how often it looks (ms). */
const patience = 10_000
const look = 20
/** A test that is late is of no use (s). */
const life = 600

const usual = {
  title: 'Stonechat',
  body: 'This is a test push. 这是一条测试推送。',
}

/** Waiting for these takes longer than anybody stays. */
const lasting = new Set<string>(['retry', 'notifier_parked', 'paused', 'app_frozen'] satisfies ReasonCode[])

export interface Tested {
  user_id?: number
  device_sn?: number
  push_token?: string
  message?: Wanted['message']
  setting?: Wanted['setting']
}

/** Pushes to one device on the way of every push, and reports what came of it. */
export async function tryPush(services: Services, app: App, { message = usual, setting, ...wanted }: Tested) {
  const begin = performance.now()
  const { sql, now } = services
  const { token, user_id, device_sn } = await deviceOf(services, app, wanted)
  const timely = { badge: '+0', show_end_time: Math.floor(now() / 1000) + life, ...message }
  const { task_id } = await addTask(services, app, {
    audience: { push_token: [token] },
    message: timely,
    setting,
    lane: 0,
  })
  const report = async () => {
    const task = await mustFindTask(sql, app, task_id)
    const reports = await explainDevices(services, app, task, user_id)
    return reports.find(each => each.device_sn === device_sn) ?? fail('device_not_found')
  }
  let device = await report()
  while (!isOver(device) && performance.now() - begin < patience) {
    await pause(look)
    device = await report()
  }
  return { task_id, user_id, milliseconds: Math.round(performance.now() - begin), device }
}

const isOver = ({ state, reasons: [first] }: DeviceReport) => state !== 'waiting' || lasting.has(first?.code ?? '')

async function deviceOf({ sql }: Services, { app_id }: App, { user_id, device_sn, push_token }: Tested) {
  if (push_token) {
    if (user_id || device_sn) fail('invalid_parameter', oneDevice)
    const [found] = await listByPushToken(sql, app_id, [push_token])
    return found ? { token: push_token, ...found } : fail('device_not_found')
  }
  if (!user_id || !device_sn) return fail('invalid_parameter', oneDevice)
  const token = (await findPushToken(sql, app_id, user_id, device_sn)) ?? fail('device_not_found')
  return { token, user_id, device_sn }
}

const oneDevice = {
  en: 'a device is named by user_id and device_sn, or by push_token alone',
  zh: '请用 user_id 和 device_sn，或仅用 push_token 指明设备',
}
