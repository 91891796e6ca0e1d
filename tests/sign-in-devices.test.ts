import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Person, type TestNode, testNode } from './harness.ts'
import { hour, stoppedClock } from './support/clock.ts'
import { outcome } from './support/outcomes.ts'

const serials = async (person: Person) =>
  (await person.devices.listDevices()).data.map(({ device_sn }) => device_sn).sort((a, b) => a - b)

/** A lease as a node that lives would hold it. */
async function connect({ node, appId }: TestNode, user: number, device: number, now: number) {
  const { sql } = node.services
  await sql`insert into nodes (node_id, renewed_at) values (${'other'}, ${now}) on conflict (node_id) do nothing`
  await sql`
    insert into leases (app_id, user_id, connection_id, device_sn, node_id, connected_at)
    values (${appId}, ${user}, ${`connection ${device}`}, ${device}, ${'other'}, ${now})`
}

test('signing in with a device_guid again reuses the device and ends its earlier token', async t => {
  const { signUp, signIn } = await testNode(t)
  const first = await signUp('ann', 'x', 'phone')
  const other = await signIn('ann', 'x', 'tablet')

  const again = await signIn('ann', 'x', 'phone')

  assert.equal(again.device, first.device)
  assert.notEqual(other.device, first.device)
  assert.equal(await outcome(first.profiles.getProfile()), 402)
  assert.equal(await outcome(other.profiles.getProfile()), 200)
  assert.deepEqual(await serials(again), [1, 2])
})

test('a device that signs in again keeps its push token and what is bound to it', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann', 'x', 'phone')
  const { push_token } = await ann.settings.getSettings()
  await ann.devices.bindDeviceToken({ device_sn: ann.device, device_token: 'vendor', notifier_name: 'capture' })

  const again = await node.signIn('ann', 'x', 'phone')
  const bindings = await node.node.services.sql`select 1 as one from bindings where app_id = ${node.appId}`

  assert.equal((await again.settings.getSettings()).push_token, push_token)
  assert.equal(bindings.length, 1)
})

test('without a device_guid, or with an empty one, every sign-in makes a device of its own', async t => {
  const { signUp, signIn } = await testNode(t)
  const first = await signUp('ann', 'x')
  const second = await signIn('ann', 'x')

  assert.deepEqual([first.device, second.device], [1, 2])
  assert.equal(await outcome(first.profiles.getProfile()), 200)
})

test('the same device_guid of two users is two devices', async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('ann', 'x', 'shared')
  const ben = await signUp('ben', 'x', 'shared')

  assert.deepEqual([ann.device, ben.device], [1, 1])
  assert.equal(await outcome(ann.profiles.getProfile()), 200)
})

test('serial numbers count up for each user, and a removed one is not used again', async t => {
  const { signUp, signIn } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const second = await signIn('ann', 'x')
  await ann.devices.removeDevice({ device_sn: second.device })

  const third = await signIn('ann', 'x')

  assert.equal(third.device, 3)
  assert.deepEqual(await serials(third), [1, 3])
})

test('beyond the cap the device that was seen longest ago makes room, and its token is dead', async t => {
  const clock = stoppedClock()
  const node = await testNode(t, {}, clock.now)
  const { signUp, signIn } = await node.otherApp({ device_cap: 3 })
  const first = await signUp('ann', 'x')
  const people = [first]
  for (let i = 0; i < 2; i++) {
    clock.at += hour
    people.push(await signIn('ann', 'x'))
  }
  clock.at += 2 * hour
  await first.profiles.getProfile()
  clock.at += hour

  const fourth = await signIn('ann', 'x')

  assert.deepEqual(await serials(fourth), [1, 3, 4])
  assert.equal(await outcome((people[1] as Person).profiles.getProfile()), 402)
  assert.equal(await outcome(first.profiles.getProfile()), 200)
})

test('ten devices are the default cap', async t => {
  const { signUp, signIn } = await testNode(t, { hashesAtOnce: 2 })
  const ann = await signUp('ann', 'x', 'keeper')
  for (let i = 0; i < 10; i++) await signIn('ann', 'x')

  const again = await signIn('ann', 'x', 'keeper')

  assert.equal((await serials(again)).length, 10)
  assert.equal(await outcome(ann.profiles.getProfile()), 402)
})

test('a device that is connected does not make room; when all are, there is no signing in', async t => {
  const clock = stoppedClock()
  const node = await testNode(t, {}, clock.now)
  const app = await node.otherApp({ device_cap: 2 })
  const first = await app.signUp('ann', 'x', 'phone')
  clock.at += hour
  const second = await app.signIn('ann', 'x', 'tablet')
  const here = { ...node, appId: app.appId }

  await connect(here, first.id, first.device, clock.at)
  const third = await app.signIn('ann', 'x', 'watch')
  await connect(here, first.id, third.device, clock.at)
  const fourth = await outcome(app.signIn('ann', 'x', 'car'))
  const known = await outcome(app.signIn('ann', 'x', 'phone'))
  clock.at += hour
  const whenTheNodeIsDead = await outcome(app.signIn('ann', 'x', 'car'))

  assert.equal(await outcome(second.profiles.getProfile()), 402)
  assert.equal(fourth, 13003)
  assert.equal(known, 200)
  assert.equal(whenTheNodeIsDead, 200)
})
