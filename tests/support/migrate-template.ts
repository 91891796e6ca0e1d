/** Makes the template of which the databases of tests are copies: `url`, its name. */
import postgres from 'postgres'
import { migrationsFolder } from '../../server/migrations.ts'
import { readMigrations } from '../../server/storage/migrate.ts'
import { migrate } from '../../server/storage/postgres-migrate.ts'

export async function makeTemplate(server: string, name: string) {
  const sql = postgres(server, { max: 1, fetch_types: false, onnotice: () => {} })
  try {
    await sql.unsafe(`create database ${name} template template0 encoding 'UTF8'`)
    const url = new URL(server)
    url.pathname = `/${name}`
    await migrate(url.href, readMigrations(migrationsFolder), Date.now)
  } finally {
    await sql.end()
  }
}

export async function dropTemplate(server: string, name: string) {
  const sql = postgres(server, { max: 1, fetch_types: false, onnotice: () => {} })
  try {
    await sql.unsafe(`drop database if exists ${name} with (force)`)
  } finally {
    await sql.end()
  }
}
