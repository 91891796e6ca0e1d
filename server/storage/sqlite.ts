import { randomInt } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { Batch, type Engine, type Observe, type WriteJob } from './batch.ts'
import { Checkpoints } from './checkpoints.ts'
import { type Prepared, prepare, rowsOf, translated, unlessNoRoom } from './prepared.ts'
import { BusyError, DiskError, type Sql } from './sql.ts'
import { SqliteDialect } from './sqlite-dialect.ts'
import type { Compiled, Statement } from './statement.ts'
import type { Store } from './store.ts'
import { first, tag } from './tag.ts'

/** How long, in ms, another process that writes is waited for. */
const patience = 5000

/** What must hold on the connection before anything is served; 2 is FULL. */
const demanded = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1, secure_delete: 1 }

const dialect = new SqliteDialect()

export interface Sqlite extends Store {
  database: DatabaseSync
}

/** Opens the file, makes it durable, and refuses (throws) where the file system does not allow that. */
export function openSqlite(path: string, observe: Observe = () => {}): Sqlite {
  const database = new DatabaseSync(path, { timeout: patience })
  switchToLog(database)
  database.exec(`pragma synchronous = full; pragma foreign_keys = on; pragma secure_delete = on;
    pragma cache_size = -32768; pragma mmap_size = 2147418112; pragma temp_store = memory`)
  assertDurable(database)
  const connection = new Connection(database)
  const checkpoints = new Checkpoints(database, path)
  const batch = new Batch(connection, (kind, size, milliseconds) => {
    observe(kind, size, milliseconds)
    if (kind === 'write') checkpoints.committed(size)
  })
  const sql = tag(dialect, {
    run: statement => batch.statement(statement),
    begin: work => batch.transaction(work),
    load: (read, app, key) => batch.load(read, app, key),
  })
  return { sql, database, sole: true, ...upkeep(database, batch, checkpoints) }
}

/**
 * Only the first opening of a file changes anything here. SQLite waits for nobody then, since two who both wait to be
 * alone would wait for each other: so whoever is turned away comes again.
 */
function switchToLog(database: DatabaseSync) {
  for (const end = performance.now() + patience; ; ) {
    try {
      return database.exec('pragma journal_mode = wal')
    } catch (error) {
      if (!(translated(error) instanceof BusyError) || performance.now() > end) throw error
      pauseThread(10 + randomInt(20))
    }
  }
}

/** In ms. Nothing else runs meanwhile: the file is being opened, and nobody is served. */
const pauseThread = (milliseconds: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

function assertDurable(database: DatabaseSync) {
  for (const [name, wanted] of Object.entries(demanded)) {
    const found = Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0]
    if (found !== wanted)
      throw new Error(`SQLite runs with ${name} = ${found}, and ${wanted} is needed to keep what it acknowledges`)
  }
}

function upkeep(database: DatabaseSync, batch: Batch, checkpoints: Checkpoints) {
  const dataVersion = database.prepare('pragma data_version')
  let version: number | undefined
  let scrubbing: NodeJS.Timeout | undefined
  const scrub = () => {
    scrubbing ??= setTimeout(() => {
      scrubbing = undefined
      if (!batch.idle || !truncateLog(database)) scrub()
    }, 50).unref()
  }
  return {
    /** Looked up once a tick. */
    foreignVersion() {
      if (version === undefined) {
        version = (dataVersion.get() as { data_version: number }).data_version
        setImmediate(() => {
          version = undefined
        })
      }
      return version
    },
    /** What was erased may still stand in the write-ahead log, until it is empty. */
    scrub,
    async close() {
      while (!batch.idle) await new Promise(setImmediate)
      clearTimeout(scrubbing)
      await checkpoints.close()
      if (scrubbing) truncateLog(database)
      database.close()
    },
  }
}

/** False where it has to be tried again: a reader in another process needs the log, and nobody here waits for it. */
function truncateLog(database: DatabaseSync): boolean {
  database.exec('pragma busy_timeout = 0')
  try {
    const row = unlessNoRoom(() => database.prepare('pragma wal_checkpoint(truncate)').get())
    return (row as { busy: number } | undefined)?.busy === 0
  } finally {
    database.exec(`pragma busy_timeout = ${patience}`)
  }
}

/** The one connection: statements run on it at once, in the order in which the batch brings them. */
class Connection implements Engine {
  readonly #database: DatabaseSync
  readonly #prepared = new Map<string, Prepared>()
  /** Runs at once what it is given; only used inside a batch. */
  readonly #direct: Sql = tag(dialect, {
    run: async statement => this.run(statement),
    begin: work => work(this.#direct),
    load: (read, app, key) => first(read.find(this.#direct, app, [key])),
  })

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  run({ text, values }: Compiled): object[] {
    try {
      let prepared = this.#prepared.get(text)
      if (!prepared) {
        prepared = prepare(this.#database, text)
        this.#prepared.set(text, prepared)
      }
      return rowsOf(prepared, values)
    } catch (error) {
      const known = translated(error)
      if (known instanceof DiskError) giveUp(known)
      throw known
    }
  }

  select(find: (sql: Sql) => PromiseLike<object[]>): object[] {
    return this.run((find(this.#direct) as Statement<object>).compile())
  }

  snapshot(work: () => void) {
    this.#exec('begin')
    try {
      work()
    } finally {
      if (this.#database.isTransaction) this.#exec('commit')
    }
  }

  async write(jobs: WriteJob[]) {
    const settled: (() => void)[] = []
    try {
      this.#exec('begin immediate')
      for (const job of jobs) {
        settled.push(await this.#outcome(job))
        if (!this.#database.isTransaction) throw new Error('SQLite gave up the transaction')
      }
      this.#exec('commit')
    } catch (error) {
      for (const { reject } of jobs) reject(error)
      if (this.#database.isOpen && this.#database.isTransaction) this.#exec('rollback')
      return false
    }
    for (const settle of settled) settle()
    return true
  }

  async #outcome(job: WriteJob): Promise<() => void> {
    try {
      const value = 'work' in job ? await this.#savepoint(job.work) : job.run()
      return () => job.resolve(value)
    } catch (error) {
      return () => job.reject(error)
    }
  }

  async #savepoint(work: (sql: Sql) => Promise<unknown>): Promise<unknown> {
    this.#exec('savepoint work')
    let over = false
    const alive = <T>(value: T) => {
      if (over) throw new Error('this statement was started after its transaction had ended')
      return value
    }
    const inside: Sql = tag(dialect, {
      run: async statement => this.run(alive(statement)),
      begin: more => more(alive(inside)),
      load: (read, app, key) => first(read.find(alive(inside), app, [key])),
    })
    try {
      const value = await promptly(work(inside))
      this.#exec('release work')
      return value
    } catch (error) {
      this.#undo()
      throw error
    } finally {
      over = true
    }
  }

  /** Takes back one transaction of a batch; where that is impossible the whole batch goes, so that no half of one stays. */
  #undo() {
    if (!this.#database.isTransaction) return
    try {
      this.#exec('rollback to work')
      this.#exec('release work')
    } catch {
      this.#exec('rollback')
    }
  }

  #exec(text: string) {
    this.run({ text, values: [], reads: false })
  }
}

/** Where nobody can catch it: after a sync that failed, a later one may succeed without having written anything. */
function giveUp(error: DiskError) {
  setImmediate(() => {
    throw error
  })
}

/** All writers wait for a transaction, so it may wait for nothing but its statements, and those are done in this tick. */
function promptly<T>(work: Promise<T>): Promise<T> {
  let guard: NodeJS.Immediate
  const late = new Promise<never>((_, reject) => {
    guard = setImmediate(() => reject(new Error('a transaction awaited something other than its own statements')))
  })
  return Promise.race([work, late]).finally(() => clearImmediate(guard))
}
