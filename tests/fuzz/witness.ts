import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { TestContext } from 'node:test'
import type { TestNode } from '../harness.ts'
import { afterwards } from '../support/afterwards.ts'
import { tables } from '../support/rows.ts'

/**
 * Sees whether the node has committed anything, and what. One connection holds the state of the last look, another sees
 * the present; only where their file has moved are the rows compared.
 */
export class Witness {
  readonly #past: DatabaseSync
  readonly #present: DatabaseSync
  readonly #version
  #seen: unknown

  constructor(t: TestContext, { config }: Pick<TestNode, 'config'>) {
    const path = join(config.data, 'stonechat.db')
    this.#past = new DatabaseSync(path, { readOnly: true })
    this.#present = new DatabaseSync(path, { readOnly: true })
    this.#version = this.#present.prepare('pragma data_version')
    afterwards(t, () => {
      this.#past.close()
      this.#present.close()
    })
    this.#hold()
  }

  /** Forgets what came before. */
  look() {
    if (this.#moved()) this.#hold()
  }

  /** The rows that came and went since the last look, which this is the next one to. */
  changes(): string[] {
    if (!this.#moved()) return []
    const [before, after] = [rowsOf(this.#past), rowsOf(this.#present)]
    this.#hold()
    return [
      ...[...before].filter(row => !after.has(row)).map(row => `- ${row}`),
      ...[...after].filter(row => !before.has(row)).map(row => `+ ${row}`),
    ]
  }

  #moved() {
    return JSON.stringify(this.#version.get()) !== this.#seen
  }

  #hold() {
    this.#seen = JSON.stringify(this.#version.get())
    if (this.#past.isTransaction) this.#past.exec('commit')
    this.#past.exec('begin; select 1 from apps limit 1')
  }
}

/** Ids are taken ahead, in blocks, whatever becomes of the call. */
const watched = tables.filter(table => table !== 'id_blocks')

const rowsOf = (database: DatabaseSync) =>
  new Set(
    watched.flatMap(table =>
      database
        .prepare(`select * from ${table}`)
        .all()
        .map(row => `${table} ${JSON.stringify(row)}`),
    ),
  )
