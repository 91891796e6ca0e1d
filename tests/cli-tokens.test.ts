import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openInstallation } from '../server/installation.ts'
import { createAdminToken } from '../server/tokens/admin-tokens.ts'
import { testNode } from './harness.ts'
import { commandLine } from './support/command-line.ts'
import { outcome } from './support/outcomes.ts'

test('an admin token that is made works at once, and after its revocation no more', async t => {
  const node = await testNode(t)
  const { json, refusal } = commandLine(t, node.config.data)

  const made = await json<{ token: string; token_id: string; expires_at: number }>(
    ...['token', 'create', '--name', 'billing', '--days', '7'],
  )
  const call = () => outcome(node.stranger.as(made.token).accounts.listUsers())
  const before = await call()
  await json('token', 'revoke', made.token_id)
  const after = await call()

  assert.deepEqual([before, after], [200, 402])
  assert.ok(Math.abs(made.expires_at - Date.now() - 7 * 86_400_000) < 60_000)
  assert.equal(
    (await refusal('token', 'revoke', made.token_id)).sentence,
    `the admin token ${made.token_id} has ended already`,
  )
  assert.match((await refusal('token', 'revoke', 'nothing')).sentence, /no admin token "nothing": stonechat token list/)
})

test('token list shows each token with its state, and never the token itself', async t => {
  const node = await testNode(t)
  const { json, text } = commandLine(t, node.config.data)
  const { store } = openInstallation(node.config)
  const old = await createAdminToken(store.sql, node.appId, 'old', 0, 1)
  await store.close()
  const gone = await json<{ token: string; token_id: string }>('token', 'create', '--name', 'gone')
  await text('token', 'revoke', gone.token_id)
  assert.equal(await outcome(node.stranger.as(old.token).accounts.listUsers()), 402)

  const { tokens } = await json<{ tokens: { name: string; state: string }[] }>('token', 'list')
  const table = await text('token', 'list')

  assert.deepEqual(
    tokens.map(({ name, state }) => [name, state]),
    [
      ['old', 'expired'],
      ['first-run', 'live'],
      ['gone', 'revoked'],
    ],
  )
  assert.match(table, /^ID +NAME +CREATED +EXPIRES +STATE\n/)
  for (const { token } of [old, gone]) assert.ok(!(table + JSON.stringify(tokens)).includes(token))
})

test('a device token can be bound under a notifier as soon as it is made', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const { json, text, refusal } = commandLine(t, node.config.data)
  const bind = () =>
    outcome(ann.devices.bindDeviceToken({ device_sn: ann.device, device_token: 'd', notifier_name: 'shop-ios' }))

  const before = await bind()
  await json('notifier', 'create', '--name', 'shop-ios', '--provider', 'apns')
  const after = await bind()

  assert.deepEqual([before, after], [13006, 200])
  assert.match(await text('notifier', 'list'), /^shop-ios +apns /m)
  const { notifiers } = await json<{ notifiers: { name: string; provider: string }[] }>('notifier', 'list')
  assert.deepEqual(
    notifiers.map(({ name, provider }) => [name, provider]),
    [
      ['capture', 'capture'],
      ['shop-ios', 'apns'],
    ],
  )
  const again = await refusal('notifier', 'create', '--name', 'shop-ios', '--provider', 'fcm')
  assert.equal(again.sentence, 'the app has a notifier "shop-ios" already: take another name')
})
