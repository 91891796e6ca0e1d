// Runs once: it is about the file that SQLite keeps.
/** Lets syncs of the disk fail at random (libfiu): what the program could not make durable it never acknowledges. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder } from '../harness.ts'
import { amount } from '../support/amount.ts'
import { makeCrowd, type Written, writeNicknames } from '../support/crowd.ts'
import { inspect, lostOf } from '../support/kept.ts'
import { serving } from '../support/program.ts'
import { missing } from '../support/programs.ts'

const rounds = amount(3, 60)
const clients = 100
const conditions = { skip: missing('fiu-run'), timeout: amount(5, 240) * 60_000 }

/** A thousandth of the syncs, so that a round has some thousand writes before its end. */
const failing = ['fsync', 'fdatasync'].flatMap(name => [
  '-c',
  `enable_random name=posix/io/sync/${name},probability=0.001`,
])

test('a disk that fails to sync ends the program, and never acknowledges what it may not keep', conditions, async t => {
  const data = join(folder(t), 'data')
  const { program, first } = await serving(t, data)
  program.child.kill('SIGTERM')
  await program.ended
  const members = await makeCrowd(data, first.app_id, clients)
  const written: Written[] = members.map(({ id }) => ({ id, sent: 0, acknowledged: 0 }))
  let acknowledged = 0

  for (let round = 0; round < rounds; round++) {
    const { program, url } = await serving(t, data, {}, ['fiu-run', '-x', ...failing, process.execPath])
    await writeNicknames(url, first.app_id, members, written, () => acknowledged++, refusedWith500)
    const ended = await program.ended

    assert.ok(ended.code, `the program ended with ${JSON.stringify(ended)}`)
    assert.match(program.errors, /the disk failed/)
    const after = await serving(t, data)
    assert.deepEqual(await lostOf(after, written), [], `round ${round}`)
    after.program.child.kill('SIGTERM')
    await after.program.ended
  }

  assert.equal(inspect(data).integrity, 'ok')
  t.diagnostic(`${rounds} failing disks under ${clients} writers: ${acknowledged} acknowledged, 0 lost`)
})

const refusedWith500 = (code: number) => code === 500
