import { closeSync, copyFileSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { syncFolder } from './folder.ts'

/** Pages that are copied between two reports of progress. */
const pagesApart = 500

/**
 * Copies a database as it is at this moment, beside a process that reads and writes it, into `target`, which must not
 * be there yet: whole, synced, readable by nobody else. The one read transaction is what makes it end: a copy without it
 * begins again at each commit of another process. Throws where what was copied is not whole.
 */
export async function copyDatabase(source: string, target: string, progress: (part: number) => void) {
  const database = new DatabaseSync(source, { readOnly: true, timeout: 5000 })
  try {
    database.exec('begin')
    database.prepare('select 1 from sqlite_master').get()
    closeSync(openSync(target, 'wx', 0o600))
    await backup(database, target, {
      rate: pagesApart,
      progress: ({ totalPages, remainingPages }) => progress(1 - remainingPages / totalPages),
    })
  } finally {
    database.close()
  }
  mustBeWhole(target)
  syncFile(target)
  syncFolder(dirname(target))
}

/** Opens a file that nobody writes, and beside which no log is made. */
export function openUnchanged(path: string): DatabaseSync {
  const address = pathToFileURL(path)
  address.search = 'immutable=1'
  return new DatabaseSync(address, { readOnly: true })
}

function mustBeWhole(path: string) {
  const database = openUnchanged(path)
  try {
    const [found] = database.prepare('pragma integrity_check(1)').all()
    const broken = database.prepare('pragma foreign_key_check').get()
    if (found?.integrity_check !== 'ok' || broken)
      throw new Error(`the database is damaged (${broken ? `a row of ${broken.table}` : found?.integrity_check})`)
  } finally {
    database.close()
  }
}

/** Gives a file its name, which must not be taken; at no moment is half of it there. */
export function nameFile(draft: string, path: string) {
  try {
    linkSync(draft, path)
    rmSync(draft)
  } catch (error) {
    // Some file systems, of memory sticks for one, have no links.
    if (!hasNoLinks(error)) throw error
    if (existsSync(path)) throw Object.assign(new Error(`${path} exists`), { code: 'EEXIST' })
    renameSync(draft, path)
  }
  syncFolder(dirname(path))
}

/** A second name for the file, or a copy of it. */
export function keepBeside(path: string, beside: string) {
  try {
    linkSync(path, beside)
  } catch (error) {
    if (!hasNoLinks(error)) throw error
    copyFileSync(path, beside)
    syncFile(beside)
  }
}

const hasNoLinks = (error: unknown) =>
  ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes((error as NodeJS.ErrnoException).code ?? '')

function syncFile(path: string) {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
