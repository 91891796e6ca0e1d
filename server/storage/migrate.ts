import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

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

/** Its name, and the SHA-256 of the file, as it was applied; and when (ms). */
export interface Applied {
  name: string
  checksum: string
  applied_at: number
}

/** The table of what was applied. */
export const migrationsTable = `create table if not exists migrations (
  name text primary key, -- the file's
  checksum text not null, -- SHA-256 of the file as it was applied
  applied_at bigint not null -- ms
)`

/** Whether it was applied; throws where its file has changed since. */
export function isApplied(applied: Pick<Applied, 'checksum'> | undefined, { name, checksum }: Migration): boolean {
  if (applied && applied.checksum !== checksum)
    throw new Error(`migration ${name} was changed after it had been applied: restore the file that was applied`)
  return applied !== undefined
}

/** Throws where the database is newer than the program. */
export function refuseUnknown(applied: Pick<Applied, 'name'>[], migrations: Migration[]) {
  const known = new Set(migrations.map(({ name }) => name))
  const unknown = applied.find(({ name }) => !known.has(name))
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

/** What a database has, beside what this version brings. */
export function statesOf(rows: Applied[], migrations: Migration[]): MigrationState[] {
  const applied = new Map(rows.map(row => [row.name, row]))
  const brought = new Map(migrations.map(migration => [migration.name, migration]))
  return [...new Set([...applied.keys(), ...brought.keys()])].sort().map(name => {
    const [row, migration] = [applied.get(name), brought.get(name)]
    if (!row) return { name, state: 'pending', applied_at: 0 }
    const state = !migration ? 'unknown' : migration.checksum === row.checksum ? 'applied' : 'changed'
    return { name, state, applied_at: row.applied_at }
  })
}
