import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Notices, Realtime } from '../client/index.ts'
import { eventually, testNode } from './harness.ts'

/** The next event of this kind. */
const next = <Name extends keyof Notices>(realtime: Realtime, name: Name) =>
  new Promise<Notices[Name]>(resolve => realtime.on(name, resolve))

test('a user is online from ready to the clean close', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const socket = ann.realtime()

  const ready = next(socket, 'ready')
  socket.connect()
  await ready
  const during = await ann.presence.getOnlineStatus()
  const closed = next(socket, 'closed')
  socket.close()
  await closed

  assert.equal(during.online, true)
  await eventually(async () => assert.equal((await ann.presence.getOnlineStatus()).online, false))
})

test('a kicked device is offline when the call answers, and its connection closes with 4001', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const socket = ann.realtime()
  const [ready, notice, closed] = [next(socket, 'ready'), next(socket, 'notice'), next(socket, 'closed')]
  socket.connect()
  await ready

  await node.admin.actingFor(ann.id).devices.kick({ device_sn: ann.device })
  const after = await node.admin.actingFor(ann.id).presence.getOnlineStatus()

  assert.equal(after.online, false)
  assert.equal((await notice).type, 'kicked')
  assert.deepEqual(await closed, { code: 4001, reason: 'kicked', final: true })
})
