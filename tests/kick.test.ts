import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listBindings } from '../server/devices/devices.sql.ts'
import { listEvents } from '../server/events/events.sql.ts'
import { type Person, testNode } from './harness.ts'
import { count, outcome, outcomes } from './support/outcomes.ts'

const notifier_name = 'capture'
const isIn = (person: Person) => outcome(person.profiles.getProfile())

test('a kicked device cannot come back with its old token; the others do not notice', async t => {
  const { admin, signUp, signIn } = await testNode(t)
  const phone = await signUp('ann', 'x')
  const tablet = await signIn('ann', 'x')
  const ben = await signUp('ben', 'x')

  await admin.actingFor(phone.id).devices.kick({ device_sn: phone.device })

  assert.deepEqual([await isIn(phone), await isIn(tablet), await isIn(ben)], [402, 200, 200])
})

test('a kick without a device kicks all of the user', async t => {
  const { admin, signUp, signIn } = await testNode(t)
  const phone = await signUp('ann', 'x')
  const tablet = await signIn('ann', 'x')
  const ben = await signUp('ben', 'x')

  await admin.actingFor(phone.id).devices.kick({})

  assert.deepEqual([await isIn(phone), await isIn(tablet), await isIn(ben)], [402, 402, 200])
})

test('a user can kick another of its devices, and itself out everywhere', async t => {
  const { signUp, signIn } = await testNode(t)
  const phone = await signUp('ann', 'x')
  const tablet = await signIn('ann', 'x')
  const watch = await signIn('ann', 'x')

  await phone.devices.kick({ device_sn: tablet.device })
  const others = [await isIn(phone), await isIn(tablet), await isIn(watch)]
  await phone.devices.kick({})

  assert.deepEqual(others, [200, 402, 200])
  assert.deepEqual([await isIn(phone), await isIn(watch)], [402, 402])
})

test('a kicked device stays listed, and signs in again as the same device', async t => {
  const { signUp, signIn } = await testNode(t)
  const phone = await signUp('ann', 'x', 'phone')
  const tablet = await signIn('ann', 'x', 'tablet')

  await tablet.devices.kick({ device_sn: phone.device })
  const listed = (await tablet.devices.listDevices()).data.map(({ device_sn }) => device_sn)
  const again = await signIn('ann', 'x', 'phone')

  assert.deepEqual(listed.sort(), [phone.device, tablet.device])
  assert.equal(again.device, phone.device)
  assert.deepEqual([await isIn(again), await isIn(phone)], [200, 402])
})

test('a kick takes the binding of the kicked device, and of all devices when all are kicked', async t => {
  const node = await testNode(t)
  const phone = await node.signUp('ann', 'x')
  const tablet = await node.signIn('ann', 'x')
  const ben = await node.signUp('ben', 'x')
  for (const { id, device, devices } of [phone, tablet, ben])
    await devices.bindDeviceToken({ device_sn: device, device_token: `${id}/${device}`, notifier_name })
  const bound = async (user: number) =>
    (await listBindings(node.node.services.sql, node.appId, user)).map(({ device_sn }) => device_sn)

  await phone.devices.kick({ device_sn: tablet.device })
  const afterOne = await bound(phone.id)
  await phone.devices.kick({})

  assert.deepEqual(afterOne, [phone.device])
  assert.deepEqual(await bound(phone.id), [])
  assert.deepEqual(await bound(ben.id), [ben.device])
})

test("a device that is unknown or another user's is not kicked, nor is anything else", async t => {
  const { admin, signUp, signIn } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const ben = await signUp('ben', 'x')
  const tablet = await signIn('ben', 'x')

  const codes = await outcomes([
    ann.devices.kick({ device_sn: tablet.device }),
    ann.devices.kick({ device_sn: 99 }),
    admin.actingFor(ann.id).devices.kick({ device_sn: tablet.device }),
    ann.devices.kick({ device_sn: 0 }),
    admin.devices.kick({}),
    ann.actingFor(ben.id).devices.kick({}),
  ])

  assert.deepEqual(codes, [13002, 13002, 13002, 10002, 10002, 10010])
  assert.deepEqual([await isIn(ann), await isIn(ben), await isIn(tablet)], [200, 200, 200])
})

test('what ended a session is written down with it', async t => {
  const node = await testNode(t)
  const phone = await node.signUp('ann', 'x', 'phone')
  const tablet = await node.signIn('ann', 'x')
  const events = () => listEvents(node.node.services.sql, node.appId, phone.id, 10)

  await phone.devices.kick({ device_sn: tablet.device })
  await phone.devices.removeDevice({ device_sn: tablet.device })
  await node.signIn('ann', 'x', 'phone')
  await node.admin.accounts.disable({ list: [phone.id] })

  const noted = (await events()).map(({ kind, device_sn }) => `${kind} ${device_sn}`)
  assert.deepEqual(noted.sort(), ['disabled 0', 'kicked 2', 'removed 2', 'replaced 1'])
})

test('from the moment the kick has answered, no request of the old token is accepted', async t => {
  const { admin, signUp, signIn } = await testNode(t)
  const phone = await signUp('ann', 'x')
  const tablet = await signIn('ann', 'x')

  for (const kick of [{ device_sn: phone.device }, {}]) {
    const victim = kick.device_sn ? phone : tablet
    const before: number[] = []
    const after: number[] = []
    let kicked = false
    const caller = async (i: number) => {
      while (after.length < 200) {
        const seen = kicked ? after : before
        seen.push(await outcome(i % 2 ? victim.profiles.getProfile() : victim.profiles.setNickname({ nick_name: 'n' })))
        if (!kicked && before.length > 200) {
          kicked = await admin.actingFor(victim.id).devices.kick(kick)
        }
      }
    }
    await Promise.all(Array.from({ length: 20 }, (_, i) => caller(i)))

    assert.ok(count(before, 200) > 100, 'requests were accepted before the kick')
    assert.equal(count(after, 402), after.length)
  }
})
