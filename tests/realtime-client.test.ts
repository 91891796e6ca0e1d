import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createClient } from '../client/index.ts'
import { startNode } from '../server/node.ts'
import { testNode } from './harness.ts'
import { afterwards } from './support/afterwards.ts'
import { until } from './support/outcomes.ts'
import { listen, network, online } from './support/realtime.ts'

/** Nobody listens there. */
const nowhere = createClient({ url: 'http://127.0.0.1:9', appId: 'a', token: 't' })

const chance = (t: TestContext, value: number) => t.mock.method(Math, 'random', () => value)

test('after a restart a client comes back within the spread it was given, and its subscriptions with it', async t => {
  const node = await testNode(t)
  const [ann, ben] = [await node.signUp('ann'), await node.signUp('ben')]
  const phone = await online(t, ann)
  phone.socket.subscribe([ben.id])
  await until(() => phone.presence.length === 1)
  chance(t, 0.9)

  await node.node.stop()
  await phone.gone()
  const again = await startNode({ ...node.config, port: Number(new URL(node.url).port) })
  afterwards(t, () => again.stop())
  await until(() => phone.ready.length === 2 && phone.presence.length === 2)
  await online(t, ben)
  await until(() => phone.presence.length === 3)

  assert.deepEqual(
    phone.notices.map(notice => notice.type === 'stopping' && notice.spread_ms),
    [1000],
  )
  assert.deepEqual(phone.closed, [{ code: 1001, reason: 'stopping', final: false }])
  assert.equal(phone.waiting[0], 900)
  assert.deepEqual(
    phone.presence.map(frame => frame.online),
    [false, false, true],
  )
})

test('a client that reaches nobody tries ever more rarely, each time after a random part of its pause', async t => {
  const random = chance(t, 0.01)
  const phone = listen(t, nowhere)

  phone.socket.connect()
  await until(() => phone.waiting.length === 8)
  random.mock.restore()

  assert.deepEqual(phone.waiting.slice(0, 8), [5, 10, 20, 40, 80, 160, 300, 300])
  assert.ok(phone.closed.every(({ code, final }) => code === 1006 && !final))
})

test('a client that is let in and cut off each time comes back ever more slowly', async t => {
  const node = await testNode(t)
  const phone = listen(t, await node.signUp('ann'))
  chance(t, 0.001)

  // There is no such user id, so the service does not read the frame.
  phone.socket.subscribe([0])
  phone.socket.connect()
  await until(() => phone.waiting.length >= 4)

  assert.deepEqual(phone.waiting.slice(0, 4), [0.5, 1, 2, 4])
  assert.ok(phone.closed.every(({ code }) => code === 1007))
})

const finals = ['kick', 'ban', 'password change', 'deletion', 'second connection'] as const
for (const [i, final] of finals.entries())
  test(`after ${4001 + i} (${final}) a client does not come back by itself`, async t => {
    const node = await testNode(t)
    const ann = await node.signUp('ann')
    const admin = node.admin.actingFor(ann.id)
    const phone = await online(t, ann)

    if (final === 'kick') await admin.devices.kick({})
    else if (final === 'ban') await node.admin.accounts.disable({ list: [ann.id] })
    else if (final === 'password change') await admin.accounts.changePasswordAdmin({ password: 'y' })
    else if (final === 'deletion') await admin.accounts.deleteUser({})
    else await online(t, ann)
    const { code, final: isFinal } = await phone.gone()

    // The next try is planned, and told, before anything else happens.
    assert.deepEqual([code, isFinal, phone.waiting], [4001 + i, true, []])
  })

test('a client whose token is no good hears so and does not try again', async t => {
  const node = await testNode(t)
  const phone = listen(t, node.stranger.as(`ut_${'x'.repeat(43)}`))

  phone.socket.connect()
  const closed = await phone.gone()

  assert.deepEqual(closed, { code: 4003, reason: 'session_over', final: true })
  assert.deepEqual(
    phone.notices.map(notice => notice.type === 'error' && notice.code),
    [10008],
  )
  assert.deepEqual(phone.waiting, [])
})

test('a client that was closed stays closed, whether it was connected or about to try again', async t => {
  const node = await testNode(t)
  const phone = await online(t, await node.signUp('ann'))
  const lost = listen(t, nowhere)
  lost.socket.connect()
  // A first pause may be so short that the second try has come before anybody looks.
  await until(() => lost.waiting.length > 0)

  phone.socket.close()
  lost.socket.close()
  const tries = lost.waiting.length
  await phone.gone()
  await new Promise(resolve => setTimeout(resolve, (lost.waiting.at(-1) as number) + 50))

  assert.deepEqual([phone.waiting.length, lost.waiting.length, lost.closed.length], [0, tries, 1])
})

test('connecting twice makes one connection', async t => {
  const node = await testNode(t)
  const phone = await online(t, await node.signUp('ann'))

  phone.socket.connect().connect()
  phone.socket.subscribe([1])
  await until(() => phone.presence.length === 1)

  assert.deepEqual([phone.ready.length, phone.closed.length], [1, 0])
})

test('a client leaves a service that takes the connection and says nothing', async t => {
  const node = await testNode(t)
  const line = await network(t, node.url)
  line.vanish()
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const phone = listen(t, createClient({ ...nowhere.connection, url: line.url }))

  phone.socket.connect()
  t.mock.timers.tick(10_000)

  assert.deepEqual(phone.closed, [{ code: 1006, reason: 'the service is silent', final: false }])
  assert.equal(phone.waiting.length, 1)
  t.mock.timers.reset()
})
