// Runs once: it is about the file that SQLite keeps.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConstraintError, pointRead } from '../server/storage/sql.ts'
import { quarry } from './support/quarry.ts'
import { settled, spyStatements } from './support/store.ts'

const findOwner = pointRead<number, { owner: number; name: string }>(
  (sql, _, owners) => sql`select owner, name from owners where owner in ${sql(owners)}`,
  row => row.owner,
)

const kindOf = (result: unknown) => (result instanceof ConstraintError ? result.kind : result instanceof Error)

test('the writes of a tick are one transaction with one commit', async t => {
  const { addOwner, names, sizes } = quarry(t)
  const texts = spyStatements(t)

  await Promise.all(Array.from({ length: 50 }, (_, i) => addOwner(`owner ${i}`)))

  assert.deepEqual(sizes('write'), [50])
  assert.equal(texts.filter(text => text === 'begin immediate').length, 1)
  assert.equal(texts.filter(text => text === 'commit').length, 1)
  assert.equal(names().length, 52)
})

test('each caller hears of its own failure, and nobody of another', async t => {
  const { sql, addOwner, names, sizes } = quarry(t)

  const results = await settled<unknown>([
    addOwner('cid'),
    addOwner('ann'),
    sql`insert into stones (owner) values (${404})`,
    sql`insert into owners (name) values (${null})`,
    sql`insert into nowhere values (1)`,
    addOwner('dan'),
  ])

  assert.deepEqual(results.map(kindOf), [false, 'unique', 'foreign', 'other', true, false])
  assert.deepEqual(sizes('write'), [6])
  assert.deepEqual(names(), ['ann', 'bob', 'cid', 'dan'])
})

test('a statement that fails half way changes nothing', async t => {
  const { sql, addOwner, names } = quarry(t)

  const results = await settled<unknown>([
    sql`insert into owners (name) values ('cid'), ('dan'), ('ann')`,
    addOwner('eve'),
  ])

  assert.deepEqual(results.map(kindOf), ['unique', false])
  assert.deepEqual(names(), ['ann', 'bob', 'eve'])
})

test('a write is acknowledged only after the commit', async t => {
  const { sql, addOwner, names } = quarry(t)
  let acknowledged = false

  const written = addOwner('cid').then(() => {
    acknowledged = true
    return names()
  })
  const during = sql.begin(async sql => {
    await sql`update owners set stones = 1 where owner = 1`
    return { acknowledged, names: names() }
  })

  assert.deepEqual(await during, { acknowledged: false, names: ['ann', 'bob'] })
  assert.deepEqual(await written, ['ann', 'bob', 'cid'])
})

test('a read after an acknowledged write sees it', async t => {
  const { sql } = quarry(t)
  const count = async () => (await sql<{ stones: number }>`select stones from owners where owner = 1`)[0]?.stones ?? 0

  const seen = await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      const [mine] = await sql<{ stones: number }>`
        update owners set stones = stones + 1 where owner = 1 returning stones`
      for (let turns = i % 5; turns > 0; turns--) await count()
      return { mine: mine?.stones ?? 0, later: await count() }
    }),
  )

  assert.deepEqual(
    seen.filter(({ mine, later }) => later < mine),
    [],
  )
  assert.equal(new Set(seen.map(({ mine }) => mine)).size, 100)
})

test('the transactions of a tick share a commit and roll back alone', async t => {
  const { sql, addOwner, names, sizes } = quarry(t)

  const results = await settled<unknown>([
    sql.begin(async sql => {
      await sql`insert into owners (owner, name) values (${10}, ${'cid'})`
      await sql`insert into stones (owner) values (${10})`
      return 'both'
    }),
    sql.begin(async sql => {
      await sql`insert into owners (name) values (${'undone'})`
      await sql`insert into stones (owner) values (${404})`
    }),
    sql.begin(async sql => {
      await sql`insert into owners (name) values (${'thought better of'})`
      throw new RangeError('no')
    }),
    addOwner('dan'),
  ])

  assert.equal(results[0], 'both')
  assert.deepEqual(results.map(kindOf), [false, 'foreign', true, false])
  assert.ok(results[2] instanceof RangeError, 'the error is the one that was thrown')
  assert.deepEqual(names(), ['ann', 'bob', 'cid', 'dan'])
  assert.deepEqual(sizes('write'), [4])
})

test('a transaction sees what it wrote, by point reads too, and may go on after a refusal', async t => {
  const { sql, names } = quarry(t)

  const seen = await sql.begin(async sql => {
    await sql`insert into owners (owner, name) values (${10}, ${'cid'})`
    const refused = await sql`insert into owners (name) values (${'ann'})`.then(() => 'taken', kindOf)
    return { refused, name: (await findOwner(sql, '', 10))?.name }
  })

  assert.deepEqual(seen, { refused: 'unique', name: 'cid' })
  assert.deepEqual(names(), ['ann', 'bob', 'cid'])
})

test('a transaction begun inside another joins it', async t => {
  const { sql, names } = quarry(t)

  const joined = await settled<unknown>([
    sql.begin(async sql => {
      await sql.begin(async sql => await sql`insert into owners (name) values (${'undone'})`)
      throw new Error('the outer one fails')
    }),
    sql.begin(async sql => sql.begin(async sql => await sql`insert into owners (name) values (${'cid'})`)),
  ])

  assert.deepEqual(joined.map(kindOf), [true, false])
  assert.deepEqual(names(), ['ann', 'bob', 'cid'])
})

test('more than 256 jobs of a tick are cut into waves, and all are answered', async t => {
  const { sql, sizes, names } = quarry(t)

  const writes = Array.from(
    { length: 600 },
    (_, i) => sql<{ name: string }>`
    insert into owners (name) values (${`owner ${i}`}) returning name`,
  )
  const answers = await Promise.all(writes)
  const reads = await Promise.all(
    answers.map(([row]) => sql<{ name: string }>`select name from owners where name = ${row?.name ?? ''}`),
  )

  assert.deepEqual(sizes('write'), [256, 256, 88])
  assert.deepEqual(sizes('read'), [256, 256, 88])
  assert.deepEqual(
    reads.map(([row]) => row?.name),
    Array.from({ length: 600 }, (_, i) => `owner ${i}`),
  )
  assert.equal(names().length, 602)
})
