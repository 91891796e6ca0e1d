import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { isConflict, lostConnection, translated } from './postgres-errors.ts'
import type { Line } from './postgres-line.ts'
import { BusyError, ConstraintError, type Sql } from './sql.ts'
import type { Compiled, Dialect } from './statement.ts'
import { first, tag } from './tag.ts'

/** Waiting for a connection (ms), after which the database counts as busy. */
const patience = 5000
const mostWaiting = 10_000
/** How often a transaction is run again where another stood in its way. */
const mostTries = 8
/** And where a constraint broke although the transaction had looked before. */
const mostLooks = 3

/** The connections that transactions and single writes have for themselves, one after the other. */
export class Acts {
  readonly #dialect: Dialect
  readonly #idle: Line[]
  readonly #queue: { take(line: Line): void; refuse(): void }[] = []

  constructor(dialect: Dialect, lines: Line[]) {
    this.#dialect = dialect
    this.#idle = [...lines]
  }

  /** Runs one statement, which the server commits. */
  single({ text, values }: Compiled): Promise<object[]> {
    return this.#tried(async line => (await line.run(text, values)).rows)
  }

  /** Runs `work` in a transaction, and from its start again where it met another. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#tried(line => transact(line, this.#dialect, work))
  }

  async #tried<T>(work: (line: Line) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      const line = await this.#take()
      try {
        return await work(line)
      } catch (error) {
        const most = isConflict(error) ? mostTries : error instanceof ConstraintError ? mostLooks : 0
        if (tries >= most) throw translated(error)
      } finally {
        this.#release(line)
      }
      await pause(randomInt(2 ** tries))
    }
  }

  #take(): Promise<Line> {
    const line = this.#idle.pop()
    if (line) return Promise.resolve(line)
    if (this.#queue.length >= mostWaiting) return Promise.reject(noneFree())
    const { promise, resolve, reject } = Promise.withResolvers<Line>()
    const waiter = { take: resolve, refuse: () => reject(noneFree()) }
    const timer = setTimeout(() => {
      const at = this.#queue.indexOf(waiter)
      if (at < 0) return
      this.#queue.splice(at, 1)
      waiter.refuse()
    }, patience)
    this.#queue.push(waiter)
    return promise.finally(() => clearTimeout(timer))
  }

  #release(line: Line) {
    const next = this.#queue.shift()
    if (next) next.take(line)
    else this.#idle.push(line)
  }
}

const noneFree = () => new BusyError(new Error('all connections to the database are in use'))

/**
 * One transaction. Its statements go one after the other, each only while the connection is the one that began: a
 * statement that came to another would stand there alone.
 */
async function transact<T>(line: Line, dialect: Dialect, work: (sql: Sql) => Promise<T>): Promise<T> {
  await line.run('begin read write')
  const { generation } = line
  let over = false
  let broken: unknown
  let last: Promise<unknown> = Promise.resolve()
  const next = async ({ text, values }: Compiled) => {
    if (over) throw new Error('this statement was started after its transaction had ended')
    if (broken !== undefined) throw translated(broken)
    if (line.generation !== generation) broken = lostConnection()
    else
      try {
        return (await line.run(text, values)).rows
      } catch (error) {
        broken = error
      }
    throw translated(broken)
  }
  const run = (statement: Compiled) => {
    const answer = last.then(() => next(statement))
    last = answer.catch(() => {})
    return answer
  }
  const inside: Sql = tag(dialect, {
    run,
    begin: more => more(inside),
    load: (read, app, key) => first(read.find(inside, app, [key])),
  })
  try {
    const value = await work(inside)
    await last
    if (broken !== undefined) throw broken
    if (line.generation !== generation) throw lostConnection()
    const { command } = await line.run('commit')
    if (command !== 'COMMIT' || line.generation !== generation) throw lostConnection()
    return value
  } catch (error) {
    over = true
    await last
    if (line.generation === generation) await line.run('rollback').catch(() => {})
    // The domain may have said in its own words what the database said before.
    throw isConflict(broken) ? broken : error
  } finally {
    over = true
  }
}
