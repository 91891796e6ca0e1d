import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openEmbedded } from '../server/installation.ts'
import { eventually, folder, type Person, testNode } from './harness.ts'
import { until } from './support/outcomes.ts'
import { serving } from './support/program.ts'
import { bare, bareReady, helloOf, listen, online } from './support/realtime.ts'

test('a user is online from ready to the clean close', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')

  const before = await ann.presence.getOnlineStatus()
  const phone = await online(t, ann)
  const during = await ann.presence.getOnlineStatus()
  phone.socket.close()

  assert.deepEqual([before.online, during.online], [false, true])
  assert.deepEqual(phone.ready, [{ type: 'ready', user_id: ann.id, device_sn: ann.device, heartbeat_seconds: 30 }])
  assert.deepEqual(await phone.gone(), { code: 1000, reason: '', final: false })
  await eventually(async () => assert.equal((await ann.presence.getOnlineStatus()).online, false))
})

test('a user is online until the last of its devices has closed', async t => {
  const node = await testNode(t)
  const phone = await node.signUp('ann')
  const laptop = await node.signIn('ann', phone.password)
  const sockets = [await online(t, phone), await online(t, laptop)]

  sockets[0]?.socket.close()
  await until(async () => (await sockets[0]?.gone()) !== undefined)
  const withOne = await phone.presence.getOnlineStatus()
  sockets[1]?.socket.close()

  assert.equal(withOne.online, true)
  await eventually(async () => assert.equal((await phone.presence.getOnlineStatus()).online, false))
})

test('the service answers heartbeats and protocol pings', async t => {
  const node = await testNode(t)
  const phone = await bareReady(t, await node.signUp('ann'))
  let pongs = 0
  phone.socket.on('pong', () => pongs++)

  phone.send({ type: 'heartbeat' })
  phone.socket.ping()

  assert.deepEqual(await phone.frame('heartbeat'), { type: 'heartbeat' })
  await until(() => pongs === 1)
})

test('a second connection of a device takes the place of the first, and the device stays online', async t => {
  const node = await testNode(t)
  const phone = await node.signUp('ann')
  const laptop = await online(t, await node.signIn('ann', phone.password))
  const ben = await online(t, await node.signUp('ben'))
  ben.socket.subscribe([phone.id])
  const first = await online(t, phone)
  await until(() => laptop.notices.length > 0)

  const second = await online(t, phone)
  const closed = await first.gone()
  second.socket.close()
  await until(() => laptop.notices.length > 1)

  assert.deepEqual(closed, { code: 4005, reason: 'replaced', final: true })
  assert.deepEqual(first.notices, [{ type: 'replaced', device_sn: phone.device }])
  assert.deepEqual(
    laptop.notices.map(({ type }) => type),
    ['device_online', 'device_offline'],
  )
  assert.deepEqual(
    ben.presence.map(frame => frame.online),
    [true],
  )
})

test('what a device presents itself as in its hello stands in the device list', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')

  await online(t, ann, { platform: 2, userAgent: 'Chat/7 (Pixel)' })
  const { data } = await ann.devices.listDevices()

  assert.deepEqual(
    data.map(({ platform, user_agent }) => ({ platform, user_agent })),
    [{ platform: 2, user_agent: 'Chat/7 (Pixel)' }],
  )
})

test('a node that stops tells everybody to come back, spread over time, and nobody stays online', async t => {
  const node = await testNode(t)
  const people = [await node.signUp('ann'), await node.signUp('ben')]
  const sockets = await Promise.all(people.map(person => bareReady(t, person)))
  const silent = await bare(t, node.url)
  const start = performance.now()
  await node.node.stop()
  const took = performance.now() - start
  const late = listen(t, people[0] as Person)
  late.socket.connect()

  assert.deepEqual(await Promise.all([...sockets, silent].map(socket => socket.gone())), [1001, 1001, 1001])
  for (const socket of [...sockets, silent])
    assert.deepEqual(socket.frames.at(-1), { type: 'stopping', spread_ms: 1000 })
  assert.equal((await late.gone()).final, false)
  assert.ok(took < 1000, `it took ${took} ms`)
  const { database, ...store } = (await openEmbedded(node.config)).store
  assert.deepEqual(database.prepare('select * from leases, nodes').all(), [])
  await store.close()
})

test('no token stands in what the program logs, whatever goes wrong', async t => {
  const { program, ...node } = await serving(t, folder(t), { STONECHAT_LOG: 'debug' })
  const people = ['ann', 'ben'].map(async name => {
    await node.stranger.accounts.register({ username: name, password: 'x' })
    const { token, user_id } = await node.stranger.tokens.signInByName({ name, password: 'x' })
    return { ...node.stranger.as(token), token, id: user_id }
  })
  const [ann, ben] = (await Promise.all(people)) as [Awaited<(typeof people)[0]>, Awaited<(typeof people)[0]>]

  const hello = JSON.stringify(helloOf(ann))
  const bad = [hello.slice(0, -1), `${hello}${hello}`, hello.replace('hello', 'hallo'), hello.padEnd(17_000)]
  for (const text of [...bad, JSON.stringify(helloOf(ann, { app_id: 'nobody' })), JSON.stringify([helloOf(ann)])]) {
    const socket = await bare(t, node.url)
    socket.send(text)
    await socket.gone()
  }
  const phone = await bareReady(t, ben)
  await node.admin.actingFor(ben.id).devices.kick({})
  await phone.gone()
  program.child.kill('SIGTERM')
  await program.ended

  const printed = program.output + program.errors
  assert.match(printed, /a client went wrong/)
  for (const { token } of [ann, ben]) assert.ok(!printed.includes(token.slice(3)))
})
