import postgres from 'postgres'
import { isLost, lostConnection } from './postgres-errors.ts'
import type { Plain } from './statement.ts'

/** How a line connects. */
export interface LineOptions {
  url: string
  /** Whether statements are prepared by name: not through a pooler that does not know of it. */
  prepare: boolean
  /** Sent when the connection begins; a pooler takes none of them. */
  parameters: Record<string, string | number>
}

/** A connection is given up where nothing has come over it for so long although something was asked (ms). */
export const patience = 15_000
const connectSeconds = 5
/** The driver knows it, and its types do not. */
const pipeline = { max_pipeline: 1000 }
/** After the server could not be reached (ms): meanwhile nobody waits for it. */
const setback = 250

export interface Answer {
  rows: object[]
  /** What the server says it has done: COMMIT, ROLLBACK … */
  command: string
}

/**
 * One connection, made when it is needed and made anew when it is lost. What is asked of it is sent at once and
 * answered in its order. The driver keeps what it could not send yet for the next connection: whoever needs the same
 * connection for several statements compares `generation`.
 */
export class Line {
  readonly #options: LineOptions
  #driver
  #generation = 0
  #waiting = 0
  #heardAt = 0
  #downUntil = 0

  constructor(options: LineOptions) {
    this.#options = options
    this.#driver = this.#make()
  }

  /** Counts connections. */
  get generation() {
    return this.#generation
  }

  /** Statements that have no answer yet. */
  get waiting() {
    return this.#waiting
  }

  async run(text: string, values: Plain[] = []): Promise<Answer> {
    if (performance.now() < this.#downUntil) throw lostConnection()
    if (this.#waiting++ === 0) this.#heardAt = performance.now()
    const driver = this.#driver
    try {
      const rows = await driver.unsafe(text, values as never[], { prepare: this.#options.prepare })
      return { rows: Array.from(rows), command: rows.command }
    } catch (error) {
      if (isLost(error) && driver === this.#driver) this.#renew()
      throw error
    } finally {
      this.#waiting--
      this.#heardAt = performance.now()
    }
  }

  /** To be called from time to time: gives up a connection over which nothing comes any more. */
  check() {
    if (this.#waiting > 0 && performance.now() - this.#heardAt > patience) this.#renew()
  }

  async close() {
    await this.#driver.end({ timeout: 5 })
  }

  /** Gives the connection up; what waits for it fails. */
  #renew() {
    this.#generation++
    this.#downUntil = performance.now() + setback
    const driver = this.#driver
    this.#driver = this.#make()
    void driver.end({ timeout: 0 })
  }

  #make() {
    const { url, prepare, parameters } = this.#options
    return postgres(url, {
      max: 1,
      prepare,
      fetch_types: false,
      idle_timeout: 0,
      max_lifetime: null,
      connect_timeout: connectSeconds,
      keep_alive: 20,
      ...pipeline,
      backoff: () => setback / 1000,
      connection: { application_name: 'stonechat', ...parameters },
      types: { whole },
      onnotice: () => {},
      onclose: () => {
        this.#generation++
      },
    })
  }
}

/** bigint, and what sums of it are. */
const whole = {
  to: 20,
  from: [20, 1700],
  serialize: String,
  parse(text: string) {
    const number = Number(text)
    if (!Number.isSafeInteger(number)) throw new Error(`the database holds ${text}, which is no safe integer`)
    return number
  },
}
