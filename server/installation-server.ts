import type { Inspection, Place } from './installation.ts'
import { migrationsFolder } from './migrations.ts'
import type { Observe } from './storage/batch.ts'
import { readMigrations } from './storage/migrate.ts'
import { openPostgres } from './storage/postgres.ts'
import { migrate, migrationStates } from './storage/postgres-migrate.ts'
import { findServer } from './storage/postgres-server.ts'

const usualPool = 10

/** The store on a PostgreSQL server. */
export async function openServer({ database: url = '', pool = usualPool, prepare = 'auto' }: Place, observe?: Observe) {
  await findServer(url)
  const migrated = await migrate(url, readMigrations(migrationsFolder), Date.now)
  return { store: await openPostgres({ url, pool, prepare }, observe), migrated }
}

export async function inspectServer(url: string): Promise<Inspection> {
  await findServer(url)
  const migrations = await migrationStates(url, readMigrations(migrationsFolder))
  return { exists: migrations.some(({ state }) => state !== 'pending'), migrations }
}
