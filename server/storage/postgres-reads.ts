import type { Observe } from './batch.ts'
import { translated } from './postgres-errors.ts'
import type { Line } from './postgres-line.ts'
import type { Key, PointRead, Sql } from './sql.ts'
import type { Compiled, Statement } from './statement.ts'

interface Waiter {
  resolve(row: unknown): void
  reject(error: unknown): void
}
type Waiting = Map<Key, Waiter[]>
type AnyRead = PointRead<Key, object>
type Loads = Map<AnyRead, Map<string, Waiting>>

/** Keys of one statement. */
const mostKeys = 1000

/** Reads: sent as they come, over the connection with the least to do; point reads of a tick share one statement a kind. */
export class Reads {
  readonly #lines: Line[]
  readonly #observe: Observe
  /** Makes statements, and runs none. */
  readonly #maker: Sql
  #loads: Loads | undefined

  constructor(lines: Line[], maker: Sql, observe: Observe) {
    this.#lines = lines
    this.#maker = maker
    this.#observe = observe
  }

  async read({ text, values }: Compiled): Promise<object[]> {
    try {
      return (await this.#freest().run(text, values)).rows
    } catch (error) {
      throw translated(error)
    }
  }

  load<K extends Key, Row extends object>(read: PointRead<K, Row>, app: string, key: K): Promise<Row | undefined> {
    return new Promise((resolve, reject) => {
      if (!this.#loads) {
        this.#loads = new Map()
        setImmediate(this.#flush)
      }
      const apps = entry(this.#loads, read as unknown as AnyRead, () => new Map<string, Waiting>())
      const waiting = entry(apps, app, () => new Map<Key, Waiter[]>())
      entry(waiting, key, () => []).push({ resolve: resolve as Waiter['resolve'], reject })
    })
  }

  #flush = () => {
    const loads = this.#loads as Loads
    this.#loads = undefined
    for (const [read, apps] of loads)
      for (const [app, waiting] of apps) for (const some of parts(waiting)) this.#loadAll(read, app, some)
  }

  async #loadAll(read: AnyRead, app: string, waiting: Waiting) {
    const start = performance.now()
    try {
      const statement = read.find(this.#maker, app, [...waiting.keys()]) as Statement<object>
      const found = new Map<Key, object>()
      for (const row of await this.read(statement.compile())) found.set(read.keyOf(row), row)
      for (const [key, waiters] of waiting) for (const { resolve } of waiters) resolve(found.get(key))
    } catch (error) {
      for (const waiters of waiting.values()) for (const { reject } of waiters) reject(error)
    }
    this.#observe('read', waiting.size, performance.now() - start)
  }

  #freest(): Line {
    return this.#lines.reduce((best, line) => (line.waiting < best.waiting ? line : best))
  }
}

function parts(waiting: Waiting): Waiting[] {
  if (waiting.size <= mostKeys) return [waiting]
  const all = [...waiting]
  return Array.from({ length: Math.ceil(all.length / mostKeys) }, (_, i) => {
    return new Map(all.slice(i * mostKeys, (i + 1) * mostKeys))
  })
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
