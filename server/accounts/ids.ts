import { takeIds } from '../apps/apps.sql.ts'
import type { Sql } from '../storage/sql.ts'

const first = 1001
const blockSize = 100

/** Hands out ids of one kind from blocks. What is left of a block when a node stops is never used. */
export class Ids {
  readonly #sql: Sql
  readonly #kind: string
  readonly #blocks = new Map<string, { next: number; end: number }>()
  readonly #taking = new Map<string, Promise<void>>()

  constructor(sql: Sql, kind: 'user' | 'task' | 'job' | 'webhook' = 'user') {
    this.#sql = sql
    this.#kind = kind
  }

  async next(app: string): Promise<number> {
    for (;;) {
      const block = this.#blocks.get(app)
      if (block && block.next < block.end) return block.next++
      await (this.#taking.get(app) ?? this.#takeOnce(app))
    }
  }

  /** Whoever asks meanwhile waits for the same block. */
  #takeOnce(app: string): Promise<void> {
    const taking = this.#take(app).finally(() => this.#taking.delete(app))
    this.#taking.set(app, taking)
    return taking
  }

  async #take(app: string) {
    const next = await takeIds(this.#sql, app, this.#kind, first, blockSize)
    this.#blocks.set(app, { next, end: next + blockSize })
  }
}
