import type { Observe } from './batch.ts'
import type { Acts } from './postgres-acts.ts'
import { isLost, lostConnection, translated } from './postgres-errors.ts'
import type { Line } from './postgres-line.ts'
import type { Compiled } from './statement.ts'

interface Job {
  statement: Compiled
  resolve(rows: object[]): void
  reject(error: unknown): void
}

const mostOfWave = 256
/** How long a wave waits for a row that somebody has locked (ms): then each of its statements goes alone. */
const lockPatience = 100

/**
 * Single writes. Those of one tick, and those that come while the wave before is under way, are one transaction whose
 * statements are sent at once: one fsync for all. Where one of them fails, nothing of the wave stands, and each is run
 * alone. The connection only reads outside of its transactions: what was left over from a connection that was lost
 * changes nothing.
 */
export class Waves {
  readonly #line: Line
  readonly #acts: Acts
  readonly #observe: Observe
  #jobs: Job[] = []
  #isScheduled = false

  constructor(line: Line, acts: Acts, observe: Observe) {
    this.#line = line
    this.#acts = acts
    this.#observe = observe
  }

  get idle() {
    return !this.#isScheduled
  }

  write(statement: Compiled): Promise<object[]> {
    return new Promise((resolve, reject) => {
      this.#jobs.push({ statement, resolve, reject })
      this.#schedule()
    })
  }

  #schedule() {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(this.#flush)
  }

  #flush = async () => {
    const jobs = this.#jobs.splice(0, mostOfWave)
    const start = performance.now()
    if (jobs.length === 1) await this.#alone(jobs)
    else await this.#together(jobs)
    this.#observe('write', jobs.length, performance.now() - start)
    this.#isScheduled = false
    if (this.#jobs.length > 0) this.#schedule()
  }

  async #together(jobs: Job[]) {
    const line = this.#line
    const { generation } = line
    const begun = line.run(`begin read write; set local lock_timeout = ${lockPatience}`)
    const answers = jobs.map(({ statement }) => line.run(statement.text, statement.values))
    const ended = line.run('commit')
    const [begin, end, ...each] = await Promise.allSettled([begun, ended, ...answers])
    const errors = [begin, ...each, end].flatMap(outcome => (outcome?.status === 'rejected' ? [outcome.reason] : []))
    if (errors.some(isLost) || line.generation !== generation) {
      const error = translated(errors.find(isLost) ?? lostConnection())
      for (const { reject } of jobs) reject(error)
      return
    }
    if (errors.length > 0 || (end as PromiseFulfilledResult<{ command: string }>).value.command !== 'COMMIT')
      return this.#alone(jobs)
    for (const [i, { resolve }] of jobs.entries())
      resolve((each[i] as PromiseFulfilledResult<{ rows: object[] }>).value.rows)
  }

  async #alone(jobs: Job[]) {
    await Promise.all(jobs.map(({ statement, resolve, reject }) => this.#acts.single(statement).then(resolve, reject)))
  }
}
