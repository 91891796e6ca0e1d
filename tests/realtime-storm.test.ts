import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { Crowds } from '../bench/sockets/crowds.ts'
import { folder } from './harness.ts'
import { afterwards } from './support/afterwards.ts'
import { amount } from './support/amount.ts'
import { makeCrowd } from './support/crowd.ts'
import { until } from './support/outcomes.ts'
import { serving } from './support/program.ts'
import { listen } from './support/realtime.ts'

const sockets = amount(1000, 19_800)
const clients = 200

test('a storm of connections is let in without a loss, and a kick of half of them closes exactly these', async t => {
  const data = folder(t)
  const { url, first, program } = await serving(t, data)
  const members = (await makeCrowd(data, first.app_id, sockets)).map(({ id, token }) => ({ user: id, token }))
  const guests = { app: first.app_id, adminToken: first.admin_token, members }
  const crowds = await new Crowds({ url }, guests).start()
  afterwards(t, () => crowds.end())

  const connected = await crowds.connect()
  const start = performance.now()
  const times = await crowds.kick(sockets / 2, 256)
  const kicked = performance.now() - start
  const left = await crowds.open()

  t.diagnostic(
    `${sockets} sockets in ${connected.toFixed(1)} s; half of them kicked in ${(kicked / 1000).toFixed(1)} s`,
  )
  assert.equal(times.length, sockets / 2)
  assert.equal(left, sockets / 2)
  program.child.kill('SIGTERM')
  assert.deepEqual(await once(program.child, 'exit'), [0, null])
  await until(async () => (await crowds.open()) === 0)
})

test('after a restart clients come back spread over time, and all of them', async t => {
  const data = folder(t)
  const before = await serving(t, data)
  const port = new URL(before.url).port
  const members = await makeCrowd(data, before.first.app_id, clients)
  const listeners = members.map(({ token }) => listen(t, before.stranger.as(token)))
  for (const { socket } of listeners) socket.connect()
  await until(() => listeners.every(({ ready }) => ready.length === 1))

  before.program.child.kill('SIGTERM')
  await before.program.ended
  await serving(t, data, { PORT: port })
  const waits = listeners.map(({ waiting }) => waiting[0] as number).sort((a, b) => a - b)
  await until(() => listeners.every(({ ready }) => ready.length === 2))

  // Of 200 evenly spread waits 20 fall into each tenth of the second; more than 50 would be chance in none of 10^9 runs.
  const tenths = Array.from({ length: 10 }, (_, i) => waits.filter(wait => Math.floor(wait / 100) === i).length)
  assert.equal(waits.length, clients)
  assert.ok(Math.max(...tenths) <= 50 && Math.max(...waits) <= 1000, `${tenths}`)
  for (const { closed } of listeners) assert.deepEqual(closed[0], { code: 1001, reason: 'stopping', final: false })
})
