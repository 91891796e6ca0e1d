import type { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { unlessNoRoom } from './prepared.ts'

/** Writes that are committed between two checkpoints: each is a page of the log or a few, so some MB of it. */
export const writesApart = 1000

/** Pages of the log at which a commit copies them by itself after all: reached only where the thread does not keep up. */
const safetyPages = 10_000

/**
 * A commit appends to the log, and a checkpoint copies the log's pages into the file: random writes and two syncs, 10 to
 * 25 ms that SQLite lets one writer in sixteen wait for. Here a thread with a connection of its own copies beside the
 * writers, and what is left for the writers' connection is the last few pages, after which the log begins anew. Nothing
 * that is acknowledged depends on it: the log alone holds what a crash must not take.
 */
export class Checkpoints {
  readonly #database: DatabaseSync
  readonly #path: string
  readonly #finish
  #worker: Worker | undefined
  #writes = 0
  #passing: Promise<void> | undefined
  #passed = () => {}

  constructor(database: DatabaseSync, path: string) {
    database.exec(`pragma wal_autocheckpoint = ${safetyPages}`)
    this.#database = database
    this.#path = path
    this.#finish = database.prepare('pragma wal_checkpoint(passive)')
  }

  /** To be told of each commit, and how many writes it held. */
  committed(writes: number) {
    this.#writes += writes
    if (this.#writes < writesApart || this.#passing) return
    this.#writes = 0
    this.#passing = this.#pass().finally(() => {
      this.#passing = undefined
    })
  }

  /** Ends the thread, after the pass that it is in. */
  async close() {
    await this.#passing
    await this.#worker?.terminate()
  }

  async #pass() {
    this.#worker ??= this.#start()
    const worker = this.#worker
    worker.ref()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#passed = resolve
    worker.postMessage('pass')
    await promise
    worker.unref()
    if (this.#database.isOpen) unlessNoRoom(() => this.#finish.get())
  }

  /** An error that ends the thread ends the process too: nobody listens for it here. */
  #start(): Worker {
    const worker = new Worker(new URL('./checkpointer.ts', import.meta.url), { workerData: this.#path })
    worker.on('message', () => this.#passed())
    worker.on('exit', () => this.#passed())
    return worker
  }
}
