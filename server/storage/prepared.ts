import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { BusyError, ConstraintError, DiskError } from './sql.ts'
import type { Compiled } from './statement.ts'

/** A statement that SQLite has read, and what its rows hold. */
export interface Prepared {
  statement: StatementSync
  columns: string[]
}

export function prepare(database: DatabaseSync, text: string): Prepared {
  const statement = database.prepare(text)
  statement.setReturnArrays(true)
  return { statement, columns: statement.columns().map(({ name }) => name) }
}

/** Rows of one shape: the objects that node:sqlite makes by itself take three times as long to write as JSON. */
export function rowsOf({ statement, columns }: Prepared, values: Compiled['values']): object[] {
  return (statement.all(...values) as unknown as unknown[][]).map(cells => {
    const row: Record<string, unknown> = {}
    for (let i = 0; i < columns.length; i++) row[columns[i] as string] = cells[i]
    return row
  })
}

/** BUSY, LOCKED and FULL: another time it may go. */
const noRoomNow = new Set([5, 6, 13])

/** IOERR_READ and IOERR_SHORT_READ: whoever reads is told, and nothing that was promised is in doubt. */
const readsThatFailed = new Set([266, 522])

/** What went wrong, in the words that are the same for every engine. */
export function translated(error: unknown): Error {
  if (!(error instanceof Error) || !('errcode' in error)) return error as Error
  const code = error.errcode as number
  if (code === 2067 || code === 1555) return new ConstraintError('unique', error)
  if (code === 787) return new ConstraintError('foreign', error)
  if ((code & 0xff) === 19) return new ConstraintError('other', error)
  if (noRoomNow.has(code & 0xff)) return new BusyError(error)
  if ((code & 0xff) === 10 && !readsThatFailed.has(code)) return new DiskError(error)
  return error
}

/** Does what can wait; undefined where the disk is full or somebody is in the way, of which whoever writes is told. */
export function unlessNoRoom<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    const known = translated(error)
    if (known instanceof BusyError) return undefined
    throw known
  }
}
