import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openInstallation } from '../server/installation.ts'
import { createAdminToken } from '../server/tokens/admin-tokens.ts'
import { folder, testNode } from './harness.ts'
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
  const { store } = await openInstallation(node.config)
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
    outcome(ann.devices.bindDeviceToken({ device_sn: ann.device, device_token: 'd', notifier_name: 'shop' }))
  const create = ['notifier', 'create', '--name', 'shop', '--provider', 'vivo', '--set', 'app_id=1', 'app_key=k']

  const before = await bind()
  const incomplete = await refusal(...create)
  await json(...create, 'app_secret=s3cret')
  const after = await bind()

  assert.equal(incomplete.sentence, 'credentials.app_secret is required for vivo')
  assert.deepEqual([before, after], [13006, 200])
  const again = await refusal(...create, 'app_secret=s3cret')
  assert.equal(again.sentence, 'the app has a notifier "shop" already: take another name')
  const listed = await text('notifier', 'list')
  assert.match(listed, /^shop +vivo +production +ready /m)
  assert.ok(!listed.includes('s3cret'))
})

test('a notifier is rotated from a file, disabled and enabled, and its secrets are never printed', async t => {
  const data = folder(t)
  const { json, text, refusal } = commandLine(t, data)
  await json('app', 'create')
  const file = join(data, 'secret.txt')
  writeFileSync(file, 'an-0ther-secret\r\n')
  const set = ['--set', 'app_id=1', 'app_secret=the-first-secret']
  await json('notifier', 'create', '--name', 'phones', '--provider', 'huawei', ...set)

  const rotated = await text('notifier', 'rotate', 'phones', '--file', `app_secret=${file}`, '--json')
  await text('notifier', 'disable', 'phones')
  const disabled = await text('notifier', 'list')
  await text('notifier', 'enable', 'phones')
  const enabled = await text('notifier', 'list')
  const unknown = await refusal('notifier', 'disable', 'nobody')

  assert.deepEqual((JSON.parse(rotated) as { secrets: string[] }).secrets, ['app_secret'])
  assert.match(disabled, /^phones +huawei +production +disabled /m)
  assert.match(enabled, /^phones +huawei +production +ready /m)
  assert.ok(!/first-secret|0ther/.test(rotated + disabled + enabled))
  assert.equal(unknown.sentence, 'the app has no notifier "nobody": stonechat notifier list shows them')
})
