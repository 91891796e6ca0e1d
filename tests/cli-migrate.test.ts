// Runs once: it is about the file that SQLite keeps.
import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openEmbedded } from '../server/installation.ts'
import { folder } from './harness.ts'
import { commandLine } from './support/command-line.ts'

const migrations = readdirSync(new URL('../server/migrations/', import.meta.url)).sort()

test('migrate applies what is missing and says so, once', async t => {
  const { json, text } = commandLine(t, join(folder(t), 'data'))
  const states = async () =>
    (await json<{ migrations: { name: string; state: string }[] }>('migrate', '--status')).migrations

  const before = await states()
  const first = await json('migrate')
  const after = await states()

  assert.deepEqual(
    before,
    migrations.map(name => ({ name, state: 'pending', applied_at: 0 })),
  )
  assert.deepEqual(first, { applied: migrations })
  assert.deepEqual(
    after.map(({ name, state }) => ({ name, state })),
    migrations.map(name => ({ name, state: 'applied' })),
  )
  assert.equal(await text('migrate'), 'The database is up to date.\n')
})

test('migrate --status makes nothing', async t => {
  const data = join(folder(t), 'data')

  const said = await commandLine(t, data).text('migrate', '--status')

  assert.match(said, new RegExp(`${migrations[0]} +pending\n[\\s\\S]*\n${migrations.length} migrations pending\\.\n$`))
  assert.ok(!existsSync(data))
})

test('a command does not bring an older database up to date by itself, nor work on a newer one', async t => {
  const data = join(folder(t), 'data')
  const { refusal, json } = commandLine(t, data)
  const { store } = await openEmbedded({ data, masterKey: '' })
  const last = migrations.at(-1) as string
  store.database.prepare('update migrations set name = ? where name = ?').run('9999_later.sql', last)
  await store.close()

  const older = await refusal('app', 'list')
  const { migrations: states } = await json<{ migrations: { name: string; state: string }[] }>('migrate', '--status')
  const newer = await refusal('migrate')

  assert.equal(
    older.sentence,
    `the database in ${data} lacks ${last}: start the server of this version, or run stonechat migrate`,
  )
  assert.deepEqual(
    states.slice(-2).map(({ name, state }) => [name, state]),
    [
      [last, 'pending'],
      ['9999_later.sql', 'unknown'],
    ],
  )
  assert.match(newer.sentence, /9999_later\.sql, which this version does not know: run the newer version$/)
})
