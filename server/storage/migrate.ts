import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'

export interface Migration {
  name: string
  script: string
  checksum: string
}

/** The migrations in the order of their names. */
export function readMigrations(folder: URL): Migration[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.sql'))
    .sort()
    .map(name => {
      const script = readFileSync(new URL(name, folder), 'utf8')
      return { name, script, checksum: createHash('sha256').update(script).digest('hex') }
    })
}

const table = `create table if not exists migrations (
  name text primary key, -- the file's
  checksum text not null, -- SHA-256 of the file as it was applied
  applied_at bigint not null -- ms
)`

/**
 * Applies what is missing, each in one transaction with its record, so that a kill leaves it undone or done.
 * Two processes take turns by SQLite's write lock. Throws where the database is newer than the program, or an applied file has changed.
 */
export function migrate(database: DatabaseSync, migrations: Migration[], now: () => number): string[] {
  database.exec(table)
  refuseUnknown(database, migrations)
  return migrations.filter(migration => step(database, migration, now)).map(({ name }) => name)
}

/** Returns whether it was missing. Looks before it takes the lock, so that a store up to date opens while others write. */
function step(database: DatabaseSync, migration: Migration, now: () => number): boolean {
  if (isApplied(database, migration)) return false
  const { name, script, checksum } = migration
  database.exec('begin immediate')
  try {
    const missing = !isApplied(database, migration)
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

function isApplied(database: DatabaseSync, { name, checksum }: Migration): boolean {
  const known = database.prepare('select checksum from migrations where name = ?').get(name)
  if (known && known.checksum !== checksum)
    throw new Error(`migration ${name} was changed after it had been applied: restore the file that was applied`)
  return known !== undefined
}

function refuseUnknown(database: DatabaseSync, migrations: Migration[]) {
  const known = new Set(migrations.map(({ name }) => name))
  const rows = database.prepare('select name from migrations order by name').all() as { name: string }[]
  const unknown = rows.find(({ name }) => !known.has(name))
  if (unknown)
    throw new Error(
      `the database has migration ${unknown.name}, which this version does not know: run the newer version`,
    )
}

export interface MigrationState {
  name: string
  /** `changed`: its file is not what was applied. `unknown`: a newer version applied it. */
  state: 'applied' | 'pending' | 'changed' | 'unknown'
  /** ms; 0 for what is pending */
  applied_at: number
}

/** What the database has, beside what this version brings; changes nothing. */
export function migrationStates(database: DatabaseSync, migrations: Migration[]): MigrationState[] {
  const isOld = database.prepare("select 1 from sqlite_master where type = 'table' and name = 'migrations'").get()
  const rows = isOld ? database.prepare('select name, checksum, applied_at from migrations').all() : []
  const applied = new Map(rows.map(row => [row.name as string, row as unknown as Migration & MigrationState]))
  const brought = new Map(migrations.map(migration => [migration.name, migration]))
  return [...new Set([...applied.keys(), ...brought.keys()])].sort().map(name => {
    const [row, migration] = [applied.get(name), brought.get(name)]
    if (!row) return { name, state: 'pending', applied_at: 0 }
    const state = !migration ? 'unknown' : migration.checksum === row.checksum ? 'applied' : 'changed'
    return { name, state, applied_at: row.applied_at }
  })
}
