import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '../client/index.ts'
import { type TestNode, testNode } from './harness.ts'
import { rowsOfApp } from './support/database.ts'
import { outcome, outcomes } from './support/outcomes.ts'

type App = Pick<TestNode, 'appId' | 'admin' | 'stranger' | 'signIn'>

/** Ann and Ben, the same in every app: names, passwords, ids, aliases, tags, tokens. */
async function settle({ admin, stranger, signIn }: App) {
  for (const username of ['ann', 'ben'])
    await stranger.accounts.registerPush({
      username,
      password: 'x',
      alias: `alias of ${username}`,
      push_token: `push token of ${username}`,
      device_guid: 'phone',
    })
  const [ann, ben] = [await signIn('ann', 'x', 'phone'), await signIn('ben', 'x', 'phone')]
  for (const { id, name, device, push, profiles, devices } of [ann, ben]) {
    await push.addTags({ tags: ['news', name] })
    await profiles.setProfile({ nick_name: name, private_info: `private info of ${name}` })
    await devices.bindDeviceToken({ device_sn: device, device_token: `token of ${name}`, notifier_name: 'capture' })
    await admin.actingFor(id).accounts.setMobile({ mobile: `+49151000000${id % 100}` })
  }
  return { ann, ben }
}

async function twins(node: TestNode) {
  const other = await node.otherApp()
  const [here, there] = [await settle(node), await settle(other)]
  return { ...here, there: { ...other, ...there, rows: () => rowsOfApp({ node: node.node, appId: other.appId }) } }
}

test('two apps have the same ids, names, mobiles, aliases and tokens without getting in each other’s way', async t => {
  const node = await testNode(t)

  const { ann, ben, there } = await twins(node)

  assert.deepEqual([there.ann.id, there.ben.id], [ann.id, ben.id])
  const [hers, twin] = [await ann.settings.getSettings(), await there.ann.settings.getSettings()]
  assert.deepEqual(twin, hers)
  assert.notEqual(there.ann.token, ann.token)
})

test('a token of one app is none of another: user’s or admin’s, whatever it asks for', async t => {
  const node = await testNode(t)
  const { ann, there } = await twins(node)
  const before = await there.rows()
  const asUser = there.stranger.as(ann.token)
  const asAdmin = there.stranger.as(node.adminToken)

  const codes = await outcomes([
    asUser.profiles.getProfile(),
    asUser.profiles.setNickname({ nick_name: 'intruder' }),
    asUser.devices.kick({}),
    asUser.accounts.deleteUser({ password: 'x' }),
    asUser.accounts.changePassword({ old_password: 'x', new_password: 'y' }),
    asAdmin.accounts.listUsers(),
    asAdmin.accounts.disable({ list: [ann.id] }),
    asAdmin.accounts.registerBatch({ list: [{ username: 'cid', password: 'x' }] }),
    asAdmin.actingFor(ann.id).profiles.getProfile(),
    asAdmin.actingFor(ann.id).accounts.deleteUser({}),
    asAdmin.actingFor(ann.id).accounts.changePasswordAdmin({ password: 'y' }),
  ])

  assert.deepEqual(codes, Array(11).fill(10008))
  assert.deepEqual(await there.rows(), before)
})

test('a token that has ended in its own app stays unknown in another', async t => {
  const node = await testNode(t)
  const { ann, there } = await twins(node)
  await ann.devices.kick({})

  assert.equal(await outcome(ann.profiles.getProfile()), 402)
  assert.equal(await outcome(there.stranger.as(ann.token).profiles.getProfile()), 10008)
})

test('whatever is done in one app, no row of the other changes', async t => {
  const node = await testNode(t)
  const { ann, ben, there } = await twins(node)
  const before = await there.rows()
  const { admin } = node

  await ann.accounts.setUsername({ username: 'anna' })
  await ann.profiles.setProfile({ nick_name: 'changed', public_info: 'changed' })
  await ann.settings.setSettings({ user_id: ann.id, no_push: true, push_token: 'changed' })
  await admin.actingFor(ann.id).push.setAlias({ alias: 'alias of ben' })
  await ann.push.clearTags()
  await ann.devices.bindDeviceToken({ device_sn: ann.device, device_token: 'token of ben', notifier_name: 'capture' })
  await ann.accounts.changePassword({ old_password: 'x', new_password: 'y' })
  await admin.accounts.disable({ list: [ann.id, ben.id] })
  await admin.accounts.enable({ list: [ann.id] })
  await admin.profiles.setAvatarBatch({ list: [{ user_id: ann.id, avatar: 'changed' }] })
  await admin.actingFor(ann.id).devices.kick({})
  await admin.actingFor(ann.id).devices.removeDevice({ device_sn: ann.device })
  await admin.actingFor(ben.id).accounts.deleteUser({})
  await admin.accounts.register({ username: 'cid', password: 'x' })

  assert.deepEqual(await there.rows(), before)
  assert.ok(before.length > 20, `${before.length} rows to compare`)
  assert.deepEqual(await outcomes([there.ann.profiles.getProfile(), there.ben.profiles.getProfile()]), [200, 200])
})

test('a password is good in its own app alone, and a deletion or ban counts there alone', async t => {
  const node = await testNode(t)
  const { ann, ben, there } = await twins(node)
  await node.admin.actingFor(ann.id).accounts.changePasswordAdmin({ password: 'y' })
  await node.admin.accounts.disable({ list: [ben.id] })

  const here = await outcomes([node.signIn('ann', 'y'), node.signIn('ann', 'x'), node.signIn('ben', 'x')])
  const elsewhere = await outcomes([there.signIn('ann', 'y'), there.signIn('ann', 'x'), there.signIn('ben', 'x')])
  await node.admin.actingFor(ann.id).accounts.deleteUser({})

  assert.deepEqual(here, [200, 402, 13001])
  assert.deepEqual(elsewhere, [402, 200, 200])
  assert.equal(await outcome(there.admin.actingFor(ann.id).profiles.getProfile()), 200)
  assert.deepEqual(
    (await there.admin.accounts.listUsers()).data.map(({ username }) => username),
    ['ann', 'ben'],
  )
})

test('each app keeps its own policy', async t => {
  const node = await testNode(t)
  const strict = await node.otherApp({ open_registration: 0, password_minimum: 8, device_cap: 1 })
  const ann = { username: 'ann', password: 'short' }

  const [open, closed] = [
    await outcome(node.stranger.accounts.register(ann)),
    await outcome(strict.stranger.accounts.register(ann)),
  ]
  const tooShort = await outcome(strict.admin.accounts.register(ann))
  await strict.admin.accounts.register({ username: 'ann', password: 'long enough' })
  const first = await strict.signIn('ann', 'long enough')
  const second = await strict.signIn('ann', 'long enough')
  const [one, two] = [await node.signIn('ann', 'short'), await node.signIn('ann', 'short')]

  assert.deepEqual([open, closed, tooShort], [200, 40001, 10002])
  assert.deepEqual(
    await outcomes([first, second, one, two].map(({ profiles }) => profiles.getProfile())),
    [402, 200, 200, 200],
  )
})

test('an app that does not exist, or is not named, is not found', async t => {
  const { stranger, adminToken, url } = await testNode(t)

  for (const appId of ['nothing', '', 'x'.repeat(5000)]) {
    assert.equal(await outcome(createClient({ url, appId, token: adminToken }).accounts.listUsers()), 40000)
    assert.equal(await outcome(createClient({ url, appId }).tokens.signInByName({ name: 'ann', password: 'x' })), 40000)
  }
  assert.equal(await outcome(stranger.tokens.signInByName({ name: 'ann', password: 'x' })), 402)
})
