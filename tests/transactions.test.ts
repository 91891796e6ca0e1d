// Runs once: it is about the file that SQLite keeps.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Sql } from '../server/storage/sql.ts'
import { openStore, settled } from './support/store.ts'

const schema = 'create table stones (name text primary key)'
const add = (sql: Sql, name: string) => sql`insert into stones (name) values (${name})`
const names = async (sql: Sql) => (await sql<{ name: string }>`select name from stones order by name`).map(r => r.name)
const late = /a transaction awaited something other than its own statements/
const over = /this statement was started after its transaction had ended/

test('a transaction that awaits something foreign is rolled back and says why, while others go on', async t => {
  const { sql } = openStore(t, schema)

  const [foreign, other, plain] = await settled<unknown>([
    sql.begin(async sql => {
      await add(sql, 'undone')
      await wait(5)
      return 'too late'
    }),
    sql.begin(async sql => {
      await add(sql, 'other')
      return 'kept'
    }),
    add(sql, 'plain'),
  ])

  assert.match(String(foreign), late)
  assert.deepEqual([other, plain], ['kept', []])
  assert.deepEqual(await names(sql), ['other', 'plain'])
})

test('a transaction that awaits a statement of the outer sql is told so, instead of hanging', async t => {
  const { sql: outer } = openStore(t, schema)

  const [result] = await settled<unknown>([
    outer.begin(async sql => {
      await add(sql, 'undone')
      await names(outer)
    }),
  ])

  assert.match(String(result), late)
  assert.deepEqual(await names(outer), [])
})

test('what a transaction does after it was given up is refused, and changes nothing', async t => {
  const { sql } = openStore(t, schema)
  const { promise: went, resolve: go } = Promise.withResolvers<void>()
  const { promise: tried, resolve: tell } = Promise.withResolvers<(unknown | Error)[]>()

  const given = sql.begin(async sql => {
    await went
    const statement = async () => await add(sql, 'late')
    const transaction = async () => await sql.begin(async sql => await add(sql, 'later'))
    tell(await settled<unknown>([statement(), transaction()]))
  })
  await assert.rejects(given, late)
  go()

  for (const result of await tried) assert.match(String(result), over)
  assert.deepEqual(await names(sql), [])
})

test('the sql of a finished transaction is refused', async t => {
  const { sql } = openStore(t, schema)
  let kept = sql

  await sql.begin(async sql => {
    kept = sql
    await add(sql, 'in time')
  })

  await assert.rejects(async () => await add(kept, 'late'), over)
  await assert.rejects(async () => await kept.begin(async sql => await add(sql, 'late')), over)
  assert.deepEqual(await names(sql), ['in time'])
})

test('what is asked while a transaction dawdles waits for it, and is answered', async t => {
  const { sql } = openStore(t, schema)
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()

  const dawdling = sql.begin(async sql => {
    await add(sql, 'undone')
    begin()
    await wait(5)
  })
  const asked = begun.then(() => Promise.all([names(sql), sql.begin(async sql => await add(sql, 'asked'))]))

  await assert.rejects(dawdling, late)
  assert.deepEqual(await asked, [[], []])
  assert.deepEqual(await names(sql), ['asked'])
})
