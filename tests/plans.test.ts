import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { Sql } from '../server/storage/sql.ts'
import { type Compiled, Statement } from '../server/storage/statement.ts'
import { findLiveDevice, listLiveSessions } from '../server/tokens/tokens.sql.ts'
import { testNode } from './harness.ts'
import { afterwards } from './support/afterwards.ts'

/** How SQLite would run what `ask` asks. */
async function planOf(database: DatabaseSync, ask: (sql: Sql) => PromiseLike<unknown>): Promise<string> {
  const asked: Compiled[] = []
  const note = async (statement: Compiled) => {
    asked.push(statement)
    return []
  }
  await ask(
    ((strings: TemplateStringsArray, ...values: never[]) => new Statement(strings, values, note)) as unknown as Sql,
  )
  const { text, values } = asked[0] as Compiled
  return database
    .prepare(`explain query plan ${text}`)
    .all(...values)
    .map(({ detail }) => detail)
    .join('\n')
}

test('a user’s live tokens are found by the user, however many the app has', async t => {
  const { config } = await testNode(t)
  const database = new DatabaseSync(join(config.data, 'stonechat.db'), { readOnly: true })
  afterwards(t, () => database.close())

  for (const ask of [
    (sql: Sql) => findLiveDevice(sql, 'app', 1, 'guid', 0),
    (sql: Sql) => listLiveSessions(sql, 'app', 1, 0),
  ]) {
    const plan = await planOf(database, ask)
    assert.match(plan, /user_tokens_by_device \(app_id=\? AND user_id=\?/)
    assert.doesNotMatch(plan, /SCAN|user_tokens_by_end/)
  }
})
