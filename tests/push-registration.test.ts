import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { countUsers } from '../server/accounts/pages.sql.ts'
import { findAlias } from '../server/push/push.sql.ts'
import { codeOf, testNode } from './harness.ts'
import { outcomes } from './support/outcomes.ts'

const password = 'a password'

test('a push user comes with a device of its name, its push token and its alias', async t => {
  const node = await testNode(t)
  const own = { device_guid: 'phone-1', push_token: 'own-token', alias: 'annie' }

  const settings = await node.stranger.accounts.registerPush({ username: 'ann', password, ...own })
  const alias = await findAlias(node.node.services.sql, node.appId, settings.user_id)
  const session = await node.stranger.tokens.signInByName({ name: 'ann', password, device_guid: 'phone-1' })

  assert.equal(settings.id, settings.user_id)
  assert.equal(settings.push_token, 'own-token')
  assert.equal(alias, 'annie')
  assert.equal(session.device_sn, 1)
  assert.equal(session.push_token, 'own-token')
})

test('a push user that brings no push token is given one', async t => {
  const { stranger, signIn } = await testNode(t)

  const ann = await stranger.accounts.registerPush({ username: 'ann', password })
  const ben = await stranger.accounts.registerPush({
    username: 'ben',
    password,
    push_token: '',
    alias: '',
    device_guid: '',
  })
  const { data } = await (await signIn('ann', password)).devices.listDevices()

  assert.match(ann.push_token, /^pt_/)
  assert.notEqual(ann.push_token, ben.push_token)
  assert.deepEqual(
    data.map(({ device_sn }) => device_sn),
    [2, 1],
  )
})

test("another user's push token or alias refuses the whole registration, and nothing is left of it", async t => {
  const node = await testNode(t)
  const { stranger, admin, appId } = node
  await stranger.accounts.registerPush({ username: 'ann', password, push_token: 'hers', alias: 'annie' })

  const codes = await outcomes([
    stranger.accounts.registerPush({ username: 'ben', password, push_token: 'hers' }),
    stranger.accounts.registerPush({ username: 'cid', password, alias: 'annie', push_token: 'his' }),
    stranger.accounts.registerPush({ username: 'Ann', password }),
  ])
  const afterwards = await stranger.accounts.registerPush({ username: 'ben', password, push_token: 'his' })

  assert.deepEqual(codes, [13005, 13004, 10004])
  assert.equal(afterwards.push_token, 'his')
  assert.equal(await countUsers(node.node.services.sql, appId), 2)
  assert.deepEqual(
    (await admin.accounts.listUsers()).data.map(({ username }) => username),
    ['ann', 'ben'],
  )
})

test('lengths are kept: 64 characters of alias, 512 bytes of push token, 128 of device_guid', async t => {
  const { stranger } = await testNode(t)
  const longest = { alias: 'ä'.repeat(64), push_token: 'p'.repeat(512), device_guid: 'g'.repeat(128) }
  const longer = [{ alias: 'a'.repeat(65) }, { push_token: 'ä'.repeat(257) }, { device_guid: 'ä'.repeat(65) }]

  const codes = await outcomes(
    longer.map(more => stranger.accounts.registerPush({ username: 'ann', password, ...more })),
  )
  const kept = await stranger.accounts.registerPush({ username: 'ann', password, ...longest })

  assert.deepEqual(codes, [10002, 10002, 10002])
  assert.equal(kept.push_token, longest.push_token)
})

test('where the app demands it, a push user signs its registration with the app secret', async t => {
  const node = await testNode(t)
  const { stranger, admin, appId, appSecret } = await node.otherApp({ push_signature: 1 })
  const sign = (...parts: string[]) => createHmac('sha256', appSecret).update(parts.join('\n')).digest('hex')
  const ann = { username: 'ann', password, device_guid: 'phone', push_token: 'token' }
  const right = sign(appId, 'ann', 'phone', 'token')

  const wrong = await outcomes([
    stranger.accounts.registerPush(ann),
    stranger.accounts.registerPush({ ...ann, sign: '' }),
    stranger.accounts.registerPush({ ...ann, sign: 'not hex' }),
    stranger.accounts.registerPush({ ...ann, sign: right.slice(0, 62) }),
    stranger.accounts.registerPush({ ...ann, username: 'ben', sign: right }),
    stranger.accounts.registerPush({ ...ann, push_token: 'other', sign: right }),
    stranger.accounts.registerPush({ ...ann, sign: sign(node.appId, 'ann', 'phone', 'token') }),
  ])
  await stranger.accounts.registerPush({ ...ann, sign: right })
  await stranger.accounts.registerPush({ username: 'ben', password, sign: sign(appId, 'ben', '', '') })
  await admin.accounts.registerPush({ username: 'cid', password })

  assert.deepEqual(wrong, Array(7).fill(13007))
  assert.equal((await admin.accounts.listUsers()).data.length, 3)
})

test('registering as a push user keeps the rules of usernames, passwords and closed apps', async t => {
  const node = await testNode(t)
  const { stranger, admin } = await node.otherApp({ open_registration: 0, password_minimum: 3 })

  const closed = await codeOf(stranger.accounts.registerPush({ username: 'ann', password }))
  const refused = await outcomes([
    admin.accounts.registerPush({ username: '123', password }),
    admin.accounts.registerPush({ username: 'ann', password: 'ab' }),
  ])
  await admin.accounts.registerPush({ username: 'ann', password: 'abc' })

  assert.equal(closed, 40001)
  assert.deepEqual(refused, [10002, 10002])
})
