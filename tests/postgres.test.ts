// Runs once: it makes servers of its own.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import postgres from 'postgres'
import { readConfig } from '../server/config.ts'
import { openInstallation } from '../server/installation.ts'
import { startNode } from '../server/node.ts'
import { openPostgres } from '../server/storage/postgres.ts'
import { PostgresDialect } from '../server/storage/postgres-dialect.ts'
import { BusyError, ConstraintError, List } from '../server/storage/sql.ts'
import { eventually, folder } from './harness.ts'
import { afterwards } from './support/afterwards.ts'
import { newCluster } from './support/own-cluster.ts'
import { settled } from './support/store.ts'

const options = { pool: 4, prepare: 'auto' } as const

/** A server of the test's own, and a store on it with a table of stones. */
async function site(t: TestContext) {
  const cluster = await newCluster(t)
  const store = await openPostgres({ url: cluster.url, ...options })
  afterwards(t, () => store.close())
  const direct = postgres(cluster.url, { max: 1, onnotice: () => {} })
  afterwards(t, () => direct.end({ timeout: 1 }))
  await direct.unsafe('create table stones (name text primary key, weight bigint not null)')
  return { cluster, direct, ...store }
}

test('a list is one parameter, of whichever type its keys are, and a text has no way out of it', () => {
  const dialect = new PostgresDialect()
  const text = (strings: TemplateStringsArray, ...values: (List | string | number)[]) =>
    dialect.compile(strings, values)

  const numbers = text`select 1 from t where app = ${'a'} and id in ${new List([1, 2])}`
  const texts = text`select 1 from t where name not in ${new List(['a"b', 'c\\d', '{},'])}`

  assert.equal(numbers.text, 'select 1 from t where app = $1 and id = any($2::bigint[])')
  assert.deepEqual(numbers.values, ['a', '{1,2}'])
  assert.equal(texts.text, 'select 1 from t where name <> all($1::text[])')
  assert.deepEqual(texts.values, ['{"a\\"b","c\\\\d","{},"}'])
  assert.throws(() => text`select 1 where a in ${new List([])}`, /must not be empty/)
})

test('each write of a tick has its own rows or its own failure, and the others stand', async t => {
  const { sql } = await site(t)
  const add = (name: string, weight = 1) =>
    sql<{ name: string }>`insert into stones (name, weight) values (${name}, ${weight}) returning name`

  const together = await settled([add('agate'), add('basalt'), add('agate'), add('chalk')])
  const rows = await sql<{ name: string }>`select name from stones order by name`

  assert.deepEqual(
    rows.map(({ name }) => name),
    ['agate', 'basalt', 'chalk'],
  )
  assert.equal(together.filter(each => each instanceof ConstraintError && each.kind === 'unique').length, 1)
  assert.equal(together.filter(each => !(each instanceof Error)).length, 3)
})

test('a transaction that met another is run again from its start, and nothing of it is done twice', async t => {
  const { sql } = await site(t)
  await sql`insert into stones (name, weight) values (${'agate'}, ${0}), (${'basalt'}, ${0})`
  const lift = (first: string, second: string) =>
    sql.begin(async sql => {
      await sql`update stones set weight = weight + ${1} where name = ${first}`
      await sql`select pg_sleep(0.05)`
      await sql`update stones set weight = weight + ${1} where name = ${second}`
    })

  await Promise.all([lift('agate', 'basalt'), lift('basalt', 'agate')])

  const rows = await sql<{ weight: number }>`select weight from stones`
  assert.deepEqual(
    rows.map(({ weight }) => weight),
    [2, 2],
  )
})

test('a transaction whose connection is cut is not done, and none of its statements comes alone', async t => {
  const { sql, direct } = await site(t)
  const work = sql.begin(async sql => {
    await sql`insert into stones (name, weight) values (${'agate'}, ${1})`
    await direct`select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'`
    await sql`insert into stones (name, weight) values (${'basalt'}, ${1})`
  })

  await assert.rejects(async () => work, BusyError)
  const rows = await sql`select name from stones`
  assert.deepEqual(rows, [])
})

test('a number that would not be exact is refused, and not rounded', async t => {
  const { sql, direct } = await site(t)
  await direct`insert into stones values ('agate', 9007199254740993)`

  await assert.rejects(async () => await sql`select weight from stones`, /no safe integer/)
  assert.deepEqual(await sql`select count(*) as n, sum(1) as sum from stones`, [{ n: 1, sum: 1 }])
})

test('while the server is gone calls are refused at once; when it is back the pool heals by itself', async t => {
  const { sql, cluster } = await site(t)
  const acts = () => [
    sql`select name from stones`,
    sql`insert into stones (name, weight) values (${`stone ${performance.now()}`}, ${1})`,
    sql.begin(async sql => void (await sql`select 1 as one`)),
  ]
  await Promise.all(acts())

  await cluster.stop('immediate')
  const start = performance.now()
  const gone = [...(await settled(acts())), ...(await settled(acts()))]
  const took = performance.now() - start
  await cluster.start()

  assert.ok(gone.every(each => each instanceof BusyError))
  assert.ok(took < 4000, `it took ${took} ms`)
  await eventually(async () => void (await Promise.all(acts())), 10_000)
})

test('of several nodes that start at once on an empty database one migrates, and one makes the first app', async t => {
  const { url } = await newCluster(t)
  const [data, masterKey] = [folder(t), '5'.repeat(64)]
  const config = { ...readConfig({}), port: 0, data, masterKey, database: url, pool: 3, log: 'silent' as const }

  const nodes = await Promise.all([startNode(config), startNode(config), startNode(config)])
  for (const node of nodes) afterwards(t, () => node.stop())

  assert.equal(nodes.filter(({ firstRun }) => firstRun).length, 1)
  const { store, migrated } = await openInstallation({ data, masterKey, database: url, pool: 3 })
  const [apps] = await store.sql<{ n: number }>`select count(*) as n from apps`
  await store.close()
  assert.deepEqual([migrated, apps?.n], [[], 1])
})

test('a server that would lose what it acknowledges, or is not there, is refused with a sentence', async t => {
  const { url } = await newCluster(t)
  const direct = postgres(url, { max: 1 })
  await direct.unsafe('create database latin encoding latin1 locale "C" template template0')
  await direct.unsafe('create database hasty')
  await direct.unsafe('alter database hasty set synchronous_commit = off')
  await direct.end()
  const at = (database: string) => openPostgres({ url: url.replace(/\/postgres$/, `/${database}`), ...options })

  await assert.rejects(at('latin'), /the encoding LATIN1, and UTF8 is needed/)
  await assert.rejects(at('hasty'), /synchronous_commit off, and on is needed/)
  await assert.rejects(at('nowhere'), /cannot be used at 127.0.0.1:\d+\/nowhere .*set DATABASE_URL/)
  await assert.rejects(
    openPostgres({ url: 'postgres://ann:secret@127.0.0.1:1/x', ...options }),
    (error: Error) => /cannot be used at 127.0.0.1:1\/x/.test(error.message) && !error.message.includes('secret'),
  )
})
