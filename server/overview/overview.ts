import { channels } from '../../contract/delivery.ts'
import { ApiError, fail } from '../../contract/errors.ts'
import type { overview } from '../../contract/overview.ts'
import { countUsers } from '../accounts/pages.sql.ts'
import type { App } from '../apps/apps.sql.ts'
import { providerOf } from '../apps/providers.ts'
import type { Handlers } from '../call.ts'
import { listNotifiers } from '../notifiers/notifiers.sql.ts'
import { nodeLife } from '../presence/leases.ts'
import type { Services } from '../services.ts'
import type { Sql } from '../storage/sql.ts'
import type { Session } from '../tokens/sessions.ts'
import { lastDays, midnight, sumByDay } from './days.ts'
import { estimateDevices } from './devices.ts'
import { countOnline, countTasks, listRegistrations, lookAtQueue, sumPushes } from './overview.sql.ts'

const hour = 3_600_000
/** What is looked at, at the most. */
const mostOnline = 20_000
const mostTasks = 5000
const mostJobs = 10_000

export const handlers: Handlers<typeof overview> = {
  async getOverview({ sql, app, services }) {
    const now = services.now()
    const [users, online, registered, devices, pushes, notifiers, queue] = await Promise.all([
      countUsers(sql, app.app_id),
      countOnline(sql, app.app_id, now - nodeLife, mostOnline + 1),
      registeredLately(sql, app, now),
      estimateDevices(sql, app.app_id),
      pushesToday(sql, app, now),
      listNotifiers(sql, app.app_id),
      lookAtQueue(sql, app.app_id, mostJobs + 1),
    ])
    return {
      at: now,
      users,
      online: atMost(online, mostOnline),
      registered,
      devices,
      pushes,
      notifiers: notifiers
        .filter(({ disabled, parked_until }) => disabled === 1 || parked_until > now)
        .map(({ name, provider, disabled, parked_reason, parked_until }) => ({
          name,
          provider: providerOf(provider),
          state: disabled === 1 ? 'disabled' : 'parked',
          reason: parked_reason,
          parked_until,
        })),
      queue: { ...atMost(queue.jobs, mostJobs), oldest_ms: Math.max(0, now - (queue.oldest ?? now)) },
    }
  },

  async liveEvents({ services, app, session }) {
    if (services.live.isFull) fail('overloaded', undefined, 5)
    return services.live.follow(app.app_id, () => isOver(services, session as Session))
  },
}

/** Asked of the storage: a stream lives long, and what ended its session may have happened anywhere. */
async function isOver({ sessions }: Pick<Services, 'sessions'>, { kind, app, hash }: Session): Promise<boolean> {
  try {
    await sessions.read(kind, app, hash)
    return false
  } catch (error) {
    if (error instanceof ApiError) return true
    throw error
  }
}

const atMost = (counted: number, most: number) => ({ value: Math.min(counted, most), exact: counted <= most })

async function registeredLately(sql: Sql, { app_id, time_zone }: App, now: number) {
  const days = lastDays(time_zone, now)
  const counts = await listRegistrations(sql, app_id, Math.floor(now / hour) - 8 * 24)
  const sums = sumByDay(time_zone, counts)
  const by_day = days.map(day => ({ day, users: sums.get(day) ?? 0 }))
  return {
    today: by_day.at(-1)?.users ?? 0,
    seven_days: by_day.reduce((sum, { users }) => sum + users, 0),
    by_day,
  }
}

async function pushesToday(sql: Sql, { app_id, time_zone }: App, now: number) {
  const from = midnight(time_zone, now)
  const [tasks, counts] = await Promise.all([
    countTasks(sql, app_id, from, mostTasks + 1),
    sumPushes(sql, app_id, from, mostTasks),
  ])
  const sums = new Map(counts.map(({ kind, devices }) => [kind, devices]))
  const by_channel = channels.map(channel => ({
    channel,
    target: sums.get(`${channel}_target`) ?? 0,
    sent: sums.get(`${channel}_sent`) ?? 0,
    received: sums.get(`${channel}_received`) ?? 0,
  }))
  return { exact: tasks <= mostTasks, by_channel: by_channel.filter(({ target }) => target > 0) }
}
