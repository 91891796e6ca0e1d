// Runs once: it is about sockets, and its crowd is put into the file that SQLite keeps.
/** Whoever is slow holds nothing: thousands of such sockets beside honest load. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folder } from '../harness.ts'
import { amount } from '../support/amount.ts'
import { makeCrowd } from '../support/crowd.ts'
import { until } from '../support/outcomes.ts'
import { Process } from '../support/process.ts'
import { serving } from '../support/program.ts'
import { descriptors, type Line, pace } from './honest.ts'

const sockets = amount(1000, 5000)
const rate = 200
/** From the last of them on until the last is gone (ms). */
const bound = 15_000
/** In ms; on a machine that is busy with other things, three times what it was before they came. */
const wanted = 250
const script = fileURLToPath(new URL('slow-sockets.ts', import.meta.url))

test('slow sockets are gone within fifteen seconds, and honest calls notice nothing of them', async t => {
  const data = folder(t)
  const { url, first, program } = await serving(t, data)
  const [member] = await makeCrowd(data, first.app_id, 1)
  const headers = { app_id: first.app_id, 'access-token': member?.token ?? '' }
  const honest: Line[] = [
    ['GET', '/user/profile', '', headers],
    ['PUT', '/user/nickname?nick_name=Ann', '', headers],
  ]
  const idle = await pace(t, url, honest, rate, 4)
  const before = descriptors(program.child.pid)

  const beside = pace(t, url, honest, rate, 22)
  const slow = new Process(t, process.execPath, [script, url, String(sockets)])
  await slow.says(/open/)
  const start = performance.now()
  await until(() => descriptors(program.child.pid) > before + sockets / 2)
  const most = descriptors(program.child.pid)
  // Those of the honest load stay, as does what the store opens now and then.
  while (descriptors(program.child.pid) > before + 64 + 10 && performance.now() - start < 2 * bound)
    await new Promise(resolve => setTimeout(resolve, 100))
  const took = performance.now() - start
  const { requests, errors, p99 } = await beside

  t.diagnostic(
    `${sockets} slow sockets (${most} descriptors), all gone after ${(took / 1000).toFixed(1)} s; beside them ${requests} honest calls, ${errors} errors, p99 ${p99.toFixed(1)} ms (before: ${idle.p99.toFixed(1)} ms)`,
  )
  assert.ok(took <= bound, `the last slow socket stayed for ${took} ms`)
  assert.equal(errors, 0)
  assert.ok(p99 < Math.max(wanted, 3 * idle.p99), `p99 of honest calls was ${p99} ms`)
})
