import { randomUUID } from 'node:crypto'
import { listNotifiers, type NotifierRow } from '../notifiers/notifiers.sql.ts'
import type { Services } from '../services.ts'
import type { Sql } from '../storage/sql.ts'
import {
  addBadges,
  addBadgesBetween,
  type Bound,
  type DeviceRow,
  listTargetsBetween,
  listTargetsOf,
  setBadges,
  setBadgesBetween,
  type TargetDevice,
} from './audience.sql.ts'
import { type Audience, type Crowd, crowdsOf } from './audience.ts'
import { packed } from './devices-of-job.ts'
import { insertJob } from './jobs.sql.ts'
import { badgeOf, type Message, type Setting } from './messages.ts'
import { noteOutcomes, type Outcome } from './outcomes.ts'
import { Routes } from './routes.ts'
import { advanceTask, claimTask, cut, cutting, findTaskToCut, releaseTask, type TaskRow } from './tasks.sql.ts'
import { sortableId } from './times.ts'

/** Devices of one job. */
export const jobSize = 500
/** For how long a part of a task may take (ms): after that another node goes on with it. */
const lease = 60_000
/** Before what the storage could not take is tried again (ms). */
const setback = 1000
/** Values of one statement. */
const listSize = 1000

type Needs = Pick<Services, 'sql' | 'now' | 'report'>

/**
 * Cuts tasks into jobs. Each part is one transaction: its jobs, its badges and how far the task has come. So a crash
 * repeats nothing and leaves nothing out, a badge counts a task once, and whoever takes the task over goes on there.
 */
export class Cutter {
  readonly #services: Needs
  readonly #made: () => void
  #running: Promise<void> | undefined
  #stopping = false
  #again = false

  /** `made` hears of new jobs. */
  constructor(services: Needs, made: () => void) {
    this.#services = services
    this.#made = made
  }

  /** Looks for tasks, unless it does so already: then once more after it. */
  wake() {
    if (this.#stopping) return
    this.#again = true
    this.#running ??= this.#run()
      .catch(this.#services.report)
      .finally(() => {
        this.#running = undefined
      })
  }

  async stop() {
    this.#stopping = true
    await this.#running
  }

  async #run() {
    while (this.#again && !this.#stopping) {
      this.#again = false
      for (;;) {
        const { sql, now } = this.#services
        const task = this.#stopping ? undefined : await findTaskToCut(sql, now())
        if (!task) break
        await this.#take(task)
      }
    }
  }

  async #take(task: TaskRow) {
    const { sql, now, report } = this.#services
    const claim = randomUUID()
    if (!(await claimTask(sql, task.app_id, task.task_id, claim, now(), now() + lease))) return
    try {
      await this.#cut(task, claim)
    } catch (error) {
      report(error)
      await releaseTask(sql, task.app_id, task.task_id, claim, now() + setback)
    }
  }

  async #cut(task: TaskRow, claim: string) {
    const { sql } = this.#services
    const { app_id, cursor_user, last_user } = task
    const audience = JSON.parse(task.audience) as Audience
    const notifiers = await listNotifiers(sql, app_id)
    for await (const crowd of crowdsOf(sql, app_id, audience, cursor_user, last_user)) {
      if (this.#stopping) return releaseTask(sql, app_id, task.task_id, claim, 0)
      const part = await partOf(sql, task, crowd, notifiers)
      if (!(await this.#store(task, claim, crowd, part, { cursor: crowd.end, state: cutting }))) return
      this.#made()
    }
    await this.#store(
      task,
      claim,
      { end: last_user, users: [] },
      { jobs: new Map(), outcomes: [] },
      { cursor: last_user, state: cut },
    )
  }

  /** False where the task is no longer ours to cut. */
  #store(task: TaskRow, claim: string, crowd: Crowd, part: Part, { cursor, state }: { cursor: number; state: number }) {
    const { sql, now } = this.#services
    const { app_id, task_id, lane } = task
    const devices = [...part.jobs.values(), part.outcomes].reduce((sum, list) => sum + list.length, 0)
    const until = now() + lease
    return sql.begin(async sql => {
      if (!(await advanceTask(sql, app_id, task_id, claim, { cursor, devices, state, until }))) return false
      const badges = await countBadges(sql, app_id, JSON.parse(task.message) as Message, crowd)
      for (const [route, all] of part.jobs)
        for (let i = 0; i < all.length; i += jobSize) {
          const some = all.slice(i, i + jobSize)
          const named = some.map(({ user_id: user, device_sn: device }) => ({ user, device, badge: badges(user) }))
          const job = { app_id, job_id: sortableId(now()), task_id, route, lane, attempt: 0, reason: '' }
          await insertJob(sql, { ...job, due_at: task.not_before, ...packed(named) })
        }
      await noteOutcomes(sql, app_id, task_id, part.outcomes, now())
      return true
    })
  }
}

/** What is to be done for a crowd: devices by route, and those of which the outcome is known already. */
interface Part {
  jobs: Map<string, TargetDevice[]>
  outcomes: Outcome[]
}

async function partOf(sql: Sql, task: TaskRow, crowd: Crowd, notifiers: NotifierRow[]): Promise<Part> {
  const setting = JSON.parse(task.setting) as Setting
  const routes = new Routes(notifiers, setting)
  const part: Part = { jobs: new Map(), outcomes: [] }
  for (const device of targetsIn(await rowsOf(sql, task.app_id, crowd))) {
    if (crowd.devices?.get(device.user_id)?.has(device.device_sn) === false) continue
    const found = routes.of(device.platform, device.bound)
    const viaSocket = setting.distribution_strategy === 'mxpush_only'
    if ('none' in found && setting.distribution_strategy === 'ospush_only') {
      const { user_id: user, device_sn } = device
      part.outcomes.push({ user, device: device_sn, channel: '', outcome: found.none, detail: found.detail })
      continue
    }
    const route = viaSocket || 'none' in found ? '' : found.notifier
    const same = part.jobs.get(route)
    if (same) same.push(device)
    else part.jobs.set(route, [device])
  }
  return part
}

const rowsOf = (sql: Sql, app: string, { users, range }: Crowd): PromiseLike<DeviceRow[]> =>
  range ? listTargetsBetween(sql, app, range.after, range.last) : inLists(users, some => listTargetsOf(sql, app, some))

type Binding = Pick<Bound, 'notifier_name' | 'bound_at' | 'dead_at' | 'dead_reason'>

/** Each device once, with its bindings. */
function targetsIn(rows: DeviceRow[]): (TargetDevice & { bound: Binding[] })[] {
  const targets: (TargetDevice & { bound: Binding[] })[] = []
  let last: (typeof targets)[number] | undefined
  for (const { user_id, device_sn, platform, notifier_name, bound_at, dead_at, dead_reason } of rows) {
    if (last?.user_id !== user_id || last.device_sn !== device_sn) {
      last = { user_id, device_sn, platform, bound: [] }
      targets.push(last)
    }
    if (notifier_name === null) continue
    last.bound.push({ notifier_name, bound_at: bound_at ?? 0, dead_at: dead_at ?? 0, dead_reason: dead_reason ?? '' })
  }
  return targets
}

/** The badge of each user after this task; -1 where it stays untold. */
async function countBadges(sql: Sql, app: string, message: Message, { users, range }: Crowd) {
  const change = badgeOf(message)
  if (!change || (users.length === 0 && !range)) return () => -1
  if ('set' in change) {
    if (range) await setBadgesBetween(sql, app, range.after, range.last, change.set)
    else await inLists(users, some => setBadges(sql, app, some, change.set))
    return () => change.set
  }
  const rows = range
    ? await addBadgesBetween(sql, app, range.after, range.last, change.add)
    : await inLists(users, some => addBadges(sql, app, some, change.add))
  const badges = new Map(rows.map(({ user_id, badge }) => [user_id, badge]))
  return (user: number) => badges.get(user) ?? -1
}

async function inLists<Row>(users: number[], ask: (some: number[]) => PromiseLike<Row[]>): Promise<Row[]> {
  const rows: Row[] = []
  for (let i = 0; i < users.length; i += listSize) rows.push(...(await ask(users.slice(i, i + listSize))))
  return rows
}
