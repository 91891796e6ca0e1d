import type { Channel } from '../../contract/delivery.ts'
import type { App } from '../apps/apps.sql.ts'
import { findNotifierRow, type NotifierRow } from '../notifiers/notifiers.sql.ts'
import type { Sender, Verdict } from '../senders/sender.ts'
import type { Senders } from '../senders/senders.ts'
import type { Services } from '../services.ts'
import { namedIn, type Ready, sortDevices } from './devices-of-job.ts'
import { deferJob, deferJobsOfRoute, finishJob, type JobRow, keepJob } from './jobs.sql.ts'
import type { Outcome, OutcomeWord } from './outcomes.ts'
import { Settlement } from './settlement.ts'
import type { SocketPushes } from './socket-pushes.ts'
import { cancelled, findTask, type TaskRow } from './tasks.sql.ts'

/** How long a claim holds (ms), and how often whoever works on the job renews it. */
export const jobLease = 60_000
const renewal = 20_000
/** Where the app is frozen or has push switched off: its jobs wait (ms). */
const closed = 60_000
/** How long it is evidence that a vendor took a push (ms). */
const lately = 300_000
/** Until somebody resumes the task. */
const far = Number.MAX_SAFE_INTEGER

type Needs = Pick<Services, 'sql' | 'now' | 'apps' | 'bus' | 'report'>

/** Does one job: looks at its devices, sends, and settles what became of them in one transaction. */
export class Delivery {
  readonly #services: Needs
  readonly #senders: Senders
  readonly #sockets: SocketPushes
  /** When each notifier's vendor last took something (ms). */
  readonly #takenAt = new Map<string, number>()
  #stopping = false

  constructor(services: Needs, senders: Senders, sockets: SocketPushes) {
    this.#services = services
    this.#senders = senders
    this.#sockets = sockets
  }

  /** What is not confirmed at once from now on is left to another time. */
  stop() {
    this.#stopping = true
  }

  /** Done when the job is settled, given back, or no longer ours. */
  async deliver(job: JobRow, claim: string) {
    const { sql, now, report } = this.#services
    const renew = () => keepJob(sql, job.app_id, job.job_id, claim, now() + jobLease).catch(report)
    const timer = setInterval(renew, renewal)
    try {
      await this.#deliver(job, claim)
    } finally {
      clearInterval(timer)
    }
  }

  async #deliver(job: JobRow, claim: string) {
    const { sql, now, apps } = this.#services
    const { app_id, job_id, task_id, route } = job
    const task = await findTask(sql, app_id, task_id)
    if (!task) return void (await finishJob(sql, app_id, job_id, claim))
    if (task.state === cancelled) return this.#settleAll(job, claim, task, 'cancelled')
    if (task.paused) return void (await deferJob(sql, app_id, job_id, claim, far))
    if (task.expires_at <= now()) return this.#settleAll(job, claim, task, 'expired')
    const app = await apps.find(app_id)
    if (!app || app.frozen || !app.push) return void (await deferJob(sql, app_id, job_id, claim, now() + closed))
    const notifier = route === '' ? undefined : await findNotifierRow(sql, app_id, route)
    if (notifier && notifier.parked_until > now()) return this.#wait(job, claim, notifier)
    const settlement = await this.#send(app, task, job, notifier)
    await settlement.store(this.#services, claim)
  }

  #settleAll(job: JobRow, claim: string, task: TaskRow, outcome: OutcomeWord) {
    const settlement = new Settlement(job, task)
    for (const { user, device } of namedIn(job)) settlement.note({ user, device, channel: '', outcome, detail: '' })
    return settlement.store(this.#services, claim)
  }

  /** The notifier is parked: none of its jobs is tried before. */
  async #wait({ app_id, job_id, route }: JobRow, claim: string, { parked_until }: NotifierRow) {
    await this.#services.sql.begin(async sql => {
      await deferJob(sql, app_id, job_id, claim, parked_until)
      await deferJobsOfRoute(sql, app_id, route, parked_until)
    })
  }

  async #send(app: App, task: TaskRow, job: JobRow, notifier: NotifierRow | undefined) {
    const settlement = new Settlement(job, task, notifier)
    const { ready, barred, elsewhere } = await sortDevices(this.#services, app, task, job)
    for (const outcome of barred) settlement.note(outcome)
    settlement.reroute(elsewhere)
    const sender = notifier && this.#senders.for(app.app_id, notifier)
    const online = ready.filter(({ nodes }) => nodes.length > 0)
    const away = ready.filter(({ nodes }) => nodes.length === 0)
    await Promise.all([
      this.#viaVendor(settlement, sender, task, away, false),
      this.#viaSocket(settlement, task, online).then(unheard =>
        this.#viaVendor(settlement, sender, task, unheard, true),
      ),
    ])
    return settlement
  }

  /** Returns those that did not confirm it. */
  async #viaSocket(settlement: Settlement, { app_id, task_id }: TaskRow, online: Ready[]): Promise<Ready[]> {
    const heard = await this.#sockets.push(app_id, task_id, online)
    const unheard: Ready[] = []
    for (const [i, each] of online.entries()) {
      const { user, device } = each
      if (heard[i]) settlement.note({ user, device, channel: 'mxpush', outcome: 'acknowledged', detail: '' })
      else if (this.#stopping) settlement.later(each, { is: 'later', reason: 'the node stops', after: 0 })
      else unheard.push(each)
    }
    return unheard
  }

  async #viaVendor(settlement: Settlement, sender: Sender | undefined, task: TaskRow, all: Ready[], wereTold: boolean) {
    const bound = all.filter(each => each.bound && sender)
    for (const each of all) if (!each.bound || !sender) settlement.note(withoutVendor(each, wereTold))
    if (bound.length === 0 || !sender) return
    const targets = bound.map(({ user, device, push, bound }) => ({
      app: task.app_id,
      task: task.task_id,
      user,
      device,
      token: bound?.device_token ?? '',
      boundAt: bound?.bound_at ?? 0,
      push,
    }))
    const verdicts = await sender.send(targets).catch((error): Verdict[] => {
      this.#services.report(error)
      return targets.map(() => ({ is: 'later', reason: 'the sender failed' }))
    })
    const tookLately = this.#noteTaken(`${task.app_id} ${bound[0]?.bound?.notifier_name}`, verdicts)
    settlement.judge(
      bound.map((each, i) => ({ ready: each, verdict: verdicts[i] as Verdict, token: each.bound?.device_token ?? '' })),
      { channel: sender.channel, wasUnheard: wereTold, tookLately },
    )
  }

  /** Whether the notifier's vendor took anything from this node a short time before. */
  #noteTaken(notifier: string, verdicts: Verdict[]): boolean {
    const now = this.#services.now()
    const tookLately = now - (this.#takenAt.get(notifier) ?? -lately) < lately
    if (verdicts.some(({ is }) => is === 'sent')) this.#takenAt.set(notifier, now)
    return tookLately
  }
}

/** It was told over its connection and said nothing, or it has no connection either. */
function withoutVendor({ user, device, otherwise }: Ready, wasTold: boolean): Outcome {
  if (wasTold) return { user, device, channel: 'mxpush', outcome: 'not_acknowledged', detail: '' }
  const channel: Channel | '' = otherwise.outcome === 'offline' ? 'mxpush' : ''
  return { user, device, channel, ...otherwise }
}
