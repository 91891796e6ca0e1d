import { randomUUID } from 'node:crypto'
import type { Services } from '../services.ts'
import { claimJob, deferJob, findDueJob } from './jobs.sql.ts'
import { doPart, isStopped, type Needs } from './part.ts'

/** How often this node looks for jobs that nobody told it of (ms). */
const look = 1000
/** A claim counts for so long: after a crash another node, or the next start, goes on then (ms). */
const lease = 5000
/** Before a part that failed is tried again (ms). */
const setback = 5000

/** Walks along the jobs that are due, a part of each in turn. */
export class JobRunner {
  readonly #services: Needs & Pick<Services, 'report'>
  #timer: NodeJS.Timeout | undefined
  #working: Promise<void> | undefined
  #again = false
  #stopping = false

  constructor(services: Needs & Pick<Services, 'report'>) {
    this.#services = services
  }

  start() {
    this.#timer = setInterval(() => this.wake(), look).unref()
    this.wake()
  }

  /** There is something to do. */
  wake() {
    if (!this.#timer || this.#stopping) return
    this.#again = true
    this.#working ??= this.#work()
      .catch(this.#services.report)
      .finally(() => {
        this.#working = undefined
      })
  }

  /** The part that is being done is finished. */
  async stop() {
    this.#stopping = true
    clearInterval(this.#timer)
    await this.#working
  }

  async #work() {
    const { sql, now } = this.#services
    while (this.#again && !this.#stopping) {
      this.#again = false
      const due = await findDueJob(sql, now())
      if (!due) continue
      this.#again = true
      const claim = randomUUID()
      const job = await claimJob(sql, due.app_id, due.job_id, claim, now(), now() + lease)
      if (job) await doPart(this.#services, job, claim).catch(error => this.#giveBack(due, claim, error))
    }
  }

  async #giveBack({ app_id, job_id }: { app_id: string; job_id: number }, claim: string, error: unknown) {
    if (isStopped(error)) return
    this.#services.report(error)
    await deferJob(this.#services.sql, app_id, job_id, claim, this.#services.now() + setback)
  }
}
