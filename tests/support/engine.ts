import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import postgres from 'postgres'
import { afterwards } from './afterwards.ts'

/** A PostgreSQL server with a template whose tables are made; without them tests run on SQLite. tests/run.mjs sets both. */
const { STONECHAT_TEST_POSTGRES: server = '', STONECHAT_TEST_TEMPLATE: template = '' } = process.env

/** Which engine tests run on. */
export const engine = server ? 'postgres' : 'sqlite'

const databases = new Map<string, string>()

/** The database that stands beside a data folder, made for the test at hand; empty on SQLite, where it is in the folder. */
export async function databaseOf(t: TestContext, data: string, isEmpty = false): Promise<string> {
  if (engine === 'sqlite') return ''
  const known = databases.get(data)
  if (known) return known
  const name = `stonechat_test_${randomBytes(6).toString('hex')}`
  await onServer(sql => sql.unsafe(`create database ${name} template ${isEmpty ? 'template0' : template}`))
  const url = new URL(server)
  url.pathname = `/${name}`
  databases.set(data, url.href)
  afterwards(t, () => onServer(sql => sql.unsafe(`drop database ${name} with (force)`)))
  return url.href
}

/** What a program is to be told of the database of a data folder. */
export const environmentOf = (data: string): Record<string, string> => {
  const url = databases.get(data)
  return url ? { DATABASE_URL: url, STONECHAT_POOL: String(testPool) } : {}
}

/** Small, since many nodes share one server. */
export const testPool = 4

async function onServer(work: (sql: postgres.Sql) => PromiseLike<unknown>) {
  const sql = postgres(server, { max: 1, fetch_types: false, onnotice: () => {} })
  try {
    await work(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}
