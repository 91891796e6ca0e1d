import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bounds } from '../contract/frames.ts'
import { codeOf, eventually, testNode } from './harness.ts'
import { stoppedClock } from './support/clock.ts'
import { until } from './support/outcomes.ts'
import { bareReady, listen, online } from './support/realtime.ts'

const times = (n: number, make: (i: number) => number) => Array.from({ length: n }, (_, i) => make(i))

test('a subscription tells the state at once and then every change', async t => {
  const node = await testNode(t)
  const [ann, ben, cid] = [await node.signUp('ann'), await node.signUp('ben'), await node.signUp('cid')]
  await online(t, ben)
  const watcher = await online(t, ann)

  watcher.socket.subscribe([ben.id, cid.id, 999_999])
  await until(() => watcher.presence.length === 3)
  const state = Object.fromEntries(watcher.presence.map(frame => [frame.user_id, frame]))
  const phone = await online(t, cid)
  await until(() => watcher.presence.length === 4)
  phone.socket.close()
  await until(() => watcher.presence.length === 5)

  assert.deepEqual(
    [ben.id, cid.id, 999_999].map(id => state[id]?.online),
    [true, false, false],
  )
  assert.equal(state[999_999]?.last_seen, 0)
  assert.deepEqual(
    watcher.presence.slice(3).map(({ user_id, online }) => [user_id, online]),
    [
      [cid.id, true],
      [cid.id, false],
    ],
  )
})

test('who ends a subscription hears nothing more, and one that asks again hears the state again', async t => {
  const node = await testNode(t)
  const [ann, ben] = [await node.signUp('ann'), await node.signUp('ben')]
  const watcher = await online(t, ann)
  const other = await online(t, await node.signIn('ann', ann.password))
  for (const { socket } of [watcher, other]) socket.subscribe([ben.id])
  await until(() => watcher.presence.length + other.presence.length === 2)

  watcher.socket.unsubscribe([ben.id])
  await online(t, ben)
  await until(() => other.presence.length === 2)
  const afterUnsubscribe = watcher.presence.length
  watcher.socket.subscribe([ben.id])
  watcher.socket.subscribe([ben.id])
  await until(() => watcher.presence.length > 1)

  assert.equal(afterUnsubscribe, 1)
  assert.deepEqual(
    watcher.presence.map(frame => frame.online),
    [false, true],
  )
  assert.equal(other.presence.length, 2)
})

const endings = ['kick', 'ban', 'deletion', 'password change', 'removal of the devices'] as const
for (const ending of endings)
  test(`subscribers hear once that a user is offline after a ${ending}, however many devices it had`, async t => {
    const node = await testNode(t)
    const [ann, ben] = [await node.signUp('ann'), await node.signUp('ben')]
    const laptop = await node.signIn('ben', ben.password)
    const sockets = [await online(t, ben), await online(t, laptop)]
    const watcher = await online(t, ann)
    watcher.socket.subscribe([ben.id])
    await until(() => watcher.presence.length === 1)
    const admin = node.admin.actingFor(ben.id)

    if (ending === 'kick') await admin.devices.kick({})
    else if (ending === 'ban') await node.admin.accounts.disable({ list: [ben.id] })
    else if (ending === 'deletion') await admin.accounts.deleteUser({})
    else if (ending === 'password change') await admin.accounts.changePasswordAdmin({ password: 'y' })
    else for (const { device } of [ben, laptop]) await admin.devices.removeDevice({ device_sn: device })
    await Promise.all(sockets.map(socket => socket.gone()))
    await until(() => watcher.presence.length === 2)
    // What comes last on this connection: nothing can follow for Ben that is not here by then.
    watcher.socket.subscribe([ann.id])
    await until(() => watcher.presence.at(-1)?.user_id === ann.id)

    assert.deepEqual(
      watcher.presence.map(({ user_id, online }) => [user_id, online]),
      [
        [ben.id, true],
        [ben.id, false],
        [ann.id, true],
      ],
    )
  })

test('a connection watches 500 users and no more; one user counts once', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const phone = await bareReady(t, ann)
  const users = times(bounds.subscriptions, i => i + 1)

  phone.send({ type: 'subscribe', user_ids: users.slice(0, 300) })
  phone.send({ type: 'subscribe', user_ids: users.slice(200) })
  await until(() => phone.frames.length >= 501)
  phone.send({ type: 'unsubscribe', user_ids: [1] })
  phone.send({ type: 'subscribe', user_ids: [501] })
  phone.send({ type: 'subscribe', user_ids: [1] })

  assert.equal(await phone.gone(), 1008)
  assert.equal((await phone.frame('error')).code, 10002)
  const { socket } = listen(t, ann)
  socket.subscribe(users)
  assert.throws(() => socket.subscribe([501]), RangeError)
})

test('subscriptions are correct after a reconnect: what changed meanwhile is told', async t => {
  const node = await testNode(t, { heartbeatSeconds: 1 })
  const [ann, ben] = [await node.signUp('ann'), await node.signUp('ben')]
  const phone = await online(t, ben)
  const watcher = await online(t, ann)
  watcher.socket.subscribe([ben.id])
  await until(() => watcher.presence.length === 1)

  watcher.socket.close()
  await watcher.gone()
  phone.socket.close()
  await until(async () => !(await ben.presence.getOnlineStatus()).online)
  watcher.socket.connect()
  await until(() => watcher.presence.length === 2)
  phone.socket.connect()
  await until(() => watcher.presence.length === 3)

  assert.deepEqual(
    watcher.presence.map(frame => frame.online),
    [true, false, true],
  )
})

test('presence stays in its app, where another has a user of the same id', async t => {
  const node = await testNode(t)
  const other = await node.otherApp()
  const [ann, ben] = [await node.signUp('ann'), await node.signUp('ben')]
  const [, twin] = [await other.signUp('ann'), await other.signUp('ben')]
  const watcher = await online(t, ann)
  watcher.socket.subscribe([ben.id])
  await until(() => watcher.presence.length === 1)

  await online(t, twin)
  const batch = await ann.presence.presenceBatch({ list: [ben.id] })
  watcher.socket.subscribe([ann.id])
  await until(() => watcher.presence.at(-1)?.user_id === ann.id)

  assert.equal(twin.id, ben.id)
  assert.equal(batch[0]?.online, false)
  assert.deepEqual(
    watcher.presence.map(({ user_id, online }) => [user_id, online]),
    [
      [ben.id, false],
      [ann.id, true],
    ],
  )
})

test('POST /presence/batch answers up to 500 users, each once and in the order asked for', async t => {
  const node = await testNode(t)
  const [ann, ben, cid] = [await node.signUp('ann'), await node.signUp('ben'), await node.signUp('cid')]
  await online(t, ben)
  await node.admin.actingFor(cid.id).accounts.deleteUser({})

  const asked = [999_999, ben.id, ann.id, cid.id, ben.id]
  const [byUser, byAdmin] = await Promise.all(
    [ann, node.admin].map(client => client.presence.presenceBatch({ list: asked })),
  )
  const many = await ann.presence.presenceBatch({ list: times(bounds.subscriptions, i => i + 2_000_000) })

  assert.deepEqual(
    byUser?.map(({ user_id, online, last_seen }) => [user_id, online, last_seen > 0]),
    [
      [999_999, false, false],
      [ben.id, true, true],
      [ann.id, false, true],
      [cid.id, false, false],
    ],
  )
  assert.equal(byAdmin?.length, 4)
  assert.equal(many.length, 500)
  assert.equal(await codeOf(ann.presence.presenceBatch({ list: times(501, i => i + 1) })), 10002)
  assert.equal(await codeOf(ann.presence.presenceBatch({ list: [] })), 10002)
})

test('last seen is now while online, and then the moment of the close', async t => {
  const clock = stoppedClock()
  const node = await testNode(t, {}, clock.now)
  const ann = await node.signUp('ann')
  const phone = await online(t, ann)
  const seen = async () => (await node.admin.presence.presenceBatch({ list: [ann.id] }))[0]

  clock.at += 5000
  const during = await seen()
  clock.at += 1000
  const end = clock.at
  phone.socket.close()

  assert.deepEqual(during, { user_id: ann.id, online: true, last_seen: end - 1000 })
  await eventually(async () => assert.deepEqual(await seen(), { user_id: ann.id, online: false, last_seen: end }))
  clock.at += 60_000
  assert.equal((await seen())?.last_seen, end)
})
