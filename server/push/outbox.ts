import { randomUUID } from 'node:crypto'
import type { Senders } from '../senders/senders.ts'
import type { Services } from '../services.ts'
import { Cutter } from './cutter.ts'
import { Delivery, jobLease } from './delivery.ts'
import { claimJob, deferJob, freeJobs, listDueJobs } from './jobs.sql.ts'
import type { SocketPushes } from './socket-pushes.ts'
import { freeTasks } from './tasks.sql.ts'

/** How often this node looks for work that nobody told it of: of other nodes, or whose time has come (ms). */
const look = 1000
/** Jobs at once: of one notifier, so that a slow vendor does not hold up the others; and of all. */
const mostOfRoute = 4
const mostAtOnce = 32
/** Before a job that failed is tried again (ms). */
const setback = 5000
/** How long jobs that are being sent may take when the node stops (ms). */
const patience = 3000

type Needs = Pick<Services, 'sql' | 'now' | 'apps' | 'bus' | 'report'>

/** Sends what is due: cuts tasks into jobs, and does the jobs, messages of chats first. */
export class Outbox {
  readonly #services: Needs
  readonly #senders: Senders
  readonly #sockets: SocketPushes
  readonly #cutter: Cutter
  readonly #delivery: Delivery
  readonly #running = new Map<Promise<void>, string>()
  #timer: NodeJS.Timeout | undefined
  #claiming: Promise<void> | undefined
  #again = false
  #stopping = false

  constructor(services: Needs, senders: Senders, sockets: SocketPushes) {
    this.#services = services
    this.#senders = senders
    this.#sockets = sockets
    this.#cutter = new Cutter(services, () => this.#claim())
    this.#delivery = new Delivery(services, senders, sockets)
  }

  /** `isSole`: no other node can be alive, so what one that was killed had claimed is free at once. */
  async start(isSole: boolean) {
    const { sql, now } = this.#services
    if (isSole) await Promise.all([freeJobs(sql, now()), freeTasks(sql, now())])
    this.#timer = setInterval(() => this.wake(), look).unref()
    this.wake()
  }

  /** There is something to do. */
  wake() {
    if (!this.#timer || this.#stopping) return
    this.#cutter.wake()
    this.#claim()
  }

  /** Jobs that are being sent are finished; where that takes long they are broken off, and tried again later. */
  async stop() {
    this.#stopping = true
    clearInterval(this.#timer)
    this.#delivery.stop()
    await Promise.all([this.#cutter.stop(), this.#claiming])
    this.#sockets.stop()
    const cut = setTimeout(() => this.#senders.close(), patience)
    await Promise.all(this.#running.keys())
    clearTimeout(cut)
    this.#senders.close()
  }

  #claim() {
    if (this.#stopping) return
    this.#again = true
    this.#claiming ??= this.#claimAll()
      .catch(this.#services.report)
      .finally(() => {
        this.#claiming = undefined
      })
  }

  async #claimAll() {
    while (this.#again && !this.#stopping) {
      this.#again = false
      for (const lane of [0, 1]) await this.#claimLane(lane)
    }
  }

  async #claimLane(lane: number) {
    const { sql, now } = this.#services
    const room = mostAtOnce - this.#running.size
    if (room <= 0) return
    const due = await listDueJobs(sql, lane, now(), this.#busy(), room)
    for (const { app_id, job_id, route } of due) {
      const key = `${app_id} ${route}`
      if (this.#stopping || this.#countOf(key) >= mostOfRoute) continue
      const claim = randomUUID()
      const job = await claimJob(sql, app_id, job_id, claim, now(), now() + jobLease)
      if (job)
        this.#run(
          key,
          this.#delivery.deliver(job, claim).catch(error => this.#giveBack(app_id, job_id, claim, error)),
        )
    }
  }

  #run(key: string, work: Promise<void>) {
    const tracked = work.finally(() => {
      this.#running.delete(tracked)
      this.#claim()
    })
    this.#running.set(tracked, key)
  }

  async #giveBack(app: string, job: string, claim: string, error: unknown) {
    const { sql, now, report } = this.#services
    report(error)
    try {
      await deferJob(sql, app, job, claim, now() + setback)
    } catch (error) {
      // The claim runs out by itself.
      report(error)
    }
  }

  #countOf(key: string) {
    let count = 0
    for (const running of this.#running.values()) if (running === key) count++
    return count
  }

  /** Never empty: the empty name is nobody's. */
  #busy(): string[] {
    const keys = [...new Set(this.#running.values())]
    return ['', ...keys.filter(key => this.#countOf(key) >= mostOfRoute)]
  }
}
