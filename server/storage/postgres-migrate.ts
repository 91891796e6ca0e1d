import postgres from 'postgres'
import {
  type Applied,
  isApplied,
  type Migration,
  type MigrationState,
  migrationsTable,
  refuseUnknown,
  statesOf,
} from './migrate.ts'

/** Whoever migrates holds it: of many nodes that start at once one migrates, and the others find it done. */
const turn = 7_305_224_101

/**
 * Text is compared by its bytes, as in SQLite and whatever the database's collation, so that ids sort by time; and an
 * integer holds what it holds in SQLite.
 */
export const forPostgres = (script: string) =>
  script
    .replace(/--.*$/gm, '')
    .replace(/\btext\b/g, 'text collate "C"')
    .replace(/\binteger\b/g, 'bigint')

/** Applies what is missing, each in one transaction with its record, so that a kill leaves it undone or done. */
export async function migrate(url: string, migrations: Migration[], now: () => number): Promise<string[]> {
  return connected(url, async driver => {
    await inTurn(driver, sql => sql.unsafe(forPostgres(migrationsTable)))
    refuseUnknown(await driver.unsafe<Applied[]>('select name from migrations order by name'), migrations)
    const applied: string[] = []
    for (const migration of migrations) if (await step(driver, migration, now)) applied.push(migration.name)
    return applied
  })
}

/** Returns whether it was missing. Looks before it takes its turn, so that a store up to date opens at once. */
async function step(driver: postgres.Sql, migration: Migration, now: () => number): Promise<boolean> {
  if (await isKnown(driver, migration)) return false
  return inTurn(driver, async sql => {
    if (await isKnown(sql, migration)) return false
    await sql.unsafe(forPostgres(migration.script))
    await sql.unsafe('insert into migrations (name, checksum, applied_at) values ($1, $2, $3)', [
      migration.name,
      migration.checksum,
      now(),
    ])
    return true
  })
}

async function isKnown(sql: postgres.ISql, migration: Migration) {
  const [row] = await sql.unsafe<Applied[]>('select checksum from migrations where name = $1', [migration.name])
  return isApplied(row, migration)
}

/** A transaction that has the turn until its end: a lock of the session would outlive it behind a pooler. */
const inTurn = <T>(driver: postgres.Sql, work: (sql: postgres.TransactionSql) => Promise<T> | PromiseLike<T>) =>
  driver.begin(async sql => {
    await sql.unsafe('set local statement_timeout = 0; set local lock_timeout = 0')
    await sql.unsafe(`select pg_advisory_xact_lock(${turn})`)
    return work(sql)
  }) as Promise<T>

/** What the database has, beside what this version brings; changes nothing. */
export const migrationStates = (url: string, migrations: Migration[]): Promise<MigrationState[]> =>
  connected(url, async driver => {
    const [table] = await driver.unsafe(`select to_regclass('migrations') as name`)
    const rows = table?.name ? await driver.unsafe<Applied[]>('select name, checksum, applied_at from migrations') : []
    return statesOf(
      rows.map(row => ({ ...row, applied_at: Number(row.applied_at) })),
      migrations,
    )
  })

async function connected<T>(url: string, work: (driver: postgres.Sql) => Promise<T>): Promise<T> {
  const driver = postgres(url, { max: 1, prepare: false, fetch_types: false, onnotice: () => {} })
  try {
    return await work(driver)
  } finally {
    await driver.end({ timeout: 1 })
  }
}
