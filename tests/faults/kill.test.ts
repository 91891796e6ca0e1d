import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder } from '../harness.ts'
import { amount } from '../support/amount.ts'
import { makeCrowd, type Written, writeNicknames } from '../support/crowd.ts'
import { inspect, lostOf, type Registered, registerMany } from '../support/kept.ts'
import { until } from '../support/outcomes.ts'
import { serving } from '../support/program.ts'

const clients = 1000
const registrants = 4
const rounds = amount(20, 200)

/** A build's rounds take over a minute on two processors. */
const conditions = { timeout: amount(10, 240) * 60_000 }

test('a kill under a thousand writers takes nothing that was acknowledged', conditions, async t => {
  const data = join(folder(t), 'data')
  const { program, first } = await serving(t, data)
  program.child.kill('SIGTERM')
  await program.ended
  const members = await makeCrowd(data, first.app_id, clients)
  const written: Written[] = members.map(({ id }) => ({ id, sent: 0, acknowledged: 0 }))
  const registered: Registered[] = []
  let acknowledged = 0

  for (let round = 0; round < rounds; round++) {
    const { program, url } = await serving(t, data)
    const [start, registeredBefore] = [acknowledged, registered.length]
    const killAt = start + clients + Math.floor(Math.random() * 4 * clients)
    // First, since a thousand busy connections are accepted one a turn of the loop.
    const registering = Promise.all(
      Array.from({ length: registrants }, (_, i) => registerMany(url, first.app_id, `r${round}_${i}`, registered)),
    )
    const writing = writeNicknames(url, first.app_id, members, written, () => acknowledged++)
    await until(() => acknowledged >= killAt && registered.length > registeredBefore)
    program.child.kill('SIGKILL')
    await Promise.all([writing, registering, program.ended])

    const after = await serving(t, data)
    const lost = await lostOf(after, [...written, ...registered])
    after.program.child.kill('SIGTERM')
    const { code } = await after.program.ended

    assert.deepEqual(lost, [], `round ${round}`)
    assert.equal(code, 0)
  }

  const ids = [...registered, ...written].map(({ id }) => id)
  const duplicates = ids.length - new Set(ids).size
  const { integrity, counted, users } = inspect(data)
  assert.equal(duplicates, 0)
  assert.equal(integrity, 'ok')
  assert.equal(counted, users, 'the counters kept step with the users')
  t.diagnostic(
    `${rounds} kills under ${clients} writers: ${acknowledged + registered.length} acknowledged, 0 lost, ${duplicates} duplicates`,
  )
})
