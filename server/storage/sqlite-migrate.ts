import type { DatabaseSync } from 'node:sqlite'
import {
  type Applied,
  isApplied,
  type Migration,
  type MigrationState,
  migrationsTable,
  refuseUnknown,
  statesOf,
} from './migrate.ts'

/**
 * Applies what is missing, each in one transaction with its record, so that a kill leaves it undone or done.
 * Two processes take turns by SQLite's write lock. Throws where the database is newer than the program, or an applied file has changed.
 */
export function migrate(database: DatabaseSync, migrations: Migration[], now: () => number): string[] {
  database.exec(migrationsTable)
  refuseUnknown(database.prepare('select name from migrations order by name').all() as { name: string }[], migrations)
  return migrations.filter(migration => step(database, migration, now)).map(({ name }) => name)
}

/** Returns whether it was missing. Looks before it takes the lock, so that a store up to date opens while others write. */
function step(database: DatabaseSync, migration: Migration, now: () => number): boolean {
  if (isKnown(database, migration)) return false
  const { name, script, checksum } = migration
  database.exec('begin immediate')
  try {
    const missing = !isKnown(database, migration)
    if (missing) {
      database.exec(script)
      database
        .prepare('insert into migrations (name, checksum, applied_at) values (?, ?, ?)')
        .run(name, checksum, now())
    }
    database.exec('commit')
    return missing
  } catch (error) {
    if (database.isTransaction) database.exec('rollback')
    throw error
  }
}

function isKnown(database: DatabaseSync, migration: Migration): boolean {
  const row = database.prepare('select checksum from migrations where name = ?').get(migration.name)
  return isApplied(row as Applied | undefined, migration)
}

/** What the database has, beside what this version brings; changes nothing. */
export function migrationStates(database: DatabaseSync, migrations: Migration[]): MigrationState[] {
  const isOld = database.prepare("select 1 from sqlite_master where type = 'table' and name = 'migrations'").get()
  const rows = isOld ? database.prepare('select name, checksum, applied_at from migrations').all() : []
  return statesOf(rows as unknown as Applied[], migrations)
}
