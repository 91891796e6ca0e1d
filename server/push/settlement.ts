import type { Channel } from '../../contract/delivery.ts'
import type { NotifierRow } from '../notifiers/notifiers.sql.ts'
import { tellActivity } from '../overview/activity.ts'
import type { Verdict } from '../senders/sender.ts'
import type { Services } from '../services.ts'
import { type Named, packed } from './devices-of-job.ts'
import { presentAmong } from './forgetting.ts'
import { deferJobsOfRoute, finishJob, insertJob, type JobRow } from './jobs.sql.ts'
import { noteOutcomes, type Outcome } from './outcomes.ts'
import { countReceived } from './receipts.ts'
import { killToken, parkNotifier } from './subjects.sql.ts'
import type { TaskRow } from './tasks.sql.ts'
import { backOff, mostAttempts, sortableId } from './times.ts'

/** A device that was tried, and what the vendor said. */
export interface Tried {
  ready: Named
  verdict: Verdict
  token: string
}

type Later = Extract<Verdict, { is: 'later' }>

/** What a job comes to. It is stored in one transaction with the end of the job, or, where the claim was lost, not at all. */
export class Settlement {
  readonly #job: JobRow
  readonly #task: TaskRow
  readonly #notifier: NotifierRow | undefined
  readonly #outcomes: Outcome[] = []
  readonly #again: { named: Named; after: number | undefined; reason: string }[] = []
  readonly #dead: { token: string; reason: string; since: number }[] = []
  readonly #waiting: Named[] = []
  #elsewhere = new Map<string, Named[]>()
  #parked: { reason: string; milliseconds: number } | undefined

  constructor(job: JobRow, task: TaskRow, notifier?: NotifierRow) {
    this.#job = job
    this.#task = task
    this.#notifier = notifier
  }

  note(outcome: Outcome) {
    this.#outcomes.push(outcome)
  }

  /** These have another notifier by now. */
  reroute(elsewhere: Map<string, Named[]>) {
    this.#elsewhere = elsewhere
  }

  later(named: Named, { after, reason }: Later) {
    this.#again.push({ named, after, reason })
  }

  /**
   * What the vendor said of a batch. Where it took nothing at all, something may be wrong with us, or with the vendor:
   * then no token is switched off, whatever was said of it. A device alone is believed where the vendor took something
   * else a short time ago.
   */
  judge(
    all: Tried[],
    { channel, wasUnheard, tookLately }: { channel: Channel; wasUnheard: boolean; tookLately: boolean },
  ) {
    const isBelieved = all.some(({ verdict }) => verdict.is === 'sent') || (all.length === 1 && tookLately)
    for (const { ready, verdict, token } of all) {
      const { user, device } = ready
      const end = (outcome: Outcome['outcome'], detail = '') =>
        this.note({ user, device, channel, outcome, detail, wasUnheard })
      if (verdict.is === 'sent') end('sent', verdict.detail)
      else if (verdict.is === 'refused') end('refused', verdict.reason)
      else if (verdict.is === 'dead') {
        const { reason, since = Number.MAX_SAFE_INTEGER } = verdict
        end(isBelieved ? 'dead_token' : 'refused', reason)
        if (isBelieved) this.#dead.push({ token, reason, since })
      } else if (verdict.is === 'parked') {
        this.#waiting.push(ready)
        this.#parked = verdict
      } else if (this.#job.attempt + 1 >= mostAttempts) end('gave_up', verdict.reason)
      else this.later(ready, verdict)
    }
  }

  /** False where the claim was lost: whoever has the job now does all of it again. */
  async store({ sql, now, bus }: Pick<Services, 'sql' | 'now' | 'bus'>, claim: string): Promise<boolean> {
    const { app_id, job_id, task_id } = this.#job
    const isStored = await sql.begin(async sql => {
      if (!(await finishJob(sql, app_id, job_id, claim))) return false
      const isPresent = await presentAmong(sql, app_id, this.#usersLeft())
      for (const job of this.#jobsLeft(now(), isPresent)) await insertJob(sql, job)
      if (this.#notifier) await this.#changeNotifier(sql, this.#notifier, now())
      await noteOutcomes(sql, app_id, task_id, this.#outcomes, now())
      await countReceived(sql, app_id, task_id, this.#outcomes)
      return true
    })
    if (isStored)
      for (const [outcome, all] of Map.groupBy(this.#outcomes, ({ outcome }) => outcome))
        tellActivity(bus, app_id, 'pushed', { count: all.length, detail: `${task_id} ${outcome}` })
    return isStored
  }

  async #changeNotifier(sql: Services['sql'], { name, version }: NotifierRow, now: number) {
    const { app_id } = this.#job
    for (const { token, reason, since } of this.#dead) await killToken(sql, app_id, name, token, { reason, since, now })
    if (!this.#parked) return
    const until = now + this.#parked.milliseconds
    await parkNotifier(sql, app_id, name, version, until, this.#parked.reason)
    await deferJobsOfRoute(sql, app_id, name, until)
  }

  #usersLeft(): number[] {
    const left = [...this.#again.map(({ named }) => named), ...this.#waiting, ...[...this.#elsewhere.values()].flat()]
    return [...new Set(left.map(({ user }) => user))]
  }

  /** Those that are tried again: each kind in a job of its own, which waits as long as it has to. */
  #jobsLeft(now: number, isPresent: (user: number) => boolean) {
    const { attempt, route } = this.#job
    const asked = this.#again.filter(({ after }) => after !== undefined)
    const others = this.#again.filter(({ after }) => after === undefined)
    const longest = Math.max(0, ...asked.map(({ after }) => after ?? 0))
    const told = (some: typeof asked) => ({ named: some.map(({ named }) => named), reason: some[0]?.reason ?? '' })
    const kinds = [
      { route, attempt: attempt + 1, due: now + longest, ...told(asked) },
      { route, attempt: attempt + 1, due: now + backOff(attempt), ...told(others) },
      { route, attempt, due: now + (this.#parked?.milliseconds ?? 0), named: this.#waiting, reason: '' },
      ...[...this.#elsewhere].map(([route, named]) => ({ route, attempt, due: now, named, reason: '' })),
    ]
    return kinds
      .map(kind => ({ ...kind, named: kind.named.filter(({ user }) => isPresent(user)) }))
      .filter(({ named }) => named.length > 0)
      .map(({ route, attempt, due, named, reason }) => ({
        app_id: this.#job.app_id,
        job_id: sortableId(now),
        task_id: this.#task.task_id,
        lane: this.#job.lane,
        route,
        attempt,
        due_at: due,
        reason,
        ...packed(named),
      }))
  }
}
