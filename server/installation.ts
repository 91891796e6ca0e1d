import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Apps } from './apps/apps.ts'
import { masterKey, Seals } from './apps/seals.ts'
import type { Config } from './config.ts'
import type { Observe } from './storage/batch.ts'
import { makeFolder, syncFolder } from './storage/folder.ts'
import { type MigrationState, migrate, migrationStates, readMigrations } from './storage/migrate.ts'
import { openSqlite, type Sqlite } from './storage/sqlite.ts'

/** What is on disk: the store, brought up to date, the apps, and the key that seals secrets. */
export interface Installation {
  store: Sqlite
  apps: Apps
  seals: Seals
  /** The migrations that opening it applied. */
  migrated: string[]
}

const migrations = new URL('./migrations/', import.meta.url)
const databaseName = 'stonechat.db'

/** The server and the command line both enter here; the data folder is private to its user. */
export function openInstallation(config: Pick<Config, 'data' | 'masterKey'>, observe?: Observe): Installation {
  const store = openSqlite(privateFile(config.data, databaseName), observe)
  const migrated = migrate(store.database, readMigrations(migrations), Date.now)
  let seals: Seals | undefined
  return {
    store,
    migrated,
    apps: new Apps(store.sql, store.foreignVersion),
    // Only when it is asked for: most commands need no secret, and are run where the key is not at hand.
    get seals() {
      seals ??= new Seals(masterKey(config.masterKey, config.data, hasApps(store)))
      return seals
    },
  }
}

/** Where the database of a data folder is. */
export const databaseFile = (data: string) => join(data, databaseName)

/** What a database has, beside what this version brings. */
export const migrationsOf = (database: DatabaseSync) => migrationStates(database, readMigrations(migrations))

const hasApps = ({ database }: Sqlite) => database.prepare('select 1 from apps limit 1').get() !== undefined

/** Looks without changing or making anything; `exists` tells whether the folder has a database at all. */
export function inspectInstallation({ data }: Pick<Config, 'data'>): { exists: boolean; migrations: MigrationState[] } {
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
