import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listBindings } from '../server/devices/devices.sql.ts'
import { insertNotifier } from '../server/notifiers/notifiers.sql.ts'
import { codeOf, type Person, type TestNode, testNode } from './harness.ts'
import { hour, stoppedClock } from './support/clock.ts'
import { outcome, outcomes } from './support/outcomes.ts'
import { subscriptionOf } from './support/vendors/web.ts'

const notifier_name = 'capture'

const serials = async ({ devices }: Pick<Person, 'devices'>) =>
  (await devices.listDevices()).data.map(({ device_sn }) => device_sn)

const bindingsOf = async ({ node, appId }: TestNode, user: number) =>
  (await listBindings(node.services.sql, appId, user)).map(({ device_sn, notifier_name }) => [device_sn, notifier_name])

const bind = (person: Person, device_token: string) =>
  person.devices.bindDeviceToken({ device_sn: person.device, device_token, notifier_name })

test('devices are listed newest seen first, with what they are, to the user and the admin', async t => {
  const clock = stoppedClock()
  const { admin, signUp, signIn, stranger } = await testNode(t, {}, clock.now)
  const first = await signUp('ann', 'x')
  clock.at += hour
  await signIn('ann', 'x')
  clock.at += hour
  await stranger.tokens.signInByName({ name: 'ann', password: 'x', platform: 6 })
  clock.at += hour
  await first.profiles.getProfile()

  const own = await first.devices.listDevices()
  const seenByAdmin = await admin.actingFor(first.id).devices.listDevices()

  assert.deepEqual(await serials(first), [1, 3, 2])
  assert.deepEqual(own.data[1], { device_sn: 3, platform: 6, user_agent: 'node', user_id: first.id })
  assert.deepEqual(seenByAdmin, own)
})

test('the version of the list is the time of its last change, and there is no cursor', async t => {
  const clock = stoppedClock()
  const { signUp, signIn } = await testNode(t, {}, clock.now)
  const versions: number[] = []
  const note = async () => versions.push((await ann.devices.listDevices()).version - clock.start)

  const ann = await signUp('ann', 'x')
  await note()
  clock.at += hour
  await note()
  const other = await signIn('ann', 'x')
  await note()
  clock.at += hour
  await ann.devices.removeDevice({ device_sn: other.device })
  await note()

  assert.deepEqual(versions, [0, 0, hour, 2 * hour])
  assert.ok(!('cursor' in (await ann.devices.listDevices())))
})

test('a removed device is signed out and forgotten with what was bound to it; the others stay', async t => {
  const node = await testNode(t)
  const phone = await node.signUp('ann', 'x')
  const tablet = await node.signIn('ann', 'x')
  await bind(phone, 'token of the phone')
  await bind(tablet, 'token of the tablet')

  await phone.devices.removeDevice({ device_sn: tablet.device })

  assert.equal(await outcome(tablet.profiles.getProfile()), 402)
  assert.deepEqual(await serials(phone), [phone.device])
  assert.deepEqual(await bindingsOf(node, phone.id), [[phone.device, notifier_name]])
})

test("a device that is unknown, removed already or another user's cannot be removed", async t => {
  const { signUp, signIn, admin } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const ben = await signUp('ben', 'x')
  const second = await signIn('ben', 'x')
  await ben.devices.removeDevice({ device_sn: ben.device })

  const codes = await outcomes([
    ann.devices.removeDevice({ device_sn: second.device }),
    second.devices.removeDevice({ device_sn: ben.device }),
    admin.actingFor(ann.id).devices.removeDevice({ device_sn: 99 }),
    ann.devices.removeDevice({ device_sn: 0 }),
  ])

  assert.deepEqual(codes, [13002, 13002, 13002, 10002])
  assert.deepEqual(await serials(second), [second.device])
})

test('a device can remove itself, and an admin any', async t => {
  const { signUp, signIn, admin } = await testNode(t)
  const phone = await signUp('ann', 'x')
  const tablet = await signIn('ann', 'x')

  await phone.devices.removeDevice({ device_sn: phone.device })
  await admin.actingFor(tablet.id).devices.removeDevice({ device_sn: tablet.device })

  assert.deepEqual(await outcomes([phone.profiles.getProfile(), tablet.profiles.getProfile()]), [402, 402])
  assert.deepEqual(await serials(admin.actingFor(phone.id)), [])
})

test('a device token moves to whoever binds it last, also from another user', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann', 'x')
  const ben = await node.signUp('ben', 'x')

  await bind(ann, 'shared phone')
  await bind(ben, 'shared phone')

  assert.deepEqual(await bindingsOf(node, ann.id), [])
  assert.deepEqual(await bindingsOf(node, ben.id), [[ben.device, notifier_name]])
})

test('a device has one token a notifier: a new one takes the place of the old', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann', 'x')
  await insertNotifier(node.node.services.sql, node.appId, 'second', 0, 0)

  await bind(ann, 'old')
  await bind(ann, 'new')
  await bind(ann, 'new')
  await ann.devices.bindDeviceToken({ device_sn: ann.device, device_token: 'new', notifier_name: 'second' })
  const tokens = await node.node.services.sql<{ device_token: string }>`
    select device_token from bindings where app_id = ${node.appId} order by notifier_name`

  assert.deepEqual(
    tokens.map(({ device_token }) => device_token),
    ['new', 'new'],
  )
})

test('only a device of its own, and only a notifier that exists, can be bound', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann', 'x')
  await node.signUp('ben', 'x')
  const ben2 = await node.signIn('ben', 'x')
  const tryBind = (device_sn: number, notifier_name: string) =>
    codeOf(ann.devices.bindDeviceToken({ device_sn, device_token: 'token', notifier_name }))

  assert.equal(await tryBind(ben2.device, notifier_name), 13002)
  assert.equal(await tryBind(99, 'nonsense'), 13002)
  assert.equal(await tryBind(ann.device, 'nonsense'), 13006)
  assert.equal(await tryBind(ann.device, 'x'.repeat(65)), 10002)
  assert.deepEqual(await bindingsOf(node, ann.id), [])
})

test('a device token has at most 512 bytes, and 4,096 where it is a Web Push subscription', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann', 'x')
  await insertNotifier(node.node.services.sql, node.appId, 'browser', 100, 0)
  const tryBind = (device_token: string, notifier_name: string) =>
    outcome(ann.devices.bindDeviceToken({ device_sn: ann.device, device_token, notifier_name }))

  assert.equal(await tryBind('ä'.repeat(256), notifier_name), 200)
  assert.equal(await tryBind('ä'.repeat(257), notifier_name), 10002)
  assert.equal(await tryBind('', notifier_name), 10002)
  assert.equal(await tryBind(subscriptionOf(4096), 'browser'), 200)
  assert.equal(await tryBind(subscriptionOf(4097), 'browser'), 10002)
})

test('unbinding takes what is bound to the device, and succeeds where nothing is', async t => {
  const node = await testNode(t)
  const phone = await node.signUp('ann', 'x')
  const tablet = await node.signIn('ann', 'x')
  const ben = await node.signUp('ben', 'x')
  for (const person of [phone, tablet, ben]) await bind(person, `token of ${person.id}/${person.device}`)

  await phone.devices.unbindDeviceToken({ deviceSn: phone.device })
  const again = await outcomes([
    phone.devices.unbindDeviceToken({ deviceSn: phone.device }),
    phone.devices.unbindDeviceToken({ deviceSn: 99 }),
    node.admin.actingFor(ben.id).devices.unbindDeviceToken({ deviceSn: ben.device }),
  ])

  assert.deepEqual(again, [200, 200, 200])
  assert.deepEqual(await bindingsOf(node, phone.id), [[tablet.device, notifier_name]])
  assert.deepEqual(await bindingsOf(node, ben.id), [])
  assert.deepEqual(await serials(phone), [tablet.device, phone.device])
})
