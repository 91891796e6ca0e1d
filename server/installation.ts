import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Apps } from './apps/apps.ts'
import { masterKey, Seals } from './apps/seals.ts'
import type { Config } from './config.ts'
import type { Observe } from './storage/batch.ts'
import { migrate, readMigrations } from './storage/migrate.ts'
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

/** The server and the command line both enter here; the data folder is private to its user. */
export function openInstallation(config: Pick<Config, 'data' | 'masterKey'>, observe?: Observe): Installation {
  mkdirSync(config.data, { recursive: true, mode: 0o700 })
  const store = openSqlite(join(config.data, 'stonechat.db'), observe)
  const migrated = migrate(store.database, readMigrations(migrations), Date.now)
  return {
    store,
    migrated,
    apps: new Apps(store.sql, store.foreignVersion),
    seals: new Seals(masterKey(config.masterKey, config.data)),
  }
}
