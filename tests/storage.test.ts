// Runs once: it is about the file that SQLite keeps.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { pointRead } from '../server/storage/sql.ts'
import { openSqlite } from '../server/storage/sqlite.ts'
import { until } from './support/outcomes.ts'
import { openStore, otherConnection, settled, spyStatements } from './support/store.ts'

const schema = `create table stones (app text not null, stone bigint not null, name text not null default '', primary key (app, stone));
  insert into stones values ('a', 1, 'agate'), ('a', 2, 'basalt'), ('a', 3, 'chert'), ('b', 1, 'diorite')`

interface Stone {
  stone: number
  name: string
}

const findStone = pointRead<number, Stone>(
  (sql, app, stones) => sql`select stone, name from stones where app = ${app} and stone in ${sql(stones)}`,
  row => row.stone,
)

test('a store is opened only where what it acknowledges lasts', t => {
  const { database } = openStore(t, schema)

  const pragma = (name: string) => Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0]

  assert.deepEqual(
    ['journal_mode', 'synchronous', 'foreign_keys', 'secure_delete'].map(pragma),
    ['wal', 2, 1, 1],
    'WAL, FULL, foreign keys and secure_delete',
  )
  assert.throws(() => openSqlite(':memory:'), /journal_mode = memory, and wal is needed to keep what it acknowledges/)
})

test('a statement runs with its values, its fragments and its lists', async t => {
  const { sql } = openStore(t, schema)
  const ofApp = (app: string) => sql`app = ${app}`

  const rows = await sql<Stone>`
    select stone, name from stones
     where ${ofApp('a')} and (name = ${'chert'} or stone in ${sql([1, 7])}) and ${null} is null
     order by stone`

  assert.deepEqual(
    rows.map(row => ({ ...row })),
    [
      { stone: 1, name: 'agate' },
      { stone: 3, name: 'chert' },
    ],
  )
})

test('a value never becomes text of a statement', async t => {
  const { sql } = openStore(t, schema)
  const hostile = `'); drop table stones; --`

  await sql`insert into stones (app, stone, name) values ('a', ${9}, ${hostile})`

  assert.equal((await findStone(sql, 'a', 9))?.name, hostile)
})

test('a statement that is never awaited never runs', async t => {
  const { sql } = openStore(t, schema)

  sql`delete from stones`
  const [left] = await sql<{ n: number }>`select count(*) as n from stones`

  assert.equal(left?.n, 4)
})

test('lists are filled up to powers of two, so that few texts are prepared', async t => {
  const { sql } = openStore(t, schema)
  const texts = spyStatements(t)

  const found: number[] = []
  for (const length of [1, 2, 3, 5, 8, 9]) {
    const keys = Array.from({ length }, (_, i) => i + 1)
    found.push((await sql`select stone from stones where app = 'a' and stone in ${sql(keys)}`).length)
  }

  const places = texts.filter(text => text.startsWith('select')).map(text => text.split('?').length - 1)
  assert.deepEqual(places, [1, 2, 4, 8, 8, 16])
  assert.deepEqual(found, [1, 2, 3, 3, 3, 3], 'the filling finds no row twice')
})

test('an empty list is refused, since no statement could mean it', async t => {
  const { sql } = openStore(t, schema)

  await assert.rejects(
    async () => await sql`select 1 as one from stones where stone in ${sql([])}`,
    /must not be empty/,
  )
})

test('ids go up to 2^53 - 1 and come back as they went in', async t => {
  const { sql, database } = openStore(t, schema)
  const largest = Number.MAX_SAFE_INTEGER

  await sql`insert into stones (app, stone) values ('a', ${largest}), ('a', ${largest - 1})`
  await sql`update stones set name = 'last' where app = 'a' and stone = ${largest}`
  const [last, before] = await Promise.all([findStone(sql, 'a', largest), findStone(sql, 'a', largest - 1)])

  assert.deepEqual([last?.stone, last?.name], [largest, 'last'])
  assert.deepEqual([before?.stone, before?.name], [largest - 1, ''])
  assert.equal(database.prepare(`select typeof(stone) as type from stones where name = 'last'`).get()?.type, 'integer')
})

test('the point reads of a tick are one statement, and each caller gets its own row', async t => {
  const { sql, sizes } = openStore(t, schema)
  const texts = spyStatements(t)

  const keys = [1, 2, 3, 404, 2, 1, 2]
  const rows = await Promise.all(keys.map(key => findStone(sql, 'a', key)))

  assert.deepEqual(
    rows.map(row => row?.name),
    ['agate', 'basalt', 'chert', undefined, 'basalt', 'agate', 'basalt'],
  )
  assert.deepEqual(texts, ['begin', 'select stone, name from stones where app = ? and stone in (?,?,?,?)', 'commit'])
  assert.deepEqual(sizes('read'), [keys.length])
})

test('point reads of two apps do not see each other', async t => {
  const { sql } = openStore(t, schema)

  const [ofA, ofB, none] = await Promise.all([findStone(sql, 'a', 1), findStone(sql, 'b', 1), findStone(sql, 'b', 2)])

  assert.deepEqual([ofA?.name, ofB?.name, none], ['agate', 'diorite', undefined])
})

test('a read that fails fails its own callers and nobody else', async t => {
  const { sql } = openStore(t, schema)
  const broken = pointRead<number, Stone>(
    (sql, app, keys) => sql`select nonsense from stones where app = ${app} and stone in ${sql(keys)}`,
    row => row.stone,
  )

  const results = await settled<unknown>([
    findStone(sql, 'a', 1),
    broken(sql, 'a', 1),
    sql`select * from nowhere`,
    broken(sql, 'a', 2),
    sql`select name from stones where app = 'b'`,
  ])

  const errors = results.map(result => (result instanceof Error ? result.message : 'answered'))
  assert.deepEqual(errors, [
    'answered',
    'no such column: nonsense',
    'no such table: nowhere',
    'no such column: nonsense',
    'answered',
  ])
  assert.equal((await findStone(sql, 'a', 2))?.name, 'basalt', 'and the next tick reads on')
})

test('the reads of a tick see one state, whatever another process commits meanwhile', async t => {
  const { sql, path } = openStore(t, schema)
  const other = otherConnection(t, path)
  const countAfter = (commit: string) =>
    pointRead<string, { app: string; n: number }>(
      (sql, _, apps) => {
        other.exec(commit)
        return sql`select app, count(*) as n from stones where app in ${sql(apps)} group by app`
      },
      row => row.app,
    )

  const [first, second] = await Promise.all([
    countAfter('select 1')(sql, '', 'a'),
    countAfter(`insert into stones values ('a', 8, '')`)(sql, '', 'a'),
  ])
  const third = await countAfter('select 1')(sql, '', 'a')

  assert.deepEqual([first?.n, second?.n, third?.n], [3, 3, 4])
})

test('a statement that writes is never taken for a read, however it begins', async t => {
  const { sql, sizes } = openStore(t, schema)

  const rows = await sql<Stone>`
    with old as (select stone from stones where app = 'b')
    update stones set name = 'dolomite' where app = 'b' and stone in (select stone from old) returning stone, name`
  const read = await sql<Stone>`with all_of_a as (select * from stones where app = 'a') select * from all_of_a`

  assert.equal(rows[0]?.name, 'dolomite')
  assert.equal(read.length, 3)
  assert.deepEqual([sizes('write'), sizes('read')], [[1], [1]])
})

test('the commit of another process is noticed in the next tick, and our own is not taken for one', async t => {
  const { sql, path, foreignVersion } = openStore(t, schema)
  const other = otherConnection(t, path)
  const start = foreignVersion()

  await sql`update stones set name = '' where stone = ${1}`
  const afterOurs = foreignVersion()
  other.exec('update stones set name = app')
  await new Promise(setImmediate)
  const afterTheirs = foreignVersion()

  assert.equal(afterOurs, start)
  assert.notEqual(afterTheirs, start)
})

test('erased text leaves the disk, though another process reads meanwhile, and nobody waits for that one', async t => {
  const { sql, path, scrub } = openStore(t, schema)
  const reader = otherConnection(t, path)
  const isOnDisk = () =>
    [path, `${path}-wal`].some(file => existsSync(file) && readFileSync(file).includes('an erased secret'))
  await sql`insert into stones values ('a', 10, 'an erased secret')`
  reader.exec('begin; select * from stones')

  await sql`delete from stones where stone = ${10}`
  const start = performance.now()
  scrub()
  await wait(200)
  const stalled = performance.now() - start
  const before = isOnDisk()
  reader.exec('commit')

  await until(() => !isOnDisk())
  assert.ok(before, 'while the reader may need the log, it stays')
  assert.ok(stalled < 2000, `the loop stood still for ${stalled} ms`)
})

test('a closed store has finished what it was asked, and refuses what comes later', async t => {
  const { sql, path, close } = openStore(t, schema)

  const asked = sql`insert into stones values ('c', 1, '')`
  const order: string[] = []
  await Promise.all([asked.then(() => order.push('written')), close().then(() => order.push('closed'))])
  const late = await settled<unknown>([
    sql`select 1 as one`,
    sql`delete from stones`,
    findStone(sql, 'a', 1),
    sql.begin(async sql => await sql`delete from stones`),
  ])

  assert.deepEqual(order, ['written', 'closed'])
  assert.ok(late.every(result => result instanceof Error))
  assert.equal(otherConnection(t, path).prepare('select count(*) as n from stones').get()?.n, 5)
})
