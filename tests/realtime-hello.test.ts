import assert from 'node:assert/strict'
import { request } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { codeOf, testNode } from './harness.ts'
import { until } from './support/outcomes.ts'
import { bare, bareReady, helloOf } from './support/realtime.ts'

test('who says no hello for five seconds is told so and closed', async t => {
  const node = await testNode(t)
  const start = performance.now()

  const socket = await bare(t, node.url)
  const code = await socket.gone()
  const took = performance.now() - start

  assert.equal(code, 1008)
  assert.deepEqual(
    socket.frames.map(frame => frame.type === 'error' && frame.code),
    [408],
  )
  assert.ok(took > 4900 && took < 6500, `it took ${took} ms`)
})

test('what is no frame gets an error frame and is closed as unreadable, and nobody else notices', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const phone = await bareReady(t, ann)
  const hello = JSON.stringify(helloOf(ann))
  const unreadable: [string | Buffer, number][] = [
    ['', 400],
    ['not json', 400],
    ['[]', 400],
    ['"hello"', 400],
    ['{}', 400],
    ['{"type":"hallo"}', 400],
    ['{"type":"__proto__"}', 400],
    ['{"type":["hello"]}', 400],
    [`{"type":"hello","app_id":${'['.repeat(20)}${']'.repeat(20)}}`, 400],
    [Buffer.from(hello), 400],
    ['{"type":"hello"}', 10002],
    [hello.replace(/"access_token":"[^"]*"/, '"access_token":7'), 10002],
    [JSON.stringify({ ...helloOf(ann), platform: 7 }), 10002],
    [JSON.stringify({ ...helloOf(ann), device_guid: 'x'.repeat(129) }), 10002],
  ]

  for (const [frame, code] of unreadable) {
    const socket = await bare(t, node.url)
    socket.send(frame)
    assert.equal(await socket.gone(), 1007, String(frame))
    assert.deepEqual(
      socket.frames.map(each => each.type === 'error' && each.code),
      [code],
      String(frame),
    )
  }

  phone.send({ type: 'heartbeat' })
  await phone.frame('heartbeat')
  assert.equal(phone.code(), undefined)
})

test('a frame out of order is refused: before hello, before ready, or hello twice', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const [early, hasty, twice] = [await bare(t, node.url), await bare(t, node.url), await bareReady(t, ann)]

  early.send({ type: 'heartbeat' })
  hasty.send(helloOf(ann))
  hasty.send({ type: 'subscribe', user_ids: [ann.id] })
  await hasty.gone()
  const afterHasty = twice.code()
  twice.send(helloOf(ann))

  assert.deepEqual([await early.gone(), await hasty.gone(), await twice.gone()], [1008, 1008, 1008])
  assert.match((await early.frame('error')).message, /the first frame must be hello/)
  assert.match((await hasty.frame('error')).message, /wait for ready/)
  assert.match((await twice.frame('error')).message, /hello was said already/)
  assert.ok(!hasty.frames.some(({ type }) => type === 'ready'))
  assert.equal(afterHasty, undefined, 'a hello that was taken back replaces nobody')
  await until(async () => !(await ann.presence.getOnlineStatus()).online)
})

test('a hello is refused as a call would be; only a token that is no good is final', async t => {
  const node = await testNode(t)
  const other = await node.otherApp()
  const frozen = await node.otherApp({ frozen: 1 })
  const [ann, kicked, stranger] = [await node.signUp('ann'), await node.signUp('ben'), await other.signUp('ann')]
  await node.admin.actingFor(kicked.id).devices.kick({})
  const refused: [Partial<Parameters<typeof helloOf>[1]>, number, number][] = [
    [{ app_id: 'nobody' }, 40000, 1008],
    [{ app_id: frozen.appId }, 40003, 1008],
    [{ access_token: '' }, 10003, 4003],
    [{ access_token: `ut_${'x'.repeat(43)}` }, 10008, 4003],
    [{ access_token: stranger.token }, 10008, 4003],
    [{ access_token: kicked.token }, 402, 4003],
    [{ access_token: node.adminToken }, 10010, 1008],
  ]

  for (const [more, code, close] of refused) {
    const socket = await bare(t, node.url)
    socket.send(helloOf(ann, more))
    assert.deepEqual([await socket.gone(), (await socket.frame('error')).code], [close, code])
  }
})

test('a page may connect from the origins of its app alone, and from any in development', async t => {
  const node = await testNode(t)
  const listed = await node.otherApp({ origins: '["https://chat.example"]' })
  const [ann, ben] = [await listed.signUp('ann'), await node.signUp('ben')]
  const dev = await testNode(t, { development: true })
  const cid = await dev.signUp('cid')
  const from = async (origin: string, client: typeof ann) => {
    const socket = await bare(t, client.connection.url, { origin })
    socket.send(helloOf(client))
    await until(() => socket.frames.length > 0)
    return socket.frames[0]?.type === 'error' ? [socket.frames[0].code, await socket.gone()] : socket.frames[0]?.type
  }

  assert.equal(await from('https://chat.example', ann), 'ready')
  assert.deepEqual(await from('https://evil.example', ann), [10010, 1008])
  assert.deepEqual(await from('null', ann), [10010, 1008])
  assert.deepEqual(await from('https://chat.example', ben), [10010, 1008])
  assert.equal(await from('https://anything.example', cid), 'ready')
})

test('an error frame is in Chinese for whoever prefers it', async t => {
  const node = await testNode(t)
  const socket = await bare(t, node.url, { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.5' })

  socket.send('{"type":"heartbeat"}')

  assert.equal((await socket.frame('error')).message, '无法读取请求：第一帧必须是 hello')
})

test('a hello with a device_guid names a nameless device, and a sign-in by that name finds it', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')

  const phone = await bareReady(t, ann, { device_guid: 'phone' })
  const renamed = await bareReady(t, ann, { device_guid: 'another' })
  const again = await node.signIn('ann', ann.password, 'phone')
  const other = await node.signIn('ann', ann.password, 'another')

  assert.equal(again.device, ann.device)
  assert.notEqual(other.device, ann.device, 'a name once given stays')
  assert.deepEqual([await phone.gone(), await renamed.gone()], [4005, 4005])
})

test('a hello with the name of another device moves the token there, and all that was connected makes way', async t => {
  const node = await testNode(t)
  const before = await node.signUp('ann', 'x', 'phone')
  const nameless = await node.signIn('ann', 'x')
  const sockets = [await bareReady(t, before), await bareReady(t, nameless)]

  const moved = await bareReady(t, nameless, { device_guid: 'phone' })
  const closes = await Promise.all(sockets.map(socket => socket.gone()))
  const { data } = await nameless.devices.listDevices()
  await nameless.devices.kick({ device_sn: before.device })

  assert.equal((await moved.frame('ready')).device_sn, before.device)
  assert.deepEqual(closes, [4005, 4005])
  assert.equal(await codeOf(before.profiles.getProfile()), 402)
  assert.deepEqual(
    data.map(({ device_sn }) => device_sn),
    [before.device],
  )
  assert.equal(await moved.gone(), 4001)
  assert.equal(await codeOf(nameless.profiles.getProfile()), 402)
})

test('whatever else asks for an upgrade is answered as if it had not', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const ask = (path: string) =>
    new Promise<string>((resolve, reject) => {
      const headers = { connection: 'upgrade', upgrade: 'h2c', app_id: node.appId, 'access-token': ann.token }
      request(node.url + path, { headers }, async answer => {
        const chunks = await answer.toArray()
        resolve(Buffer.concat(chunks).toString())
      })
        .on('error', reject)
        .end()
    })

  assert.equal(JSON.parse(await ask('/user/profile')).data.user_id, ann.id)
  assert.equal(JSON.parse(await ask('/nowhere')).code, 404)
})

test('who asks for a socket and resets the connection at once harms nobody', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const { hostname, port } = new URL(node.url)
  const upgrade = (path: string) =>
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==\r\n\r\n`

  for (const path of ['/nowhere', '/realtime', '/realtime?token=x'])
    for (let i = 0; i < 20; i++) {
      const socket = connect(Number(port), hostname).on('error', () => {})
      socket.write(upgrade(path), () => socket.resetAndDestroy())
      await new Promise(resolve => socket.on('close', resolve))
    }

  assert.equal((await ann.profiles.getProfile()).user_id, ann.id)
})
