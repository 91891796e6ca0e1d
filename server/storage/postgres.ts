import type { Observe } from './batch.ts'
import { Acts } from './postgres-acts.ts'
import { PostgresDialect } from './postgres-dialect.ts'
import { Line, type LineOptions } from './postgres-line.ts'
import { Reads } from './postgres-reads.ts'
import { findServer } from './postgres-server.ts'
import { Waves } from './postgres-waves.ts'
import type { Sql } from './sql.ts'
import type { Store } from './store.ts'
import { tag } from './tag.ts'

export interface PostgresOptions {
  url: string
  /** Connections at the most, 3 or more. */
  pool: number
  /** Whether statements are prepared by name; `auto`: unless a pooler stands before the server. */
  prepare: 'auto' | 'on' | 'off'
}

export interface Postgres extends Store {
  /** Whether it is reached through a pooler. */
  isPooled: boolean
}

/** How long, in ms, a statement, a lock and a silent transaction may take. */
const timeouts = {
  statement_timeout: 10_000,
  lock_timeout: 5000,
  idle_in_transaction_session_timeout: 10_000,
}
/** Between two looks at whether the connections answer (ms). */
const apart = 1000
/** Until what was read of others' writes is read again (ms). */
const staleness = 1000

const dialect = new PostgresDialect()

/** Connects, and throws a sentence where the server is not there or cannot keep what it acknowledges. */
export async function openPostgres(options: PostgresOptions, observe: Observe = () => {}): Promise<Postgres> {
  const { url } = options
  const { isPooled } = await findServer(url)
  const prepare = options.prepare === 'auto' ? !isPooled : options.prepare === 'on'
  const lines = new Lines({ url, prepare, parameters: isPooled ? {} : timeouts }, options.pool, isPooled)
  const acts = new Acts(dialect, lines.acts)
  // Through a pooler the connection cannot be kept from writing outside of a transaction, so each write goes alone.
  const waves = isPooled ? undefined : new Waves(lines.wave, acts, observe)
  const maker: Sql = tag(dialect, { run: notHere, begin: notHere, load: notHere })
  const reads = new Reads(lines.reads, maker, observe)
  const sql = tag(dialect, {
    run: statement =>
      statement.reads ? reads.read(statement) : waves ? waves.write(statement) : acts.single(statement),
    begin: work => acts.transaction(work),
    load: (read, app, key) => reads.load(read, app, key),
  })
  return {
    sql,
    isPooled,
    sole: false,
    foreignVersion: () => Math.floor(performance.now() / staleness),
    scrub() {},
    async close() {
      while (!(waves?.idle ?? true) || lines.waiting > 0) await new Promise(setImmediate)
      await lines.close()
    },
  }
}

const notHere = () => Promise.reject(new Error('statements of a point read are run by its batch'))

/** The connections: two that read, one that writes in waves, and the others for transactions. */
class Lines {
  readonly reads: Line[]
  readonly wave: Line
  readonly acts: Line[]
  readonly #timer

  constructor(options: LineOptions, pool: number, isPooled: boolean) {
    const guarded = isPooled ? options : { ...options, parameters: { ...options.parameters, ...readOnlyOutside } }
    this.reads = Array.from({ length: pool < 6 ? 1 : 2 }, () => new Line(guarded))
    this.wave = new Line(guarded)
    this.acts = Array.from({ length: pool - this.reads.length - 1 }, () => new Line(options))
    this.#timer = setInterval(() => {
      for (const line of this.#all) line.check()
    }, apart).unref()
  }

  get #all() {
    return [...this.reads, this.wave, ...this.acts]
  }

  get waiting() {
    return this.#all.reduce((sum, line) => sum + line.waiting, 0)
  }

  async close() {
    clearInterval(this.#timer)
    await Promise.all(this.#all.map(line => line.close()))
  }
}

/** Transactions say `read write` themselves. */
const readOnlyOutside = { default_transaction_read_only: 'on' }
