// The thread of checkpoints.ts: at each message it copies the log into the file until little is left, then answers.
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { unlessNoRoom } from './prepared.ts'

/** Pages that may be left to the writers' own connection, about 2 ms of work; passes, where writers are faster than the disk. */
const fewPages = 100
const mostPasses = 5

const database = new DatabaseSync(workerData as string, { timeout: 0 })
database.exec('pragma synchronous = full; pragma wal_autocheckpoint = 0')
const checkpoint = database.prepare('pragma wal_checkpoint(passive)')

parentPort?.on('message', () => {
  for (let passes = 0; passes < mostPasses; passes++) {
    const before = pagesLeft()
    if (before === undefined || before <= fewPages) break
  }
  parentPort?.postMessage('passed')
})

/** Copies what it can, and says how many pages the log had won meanwhile; undefined where the disk has no room now. */
function pagesLeft(): number | undefined {
  const row = unlessNoRoom(() => checkpoint.get()) as { log: number; checkpointed: number } | undefined
  return row && row.log - row.checkpointed
}
