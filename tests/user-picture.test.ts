import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, testNode } from './harness.ts'
import { online } from './support/realtime.ts'

test('one call shows a user whole, and no secret is in it', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann', 'a secret password', 'anns-phone')
  await ann.profiles.setProfile({ nick_name: 'Ann', private_info: 'PRIVATE', public_info: 'hello' })
  await ann.settings.setSettings({ user_id: ann.id, auth_question: 'Who?', auth_answer: 'ANSWER', no_push: true })
  await ann.push.addTags({ tags: ['red'] })
  await ann.push.setAlias({ alias: 'annie' })
  await ann.devices.bindDeviceToken({ device_sn: 1, device_token: 'DEVICETOKEN', notifier_name: 'capture' })
  await online(t, ann)
  const { push_token } = await ann.settings.getSettings()
  await node.admin.actingFor(ann.id).accounts.setMobile({ mobile: '+4915112345678' })

  const picture = await node.admin.actingFor(ann.id).users.showUser()

  assert.equal(picture.profile.nick_name, 'Ann')
  assert.equal(picture.account.online, true)
  assert.deepEqual(picture.ban, { banned: false, at: 0, by: '' })
  assert.equal(picture.settings.no_push, true)
  assert.deepEqual([picture.alias, picture.tags], ['annie', ['red']])
  const [device] = picture.devices
  assert.deepEqual([device?.device_guid, device?.signed_in, device?.connected], ['anns-phone', true, true])
  assert.deepEqual(
    device?.bindings.map(({ notifier_name, provider, dead_at }) => [notifier_name, provider, dead_at]),
    [['capture', 'capture', 0]],
  )
  assert.equal(picture.sessions.length, 1)
  assert.deepEqual(
    picture.audit.map(({ act, after }) => [act, after]),
    [['setMobile', { mobile: '+4915112345678' }]],
  )
  const json = JSON.stringify(picture)
  for (const secret of ['ANSWER', 'PRIVATE', 'DEVICETOKEN', 'argon2', ann.token, push_token, 'token_hash'])
    assert.ok(!json.includes(secret), `${secret} is shown`)
})

test('the picture of a banned user says since when, and by whom', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  await node.admin.accounts.disable({ list: [ann.id] })

  const { ban, account, events, sessions, devices } = await node.admin.actingFor(ann.id).users.showUser()

  assert.equal(ban.banned, true)
  assert.equal(ban.by, 'first-run')
  assert.ok(Date.now() - ban.at < 60_000)
  assert.equal(account.status, 1)
  assert.deepEqual(
    events.map(({ kind, device_sn }) => [kind, device_sn]),
    [['disabled', 0]],
  )
  assert.deepEqual([sessions.length, devices[0]?.signed_in], [0, false])
})

test('a user cannot see its own picture, nor can an admin see one of another app', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const other = await node.otherApp()

  assert.equal(await codeOf(ann.users.showUser()), 10010)
  assert.equal(await codeOf(other.admin.actingFor(ann.id).users.showUser()), 10000)
  assert.equal(await codeOf(node.admin.users.showUser()), 10002)
})
