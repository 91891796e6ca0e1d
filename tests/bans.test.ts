import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listBindings } from '../server/devices/devices.sql.ts'
import { type Person, type TestNode, testNode } from './harness.ts'
import { outcome, outcomes } from './support/outcomes.ts'

const isIn = (person: Person) => outcome(person.profiles.getProfile())
const statuses = async ({ admin }: TestNode) => (await admin.accounts.listUsers()).data.map(({ status }) => status)

test('a ban ends all tokens of all the users in the list, and nobody else’s', async t => {
  const node = await testNode(t)
  const phone = await node.signUp('ann', 'x')
  const tablet = await node.signIn('ann', 'x')
  const ben = await node.signUp('ben', 'x')
  const cid = await node.signUp('cid', 'x')

  await node.admin.accounts.disable({ list: [phone.id, ben.id] })

  assert.deepEqual([await isIn(phone), await isIn(tablet), await isIn(ben), await isIn(cid)], [402, 402, 402, 200])
  assert.deepEqual(await statuses(node), [1, 1, 0])
})

test('a banned user signs in by no way until the ban is lifted', async t => {
  const { admin, stranger, signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  await ann.accounts.setMobile({ mobile: '+4915112345678' })
  const ways = () =>
    outcomes([
      stranger.tokens.signInByName({ name: 'ann', password: 'x' }),
      stranger.tokens.signInById({ user_id: ann.id, password: 'x' }),
      stranger.tokens.signInByLogin({ login_name: '+4915112345678', password: 'x' }),
    ])

  await admin.accounts.disable({ list: [ann.id] })
  const banned = await ways()
  await admin.accounts.enable({ list: [ann.id] })
  const lifted = await ways()

  assert.deepEqual(banned, [13001, 13001, 13001])
  assert.deepEqual(lifted, [200, 200, 200])
})

test('lifting a ban gives back no token, and the devices and data are as they were', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann', 'x', 'phone')
  await ann.profiles.setNickname({ nick_name: 'Ann' })

  await node.admin.accounts.disable({ list: [ann.id] })
  await node.admin.accounts.enable({ list: [ann.id] })
  const old = await isIn(ann)
  const again = await node.signIn('ann', 'x', 'phone')

  assert.equal(old, 402)
  assert.equal(again.device, ann.device)
  assert.equal((await again.profiles.getProfile()).nick_name, 'Ann')
  assert.deepEqual(await statuses(node), [0])
})

test('a ban takes the push bindings of the user', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann', 'x')
  await ann.devices.bindDeviceToken({ device_sn: ann.device, device_token: 'vendor', notifier_name: 'capture' })

  await node.admin.accounts.disable({ list: [ann.id] })

  assert.deepEqual(await listBindings(node.node.services.sql, node.appId, ann.id), [])
})

test('with an unknown or deleted user in the list nothing changes at all', async t => {
  const node = await testNode(t)
  const { admin } = node
  const ann = await node.signUp('ann', 'x')
  const ben = await node.signUp('ben', 'x')
  const gone = await node.signUp('gone', 'x')
  await admin.actingFor(gone.id).accounts.deleteUser({})
  await admin.accounts.disable({ list: [ben.id] })

  const codes = await outcomes([
    admin.accounts.disable({ list: [ann.id, 999_999] }),
    admin.accounts.disable({ list: [gone.id, ann.id] }),
    admin.accounts.disable({ list: [ann.id, gone.id, 999_999] }),
    admin.accounts.enable({ list: [ben.id, 999_999] }),
    admin.accounts.enable({ list: [ben.id, gone.id] }),
  ])

  assert.deepEqual(codes, [10000, 10021, 10021, 10000, 10021])
  assert.equal(await isIn(ann), 200)
  assert.deepEqual(await statuses(node), [0, 1])
})

test('naming a user twice, banning the banned and lifting no ban are no failures', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann', 'x')

  const codes = await outcomes([
    node.admin.accounts.enable({ list: [ann.id] }),
    node.admin.accounts.disable({ list: [ann.id, ann.id] }),
    node.admin.accounts.disable({ list: [ann.id] }),
    node.admin.accounts.enable({ list: [ann.id, ann.id] }),
  ])

  assert.deepEqual(codes, [200, 200, 200, 200])
  assert.deepEqual(await statuses(node), [0])
})

test('a list has 1 to 500 users, and only an admin brings one', async t => {
  const { admin, signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const list = (length: number) => Array.from({ length }, () => ann.id)

  const codes = await outcomes([
    admin.accounts.disable({ list: [] }),
    admin.accounts.disable({ list: list(501) }),
    admin.accounts.enable({ list: [] }),
    admin.accounts.enable({ list: [0] }),
    ann.accounts.disable({ list: [ann.id] }),
    ann.accounts.enable({ list: [ann.id] }),
    admin.actingFor(ann.id).accounts.disable({ list: [ann.id] }),
    admin.accounts.enable({ list: list(500) }),
  ])

  assert.deepEqual(codes, [10002, 10002, 10002, 10002, 10010, 10010, 10002, 200])
})
