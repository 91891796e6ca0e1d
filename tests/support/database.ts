import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestNode } from '../harness.ts'
import { allRows } from './rows.ts'

type Place = Pick<TestNode, 'node' | 'appId'>

/** Every row of the app, table by table, for before and after. */
export async function rowsOfApp({ node, appId }: Place): Promise<string[]> {
  return (await allRows(node.services.sql)).filter(row => row.includes(`"app_id":"${appId}"`))
}

/** The tables that have rows of the user, once for each row. */
export async function tablesOfUser(place: Place, user: number): Promise<string[]> {
  const rows = await rowsOfApp(place)
  return rows.filter(row => new RegExp(`"user_id":${user}\\b`).test(row)).map(row => row.slice(0, row.indexOf(' ')))
}

/** What a deleted user leaves: its tombstone, beside the ids in the trail of what admins did. */
export const leftOf = async (place: Place, user: number) =>
  (await tablesOfUser(place, user)).filter(table => table !== 'audit_entries')

/** Which of the texts stand in the bytes of the database file or of its write-ahead log. */
export function foundOnDisk({ config }: Pick<TestNode, 'config'>, texts: string[]): string[] {
  const files = ['stonechat.db', 'stonechat.db-wal'].map(name => join(config.data, name)).filter(existsSync)
  const bytes = Buffer.concat(files.map(file => readFileSync(file)))
  return texts.filter(text => bytes.includes(text))
}
