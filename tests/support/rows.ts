import { readdirSync, readFileSync } from 'node:fs'
import type { Sql } from '../../server/storage/sql.ts'

const migrations = new URL('../../server/migrations/', import.meta.url)

/** Every table that the migrations make, but for the one in which nodes say by themselves that they are alive. */
export const tables = readdirSync(migrations)
  .filter(file => file.endsWith('.sql'))
  .flatMap(file => [...readFileSync(new URL(file, migrations), 'utf8').matchAll(/^create table (\w+)/gm)])
  .map(([, name]) => name as string)
  .filter((name, i, all) => name !== 'nodes' && all.indexOf(name) === i)

/** Every row of every table, so that two moments can be compared. */
export async function allRows(sql: Sql): Promise<string[]> {
  const all = await Promise.all(tables.map(table => rowsOf(sql, table)))
  return all.flat().sort()
}

async function rowsOf(sql: Sql, table: string): Promise<string[]> {
  const rows = await sql`select * from ${sql(literal(table))}`
  return rows.map(row => `${table} ${JSON.stringify(row)}`)
}

/** A name as a fragment of SQL. */
const literal = (text: string): TemplateStringsArray => Object.assign([text], { raw: [text] })
