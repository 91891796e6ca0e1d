import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Command } from 'commander'
import { databaseFile } from '../installation-file.ts'
import { copyDatabase, keepBeside } from '../storage/copy.ts'
import { makeFolder, syncFolder } from '../storage/folder.ts'
import { serveAlone } from '../storage/sole.ts'
import { keyNote, mustBeStore } from './backup-checks.ts'
import { type Common, command, does } from './command.ts'
import { withDraft } from './draft.ts'
import { configOf, mustBeFile } from './offline.ts'
import type { Answer } from './print.ts'
import { Progress } from './progress.ts'

export function declare(program: Command) {
  const restore = command(
    program,
    'restore <path>',
    'Puts a backup in the place of the database, with no server running. It is checked first; the database that was there is kept beside it.',
    'restore /var/backups/stonechat-2026-11-23.db',
    'restore /var/backups/stonechat-2026-11-23.db --force',
  )
  restore.option('--force', 'where there is a database already: take its place')
  does<Common & { force?: boolean }>(restore, restoreBackup)
}

async function restoreBackup(options: Common & { force?: boolean }, [path = '']: string[]): Promise<Answer> {
  if (!existsSync(path)) throw new Error(`there is no file ${path}: name a backup`)
  const config = configOf(options)
  mustBeFile(config, 'put it back with pg_restore')
  const target = databaseFile(config.data)
  makeFolder(config.data)
  const release = serveAlone(config.data)
  const progress = new Progress()
  try {
    if (existsSync(target) && !options.force)
      throw new Error(
        `there is a database in ${config.data}: say --force to put the backup in its place, and keep it beside`,
      )
    const { kept, note } = await withDraft(target, async draft => {
      await copyDatabase(path, draft, part => progress.show(part, 'copying')).catch(error => {
        throw new Error(`${path} cannot be restored: ${(error as Error).message}`)
      })
      mustBeStore(draft, path)
      return { note: keyNote(draft, config), kept: exchange(draft, target) }
    })
    const beside = kept && ` The database that was there is now ${kept}.`
    return {
      data: { path, data: config.data, kept: kept || undefined, note: note || undefined },
      text: `The database in ${config.data} is now that of ${path}.${beside}${note && `\n${note}`}`,
    }
  } finally {
    progress.clear()
    release()
  }
}

/** Returns the name under which the earlier database is kept; empty where there was none. */
function exchange(draft: string, target: string): string {
  const kept = existsSync(target) ? keep(target) : ''
  renameSync(draft, target)
  syncFolder(join(target, '..'))
  return kept
}

/** The earlier database gets a second name, so that at every moment one of the two stands under the first. */
function keep(target: string): string {
  foldLog(target)
  const kept = `${target}.before-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`
  const logs = ['-wal', '-shm'].filter(suffix => existsSync(target + suffix))
  for (const suffix of ['', ...logs]) keepBeside(target + suffix, kept + suffix)
  syncFolder(join(target, '..'))
  // A log that stayed would be taken for the restored database's own.
  for (const suffix of logs) rmSync(target + suffix)
  return kept
}

/** SQLite's result codes. */
const inUse = new Set([5, 6])
const damaged = new Set([11, 26])

/** Takes the log into the file, which nobody else may have open. A damaged one is kept as it is, with its log. */
function foldLog(path: string) {
  const database = new DatabaseSync(path, { timeout: 1000 })
  try {
    database.exec('pragma journal_mode = delete')
  } catch (error) {
    const code = Number((error as { errcode?: number }).errcode) & 0xff
    if (inUse.has(code)) throw new Error(`${path} is in use by another process: stop it, then restore`)
    if (!damaged.has(code)) throw error
  } finally {
    database.close()
  }
}
