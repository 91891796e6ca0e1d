import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Inspection } from './installation.ts'
import { migrationsFolder } from './migrations.ts'
import type { Observe } from './storage/batch.ts'
import { makeFolder, syncFolder } from './storage/folder.ts'
import { readMigrations } from './storage/migrate.ts'
import { openSqlite } from './storage/sqlite.ts'
import { migrate, migrationStates } from './storage/sqlite-migrate.ts'

const databaseName = 'stonechat.db'

/** Where the database of a data folder is. */
export const databaseFile = (data: string) => join(data, databaseName)

/** The store in a data folder, which is private to its user. */
export function openFile(data: string, observe?: Observe) {
  const store = openSqlite(privateFile(data, databaseName), observe)
  return { store, migrated: migrate(store.database, readMigrations(migrationsFolder), Date.now) }
}

/** What a database has, beside what this version brings. */
export const migrationsOf = (database: DatabaseSync) => migrationStates(database, readMigrations(migrationsFolder))

export function inspectFile(data: string): Inspection {
  const path = databaseFile(data)
  const exists = existsSync(path)
  const database = new DatabaseSync(exists ? path : ':memory:', { timeout: 5000 })
  try {
    return { exists, migrations: migrationsOf(database) }
  } finally {
    database.close()
  }
}

/**
 * Readable by nobody else even where the folder was there before and is not; SQLite gives its log the same rights.
 * A file that is there is not opened: closing it would take SQLite's locks from any connection that this process has.
 */
function privateFile(folder: string, name: string): string {
  const path = join(folder, name)
  try {
    makeFolder(folder)
    if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK)
    else {
      closeSync(openSync(path, 'a', 0o600))
      syncFolder(folder)
    }
  } catch (error) {
    const why = (error as Error).message
    throw new Error(`the data folder ${folder} cannot be used (${why}): make it writable, or set STONECHAT_DATA`)
  }
  return path
}
