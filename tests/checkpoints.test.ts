// Runs once: it is about the file that SQLite keeps.
import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { writesApart } from '../server/storage/checkpoints.ts'
import type { Sql } from '../server/storage/sql.ts'
import { openStore } from './support/store.ts'

const schema = 'create table stones (stone bigint not null primary key, veins text not null)'

/** One page of the log each. */
const veins = 'quartz '.repeat(500)

async function write(sql: Sql, count: number, from: number) {
  const numbers = Array.from({ length: count }, (_, i) => from + i)
  await Promise.all(numbers.map(stone => sql`insert into stones (stone, veins) values (${stone}, ${veins})`))
}

test('the log is copied into the file beside the writers, and begins anew', async t => {
  const { sql, path } = openStore(t, schema)

  let longest = 0
  for (let round = 0; round < 8; round++) {
    await write(sql, writesApart, round * writesApart)
    longest = Math.max(longest, statSync(`${path}-wal`).size)
  }

  const written = 8 * writesApart * 4096
  assert.ok(longest < written / 2, `the log grew to ${longest} bytes while ${written} were written`)
})

test('a store that is closed during a checkpoint holds everything', async t => {
  const { sql, path, close } = openStore(t, schema)

  await write(sql, writesApart + 1, 0)
  await close()

  const again = new DatabaseSync(path)
  const [{ n, ok }] = again
    .prepare('select count(*) as n, (select integrity_check from pragma_integrity_check) as ok from stones')
    .all() as [{ n: number; ok: string }]
  again.close()
  assert.deepEqual([n, ok], [writesApart + 1, 'ok'])
})
