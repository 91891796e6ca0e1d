// Runs once: it is about the file that SQLite keeps.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BusyError } from '../server/storage/sql.ts'
import { quarry } from './support/quarry.ts'
import { settled } from './support/store.ts'

test('while another process holds the lock nothing is acknowledged, and every caller hears that the store is busy', async t => {
  const { sql, database, other, addOwner, names } = quarry(t)
  database.exec('pragma busy_timeout = 20')
  other.exec('begin immediate')

  const calls = [addOwner('cid'), addOwner('ann'), sql.begin(async sql => await sql`delete from owners`)]
  const results = await settled<unknown>(calls)
  const [read] = await sql<{ n: number }>`select count(*) as n from owners`
  other.exec('commit')
  await addOwner('dan')

  assert.ok(results.every(result => result instanceof BusyError))
  assert.equal(read?.n, 2, 'reads go on')
  assert.deepEqual(names(), ['ann', 'bob', 'dan'])
})

test('where the commit itself fails, every caller hears of it and nothing is kept', async t => {
  const { sql, addOwner, names, sizes } = quarry(t)

  const results = await settled<unknown>([
    addOwner('cid'),
    sql`insert into promises (owner) values (${404})`,
    sql.begin(async sql => await sql`insert into owners (name) values (${'dan'})`),
  ])
  await addOwner('eve')

  assert.ok(results.every(result => result instanceof Error))
  assert.deepEqual(names(), ['ann', 'bob', 'eve'])
  assert.deepEqual(sizes('write'), [1], 'only what was committed is counted as such')
})

test('where SQLite gives the transaction up half way, every caller hears of it and nothing is kept', async t => {
  const { sql, addOwner, names } = quarry(t)
  const givingUp = () => sql`insert or rollback into owners (name) values (${'ann'})`

  const plain = await settled<unknown>([addOwner('cid'), givingUp(), addOwner('dan')])
  const inside = await settled<unknown>([
    addOwner('cid'),
    sql.begin(async sql => await sql`insert or rollback into owners (name) values (${'ann'})`),
    addOwner('dan'),
  ])
  await addOwner('eve')

  assert.ok([...plain, ...inside].every(result => result instanceof Error))
  assert.deepEqual(names(), ['ann', 'bob', 'eve'])
})

test('a transaction that cannot be taken back alone takes its whole batch with it, and no half of it stays', async t => {
  const { sql, addOwner, names } = quarry(t)

  const results = await settled<unknown>([
    addOwner('cid'),
    sql.begin(async sql => {
      await sql`insert into owners (name) values (${'half'})`
      await sql`release work`
      throw new Error('no')
    }),
  ])
  await addOwner('dan')

  assert.ok(results.every(result => result instanceof Error))
  assert.deepEqual(names(), ['ann', 'bob', 'dan'])
})
