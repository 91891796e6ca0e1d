import type { App } from '../apps/apps.sql.ts'
import { listNotifiers } from '../notifiers/notifiers.sql.ts'
import { nodeLife } from '../presence/leases.ts'
import { listLeasesOf } from '../presence/presence.sql.ts'
import type { Push } from '../senders/sender.ts'
import type { Services } from '../services.ts'
import { type Bound, listBoundOf, listDevicesOf } from './audience.sql.ts'
import { Contents } from './contents.ts'
import { barrierOf, isSilenced, localTime } from './eligibility.ts'
import type { JobRow } from './jobs.sql.ts'
import type { Setting } from './messages.ts'
import type { Outcome } from './outcomes.ts'
import { Routes } from './routes.ts'
import { listSubjects } from './subjects.sql.ts'
import type { TaskRow } from './tasks.sql.ts'

/** A device of a job, as the job holds it. */
export interface Named {
  user: number
  device: number
  badge: number
}

/** Likewise, looked up: what it gets, and where. */
export interface Ready extends Named {
  push: Push
  isOnline: boolean
  /** Under the job's own notifier; undefined where the device has no other way than its connection. */
  bound: Bound | undefined
  /** What is to be said where it has no way left. */
  otherwise: Pick<Outcome, 'outcome' | 'detail'>
}

export interface Sorted {
  ready: Ready[]
  /** Those that get nothing, and why. */
  barred: Outcome[]
  /** Those that have another notifier by now. */
  elsewhere: Map<string, Named[]>
}

export function namedIn({ devices }: Pick<JobRow, 'devices'>): Named[] {
  const flat = JSON.parse(devices) as number[]
  return Array.from({ length: flat.length / 3 }, (_, i) => ({
    user: flat[3 * i] as number,
    device: flat[3 * i + 1] as number,
    badge: flat[3 * i + 2] as number,
  }))
}

export const flattened = (named: readonly Named[]) =>
  JSON.stringify(named.flatMap(({ user, device, badge }) => [user, device, badge]))

const place = (user: number, device: number) => `${user} ${device}`

/** Looks at everything anew: who was banned, unbound or has gone to sleep since the job was made gets nothing. */
export async function sortDevices(
  services: Pick<Services, 'sql' | 'now'>,
  app: App,
  task: TaskRow,
  job: JobRow,
): Promise<Sorted> {
  const { sql, now } = services
  const named = namedIn(job)
  const users = [...new Set(named.map(({ user }) => user))]
  const setting = JSON.parse(task.setting) as Setting
  const [subjects, devices, bindings, leases, notifiers] = await Promise.all([
    listSubjects(sql, app.app_id, users),
    listDevicesOf(sql, app.app_id, users),
    listBoundOf(sql, app.app_id, users),
    setting.distribution_strategy === 'ospush_only' ? [] : listLeasesOf(sql, app.app_id, users),
    listNotifiers(sql, app.app_id),
  ])
  const subjectOf = new Map(subjects.map(subject => [subject.user_id, subject]))
  const platformOf = new Map(devices.map(({ user_id, device_sn, platform }) => [place(user_id, device_sn), platform]))
  const boundOf = Map.groupBy(bindings, ({ user_id, device_sn }) => place(user_id, device_sn))
  const alive = leases.filter(({ renewed_at }) => renewed_at > now() - nodeLife)
  const online = new Set(alive.map(({ user_id, device_sn }) => place(user_id, device_sn)))
  const moment = now()
  const routes = new Routes(notifiers, setting)
  const contents = new Contents(app, task)
  const sorted: Sorted = { ready: [], barred: [], elsewhere: new Map() }

  for (const each of named) {
    const { user, device, badge } = each
    const subject = subjectOf.get(user)
    const time = localTime(subject?.time_zone || app.time_zone, moment)
    const platform = platformOf.get(place(user, device))
    const barrier = barrierOf(subject, time) ?? (platform === undefined ? gone : undefined)
    if (!subject || platform === undefined || barrier) {
      sorted.barred.push({ user, device, channel: '', ...(barrier ?? gone) })
      continue
    }
    const isOnline = online.has(place(user, device))
    const viaSocketAlone = setting.distribution_strategy === 'mxpush_only'
    const bound = boundOf.get(place(user, device)) ?? []
    const route = viaSocketAlone ? offline : routes.of(platform, bound)
    if ('notifier' in route && route.notifier !== job.route) {
      const others = sorted.elsewhere.get(route.notifier)
      if (others) others.push(each)
      else sorted.elsewhere.set(route.notifier, [each])
      continue
    }
    const hidesDetails = subject.no_push_detail === 1
    const push = contents.for({ hidesDetails, isQuiet: isSilenced(subject, time), badge })
    sorted.ready.push({
      ...each,
      push,
      isOnline,
      bound: 'notifier' in route ? bound.find(({ notifier_name }) => notifier_name === route.notifier) : undefined,
      otherwise:
        'none' in route ? { outcome: route.none, detail: route.detail } : { outcome: 'no_binding', detail: '' },
    })
  }
  return sorted
}

const gone = { outcome: 'device_removed', detail: '' } as const
const offline = { none: 'offline', detail: '' } as const
