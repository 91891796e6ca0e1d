import type { Key, PointRead, Sql } from './sql.ts'
import type { Compiled } from './statement.ts'

/**
 * What is asked of the database within one tick runs together: all reads in one read transaction (point reads of one
 * kind in one statement), then all writes in one transaction with one fsync. Each caller gets its own rows or its own
 * failure, and hears of a write only after the commit.
 */
export class Batch {
  readonly #engine: Engine
  readonly #observe: Observe
  #waves: Wave[] = []
  #scheduled = false

  constructor(engine: Engine, observe: Observe) {
    this.#engine = engine
    this.#observe = observe
  }

  statement(statement: Compiled): Promise<object[]> {
    return new Promise((resolve, reject) => {
      const wave = this.#open()
      const job = { run: () => this.#engine.run(statement), resolve: resolve as Settle, reject }
      if (statement.reads) wave.reads.push(job)
      else wave.writes.push(job)
    })
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#open().writes.push({ work, resolve: resolve as Settle, reject })
    })
  }

  load<K extends Key, Row extends object>(read: PointRead<K, Row>, app: string, key: K): Promise<Row | undefined> {
    return new Promise((resolve, reject) => {
      const wave = this.#open()
      const apps = entry(wave.loads, read as unknown as AnyRead, () => new Map<string, Waiting>())
      const waiting = entry(apps, app, () => new Map<Key, Waiter[]>())
      entry(waiting, key, () => []).push({ resolve: resolve as Settle, reject })
    })
  }

  /** Nothing is queued or running. */
  get idle() {
    return !this.#scheduled
  }

  #open(): Wave {
    let wave = this.#waves.at(-1)
    if (!wave || wave.size >= waveLimit) {
      wave = newWave()
      this.#waves.push(wave)
    }
    wave.size++
    if (!this.#scheduled) {
      this.#scheduled = true
      setImmediate(this.#flush)
    }
    return wave
  }

  #flush = async () => {
    const wave = this.#waves.shift() as Wave
    if (wave.reads.length + wave.loads.size > 0) this.#read(wave)
    if (wave.writes.length > 0) {
      const start = performance.now()
      if (await this.#engine.write(wave.writes)) this.#observe('write', wave.writes.length, performance.now() - start)
    }
    this.#scheduled = this.#waves.length > 0
    if (this.#scheduled) setImmediate(this.#flush)
  }

  #read({ reads, loads, size, writes }: Wave) {
    const start = performance.now()
    try {
      this.#engine.snapshot(() => {
        for (const job of reads) settle(job)
        for (const [read, apps] of loads) for (const [app, waiting] of apps) this.#loadAll(read, app, waiting)
      })
    } catch (error) {
      for (const { reject } of reads) reject(error)
      for (const apps of loads.values()) for (const waiting of apps.values()) rejectAll(waiting, error)
    }
    this.#observe('read', size - writes.length, performance.now() - start)
  }

  #loadAll(read: AnyRead, app: string, waiting: Waiting) {
    try {
      const rows = this.#engine.select(sql => read.find(sql, app, [...waiting.keys()]))
      const found = new Map<Key, object>()
      for (const row of rows) found.set(read.keyOf(row), row)
      for (const [key, waiters] of waiting) for (const { resolve } of waiters) resolve(found.get(key))
    } catch (error) {
      rejectAll(waiting, error)
    }
  }
}

/** What an engine of one connection does for a batch. */
export interface Engine {
  /** Runs one statement now. */
  run(statement: Compiled): object[]
  /** Runs now the one statement that `find` makes. */
  select(find: (sql: Sql) => PromiseLike<object[]>): object[]
  /** Lets all statements of `work` see one state. */
  snapshot(work: () => void): void
  /** Runs all jobs in one transaction and settles each after the commit; false where there was none. */
  write(jobs: WriteJob[]): Promise<boolean>
}

/** `size` jobs took `milliseconds`; writes, once they are committed. */
export type Observe = (kind: 'read' | 'write', size: number, milliseconds: number) => void

type Settle = (value: unknown) => void
interface Waiter {
  resolve: Settle
  reject: (error: unknown) => void
}
interface Job extends Waiter {
  run(): object[]
}
interface TransactionJob extends Waiter {
  work: (sql: Sql) => Promise<unknown>
}
export type WriteJob = Job | TransactionJob

type AnyRead = PointRead<Key, object>
type Waiting = Map<Key, Waiter[]>

interface Wave {
  size: number
  reads: Job[]
  loads: Map<AnyRead, Map<string, Waiting>>
  writes: WriteJob[]
}

/** Jobs a flush, so that none holds the loop for long. */
const waveLimit = 256
const newWave = (): Wave => ({ size: 0, reads: [], loads: new Map(), writes: [] })

function settle({ run, resolve, reject }: Job) {
  try {
    resolve(run())
  } catch (error) {
    reject(error)
  }
}

function rejectAll(waiting: Waiting, error: unknown) {
  for (const waiters of waiting.values()) for (const { reject } of waiters) reject(error)
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
