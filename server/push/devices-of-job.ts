import type { App } from '../apps/apps.sql.ts'
import type { Push } from '../senders/sender.ts'
import type { Services } from '../services.ts'
import type { Sql } from '../storage/sql.ts'
import type { Bound } from './audience.sql.ts'
import { Contents } from './contents.ts'
import { isSilenced } from './eligibility.ts'
import type { JobRow } from './jobs.sql.ts'
import type { Message, Setting } from './messages.ts'
import type { Outcome } from './outcomes.ts'
import { regionOf } from './regions.ts'
import { Situation } from './situation.ts'
import { findSenderName } from './subjects.sql.ts'
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
  /** That hold its connections; none where it is offline. */
  nodes: string[]
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

/** The columns of a job that say which devices it holds. */
export const packed = (named: readonly Named[]) => ({
  devices: JSON.stringify(named.flatMap(({ user, device, badge }) => [user, device, badge])),
  region: regionOf(named.map(({ user }) => user)),
})

/** Looks at everything anew: who was banned, unbound or has gone to sleep since the job was made gets nothing. */
export async function sortDevices(
  services: Pick<Services, 'sql' | 'now'>,
  app: App,
  task: TaskRow,
  job: JobRow,
): Promise<Sorted> {
  const named = namedIn(job)
  const users = [...new Set(named.map(({ user }) => user))]
  const situation = await Situation.of(services, app, JSON.parse(task.setting) as Setting, users)
  const contents = new Contents(app, task, await senderOf(services.sql, task))
  const sorted: Sorted = { ready: [], barred: [], elsewhere: new Map() }

  for (const each of named) {
    const { user, device, badge } = each
    const standing = situation.standing(user, device)
    if ('barrier' in standing) {
      sorted.barred.push({ user, device, channel: '', ...standing.barrier })
      continue
    }
    const { subject, time, nodes, route, bound } = standing
    if ('notifier' in route && route.notifier !== job.route) {
      const others = sorted.elsewhere.get(route.notifier)
      if (others) others.push(each)
      else sorted.elsewhere.set(route.notifier, [each])
      continue
    }
    const hidesDetails = subject.no_push_detail === 1
    sorted.ready.push({
      ...each,
      push: contents.for({ hidesDetails, isQuiet: isSilenced(subject, time), badge }),
      nodes,
      bound: 'notifier' in route ? bound.find(({ notifier_name }) => notifier_name === route.notifier) : undefined,
      otherwise:
        'none' in route ? { outcome: route.none, detail: route.detail } : { outcome: 'no_binding', detail: '' },
    })
  }
  return sorted
}

/** As others see its name in pushes; empty where the push is from nobody. */
async function senderOf(sql: Sql, { app_id, message }: TaskRow): Promise<string> {
  const { from } = JSON.parse(message) as Message
  return from === undefined ? '' : ((await findSenderName(sql, app_id, from)) ?? '')
}
