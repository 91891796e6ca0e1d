import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf } from './harness.ts'
import { deskOf, json } from './support/desk.ts'

test('a client that posts device_sn in the body kicks that device and no other', async t => {
  const { node, ann, send } = await deskOf(t)
  const other = await node.signIn('ann', ann.password)

  const { code } = await send({ method: 'POST', path: '/user/kick', body: json({ device_sn: other.device }) })

  assert.equal(code, 200)
  assert.equal(await codeOf(other.profiles.getProfile()), 402)
  assert.equal((await ann.profiles.getProfile()).username, 'ann')
})

test('a parameter of the body may come in the query', async t => {
  const { ann, send } = await deskOf(t)

  const { code } = await send({ method: 'PUT', path: '/user/avatar?avatar=a%20cat%2Bdog' })

  assert.equal(code, 200)
  assert.equal((await ann.profiles.getProfile()).avatar, 'a cat+dog')
})

test('a plus in a query is a blank', async t => {
  const { ann, send } = await deskOf(t)

  await send({ method: 'PUT', path: '/user/nickname?nick_name=Ann+B' })

  assert.equal((await ann.profiles.getProfile()).nick_name, 'Ann B')
})

test('a parameter given twice with the same value is taken', async t => {
  const { ann, send } = await deskOf(t)

  const inQuery = await send({ method: 'POST', path: '/user/authmode?value=2', body: json({ value: 2 }) })
  const asText = await send({ method: 'POST', path: '/user/authmode?value=3', body: json({ value: '3' }) })
  const inBody = await send({ method: 'PUT', path: '/user/avatar?avatar=cat', body: json({ avatar: 'cat' }) })

  assert.deepEqual([inQuery.code, asText.code, inBody.code], [200, 200, 200])
  assert.equal((await ann.settings.getSettings()).auth_mode, 3)
  assert.equal((await ann.profiles.getProfile()).avatar, 'cat')
})

test('a parameter given twice with different values is refused', async t => {
  const { refused } = await deskOf(t)

  await refused({ method: 'POST', path: '/user/authmode?value=2', body: json({ value: 1 }) }, 10002, 'value')
  await refused({ method: 'PUT', path: '/user/avatar?avatar=cat', body: json({ avatar: 'dog' }) }, 10002, 'avatar')
  await refused({ method: 'PUT', path: '/user/nickname?nick_name=a&nick_name=b' }, 10002, 'nick_name')
  await refused(
    { method: 'POST', path: '/user/kick?device_sn=1', body: json({ device_sn: 'all' }) },
    10002,
    'device_sn',
  )
})

test('a required parameter that is missing is named', async t => {
  const { refused, admin } = await deskOf(t)

  await refused({ method: 'PUT', path: '/user/nickname' }, 10002, 'nick_name')
  await refused({ method: 'PUT', path: '/user/avatar', body: '{}' }, 10002, 'avatar')
  await refused({ method: 'PUT', path: '/user/push/limit?no_push_start_hour=1' }, 10002, 'no_push_end_hour')
  await refused({ method: 'DELETE', path: '/user/device/remove' }, 10002, 'device_sn')
  await refused({ method: 'PUT', path: '/user/disable', body: '{}' }, 10002, 'list', admin)
})

test('an empty device_sn is a mistake, and kicks nobody', async t => {
  const { refused } = await deskOf(t)

  await refused({ method: 'POST', path: '/user/kick?device_sn=' }, 10002, 'device_sn')
  await refused({ method: 'POST', path: '/user/kick', body: json({ device_sn: '' }) }, 10002, 'device_sn')
  await refused({ method: 'POST', path: '/user/kick', body: json({ device_sn: null }) }, 10002, 'device_sn')
  await refused({ method: 'POST', path: '/user/kick', body: json({ device_sn: 0 }) }, 10002, 'device_sn')
})

test('a call with nothing in its body comes in every form that clients send', async t => {
  const { send } = await deskOf(t)
  const type = { 'content-type': 'application/json' }

  const forms = [
    { method: 'POST', path: '/user/authmode?value=1', body: '{}' },
    { method: 'POST', path: '/user/authmode?value=1', body: ' \n' },
    { method: 'POST', path: '/user/authmode?value=1', body: '', headers: type },
    { method: 'POST', path: '/user/authmode?value=1', headers: type },
    { method: 'POST', path: '/user/authmode?value=1' },
    { method: 'PUT', path: '/user/authmode?value=1', headers: type },
    { method: 'DELETE', path: '/user/push/tag/all', headers: type },
    { method: 'DELETE', path: '/user/push/tag/all', body: '{}' },
    { method: 'DELETE', path: '/user/push/tag/all' },
    { method: 'GET', path: '/user/profile', headers: type },
    { method: 'GET', path: '/user/profile?' },
    { method: 'GET', path: '/user/profile?&&' },
  ]
  const codes = await Promise.all(forms.map(async form => (await send(form)).code))

  assert.deepEqual(
    codes,
    forms.map(() => 200),
  )
})

test('DELETE carries a JSON body', async t => {
  const { ann, send } = await deskOf(t)
  await ann.push.addTags({ tags: ['red', 'blue'] })

  const { code } = await send({ method: 'DELETE', path: '/user/push/tag', body: json({ tags: ['red'] }) })

  assert.equal(code, 200)
  assert.deepEqual(await ann.push.listTags(), ['blue'])
})

test('unbind takes deviceSn and device_sn, in the query and in the body', async t => {
  const { node, ann, send, refused } = await deskOf(t)
  const { sql } = node.node.services
  const unbind = async (path: string, body?: string) => {
    await ann.devices.bindDeviceToken({ device_sn: ann.device, device_token: 'a token', notifier_name: 'capture' })
    const { code } = await send({ method: 'POST', path, ...(body && { body }) })
    return { code, left: (await sql`select device_token from bindings`).length }
  }

  assert.deepEqual(await unbind(`/user/token/unbind?deviceSn=${ann.device}`), { code: 200, left: 0 })
  assert.deepEqual(await unbind(`/user/token/unbind?device_sn=${ann.device}`), { code: 200, left: 0 })
  assert.deepEqual(await unbind('/user/token/unbind', json({ deviceSn: ann.device })), { code: 200, left: 0 })
  assert.deepEqual(await unbind('/user/token/unbind', json({ device_sn: ann.device })), { code: 200, left: 0 })
  await refused({ method: 'DELETE', path: '/user/token/unbind?deviceSn=1&device_sn=2' }, 10002, 'deviceSn')
  await refused({ method: 'DELETE', path: '/user/token/unbind' }, 10002, 'deviceSn')
})

test('members that nobody knows are ignored', async t => {
  const { ann, send } = await deskOf(t)
  const body =
    '{"nick_name":"Ann","no_such":[{"a":1}],"username":"eve","__proto__":{"description":"x"},"constructor":1}'

  const inBody = await send({ method: 'PUT', path: '/user/profile?no_such=1&__proto__=2', body })
  const inQuery = await send({ method: 'GET', path: '/user/profile?user_id=7&x' })

  const { nick_name, username, description } = await ann.profiles.getProfile()
  assert.deepEqual([inBody.code, inQuery.code], [200, 200])
  assert.deepEqual({ nick_name, username, description }, { nick_name: 'Ann', username: 'ann', description: '' })
})

test('a body that is no object has no parameters in it', async t => {
  const { refused } = await deskOf(t)

  for (const body of ['[]', '"text"', '5', 'true', '[{"nick_name":"a"}]', '5.5'])
    await refused({ method: 'PUT', path: '/user/profile', body }, 10002, 'body')
})

test('a partial update leaves alone what it does not name', async t => {
  const { ann, send, refused } = await deskOf(t)
  await ann.profiles.setProfile({ nick_name: 'Ann', description: 'a person' })

  await send({ method: 'PUT', path: '/user/profile', body: json({ description: '' }) })

  const { nick_name, description } = await ann.profiles.getProfile()
  assert.deepEqual({ nick_name, description }, { nick_name: 'Ann', description: '' })
  await refused({ method: 'PUT', path: '/user/profile', body: json({ nick_name: null }) }, 10002, 'nick_name')
})
