// Runs once: it is about the file that SQLite keeps.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { Sql } from '../server/storage/sql.ts'
import { SqliteDialect } from '../server/storage/sqlite-dialect.ts'
import { type Compiled, Statement } from '../server/storage/statement.ts'
import { findLiveDevice, listLiveSessions } from '../server/tokens/tokens.sql.ts'
import {
  hitsByAge,
  hitsByBan,
  hitsByEmail,
  hitsById,
  hitsByLease,
  hitsByMobile,
  hitsByNickname,
  hitsByPlatform,
  hitsByUsername,
} from '../server/users/search.sql.ts'
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
    ((strings: TemplateStringsArray, ...values: never[]) =>
      new Statement(strings, values, new SqliteDialect(), note)) as unknown as Sql,
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

test('each way to search users walks along an index in its order, and sorts nothing', async t => {
  const { config } = await testNode(t)
  const database = new DatabaseSync(join(config.data, 'stonechat.db'), { readOnly: true })
  afterwards(t, () => database.close())
  const ways: [index: string, ask: (sql: Sql) => PromiseLike<unknown>][] = [
    ['sqlite_autoindex_users_1', sql => hitsById(sql, 'app', 1, 9, 10)],
    ['users_by_username', sql => hitsByUsername(sql, 'app', 'a', 'ab', 10)],
    ['users_by_mobile', sql => hitsByMobile(sql, 'app', '+4', '+49', 10)],
    ['users_by_email', sql => hitsByEmail(sql, 'app', 'a', 'ab', 10)],
    ['users_by_nickname', sql => hitsByNickname(sql, 'app', 'a', 'ab', 1, 10)],
    ['users_by_age', sql => hitsByAge(sql, 'app', 0, 9, 1, 10)],
    ['users_banned', sql => hitsByBan(sql, 'app', 1, 10)],
    ['devices_by_platform', sql => hitsByPlatform(sql, 'app', 1, 1, 10)],
    ['sqlite_autoindex_leases_1', sql => hitsByLease(sql, 'app', 0, 1, 10)],
  ]

  for (const [index, ask] of ways) {
    const plan = await planOf(database, ask)
    assert.match(plan, new RegExp(`SEARCH \\w+ USING (COVERING )?INDEX ${index} \\(app_id=\\?.*[<>]`), plan)
    assert.doesNotMatch(plan, /SCAN|TEMP B-TREE/)
  }
})
