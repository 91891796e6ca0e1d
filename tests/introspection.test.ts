import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, testNode } from './harness.ts'
import { ask } from './support/http.ts'

const path = '/admin/token/introspect'

test('a chat server learns whose token it was given, and until when it is good', async t => {
  const clock = { now: 1_800_000_000_000 }
  const node = await testNode(t, {}, () => clock.now)
  const ann = await node.signUp('ann')

  const answer = await node.admin.tokens.introspect({ token: ann.token })

  assert.deepEqual(answer, {
    active: true,
    sub: String(ann.id),
    client_id: node.appId,
    token_type: 'user',
    exp: clock.now / 1000 + 30 * 86_400,
    iat: clock.now / 1000,
    user_id: ann.id,
    device_sn: ann.device,
  })
})

test('the body may be form-encoded, here and nowhere else', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const headers = {
    app_id: node.appId,
    'access-token': node.adminToken,
    'content-type': 'application/x-www-form-urlencoded',
  }
  const body = `token=${encodeURIComponent(ann.token)}&token_type_hint=access_token`

  const answer = await ask(node.url, { method: 'POST', path, headers, body })
  const elsewhere = await ask(node.url, { method: 'POST', path: '/presence/batch', headers, body: 'list=1' })

  assert.equal((JSON.parse(answer.text) as { data: { active: boolean } }).data.active, true)
  assert.equal(elsewhere.code, 415)
})

test('a token that was ended is not active from the moment the call has answered', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const ben = await node.signUp('ben')
  const isActive = async (token: string) => (await node.admin.tokens.introspect({ token })).active
  assert.deepEqual([await isActive(ann.token), await isActive(ben.token)], [true, true])

  await node.admin.actingFor(ann.id).devices.kick()
  await node.admin.accounts.disable({ list: [ben.id] })

  assert.deepEqual([await isActive(ann.token), await isActive(ben.token)], [false, false])
})

test('of a token that is not good nothing is told but that', async t => {
  const clock = { now: Date.now() }
  const node = await testNode(t, {}, () => clock.now)
  const other = await node.otherApp()
  const foreign = await other.signUp('ann')
  const late = await node.signUp('late')
  clock.now += 31 * 86_400_000

  for (const token of ['garbage', `ut_${'x'.repeat(43)}`, foreign.token, late.token])
    assert.deepEqual(await node.admin.tokens.introspect({ token }), { active: false })
})

test('only an admin may ask', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')

  assert.equal(await codeOf(ann.tokens.introspect({ token: ann.token })), 10010)
  assert.equal(await codeOf(node.stranger.tokens.introspect({ token: ann.token })), 10003)
})
