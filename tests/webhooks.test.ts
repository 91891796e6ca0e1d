import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { pauses } from '../server/webhooks/deliveries.ts'
import { signatureOf, wrongWith } from '../server/webhooks/signing.ts'
import { eventually, testNode } from './harness.ts'
import { outcome, refusal } from './support/outcomes.ts'
import { receiver } from './support/receiver.ts'

/** A node, the app's own server, and a webhook to it; the clock is the test's. */
async function stage(t: TestContext, events: string[] = []) {
  const shop = await receiver(t)
  const clock = { now: Date.now() }
  const node = await testNode(t, { webhookOrigins: [shop.origin] }, () => clock.now)
  const { secret, webhook_id } = await node.admin.webhooks.createWebhook({ url: shop.url, events })
  const logged = async () => (await node.admin.webhooks.listWebhookEvents({ webhook_id })).data
  return { shop, clock, node, secret, webhook_id, logged, hooks: node.admin.webhooks }
}

const until = (check: () => unknown) => eventually(async () => assert.ok(await check()), 8000)

test('what happens to a user is told, signed, with ids and names of fields and nothing else of the user', async t => {
  const { shop, node, secret } = await stage(t)

  const ann = await node.signUp('ann')
  await ann.profiles.setNickname({ nick_name: 'a canary' })
  await ann.settings.setSettings({ user_id: ann.id, no_push: true })
  await ann.settings.setVibratory({ value: true })
  await node.admin.actingFor(ann.id).devices.kick({ device_sn: ann.device })
  await node.admin.accounts.disable({ list: [ann.id] })
  await node.admin.accounts.enable({ list: [ann.id] })
  await until(() => shop.types().includes('user.unbanned'))
  await node.admin.actingFor(ann.id).accounts.deleteUser({})
  await until(() => shop.types().includes('user.deleted'))

  const wanted = ['user.registered', 'user.signed_in', 'profile.updated', 'settings.updated', 'settings.updated']
  assert.deepEqual(
    new Set([...wanted, 'device.kicked', 'user.banned', 'user.unbanned', 'user.deleted']),
    new Set(shop.types()),
  )
  for (const { headers, payload } of shop.told) assert.equal(wrongWith(secret, headers, payload, Date.now()), undefined)
  assert.deepEqual([...new Set(shop.told.map(({ event }) => event.data.user_id))], [ann.id])
  const [profile] = shop.told.filter(({ event }) => event.type === 'profile.updated')
  assert.deepEqual(profile?.event.data.fields, ['nick_name'])
  assert.ok(!JSON.stringify(shop.told).includes('canary'))
})

test('a change that is not stored is not told', async t => {
  const { shop, node } = await stage(t)
  await node.signUp('ann')
  await until(() => shop.told.length === 2)

  await outcome(node.stranger.accounts.register({ username: 'ann', password: 'x' }))
  await outcome(node.admin.accounts.disable({ list: [999_999] }))
  await node.signUp('last')
  await until(() => shop.told.length === 4)

  assert.deepEqual(shop.types().sort(), [...['user.registered', 'user.registered', 'user.signed_in', 'user.signed_in']])
})

test('a webhook hears of the types that it asks for, and of its own app alone', async t => {
  const { shop, node } = await stage(t, ['user.banned'])
  const other = await node.otherApp()
  const eve = await other.signUp('eve')
  await other.admin.accounts.disable({ list: [eve.id] })

  const ann = await node.signUp('ann')
  await node.admin.accounts.disable({ list: [ann.id] })
  await until(() => shop.told.length > 0)

  assert.deepEqual(
    shop.told.map(({ event }) => [event.type, event.data.app_id]),
    [['user.banned', node.appId]],
  )
})

test('what is not taken is tried again after growing pauses, for a day, and then given up', async t => {
  const { shop, clock, node, logged, hooks, webhook_id } = await stage(t, ['user.registered'])
  shop.state.answer = 500
  await node.stranger.accounts.register({ username: 'ann', password: 'x' })

  const begun = clock.now
  for (const [i, pause] of pauses.entries()) {
    await until(async () => (await logged())[0]?.attempts === i + 1)
    const [event] = await logged()
    const wait = (event?.due_at ?? 0) - clock.now
    assert.ok(wait >= 0.79 * pause && wait <= 1.21 * pause, `${wait} of ${pause}`)
    clock.now += wait
  }
  await until(async () => (await logged())[0]?.state === 'given_up')
  const took = clock.now - begun
  shop.state.answer = 200
  const { events } = await hooks.replayWebhookEvent({ webhook_id, since: 0 })
  await until(async () => (await logged())[0]?.state === 'delivered')

  assert.ok(took > 18 * 3_600_000 && took < 30 * 3_600_000, `${took} ms`)
  assert.equal(events, 1)
  assert.equal(new Set(shop.told.map(({ headers }) => headers['webhook-id'])).size, 1)
})

test('Retry-After is kept', async t => {
  const { shop, clock, node, logged } = await stage(t, ['user.registered'])
  Object.assign(shop.state, { answer: 503, headers: { 'retry-after': '600' } })

  await node.stranger.accounts.register({ username: 'ann', password: 'x' })
  await until(async () => (await logged())[0]?.attempts === 1)

  const [event] = await logged()
  assert.deepEqual([event?.status, event?.error, (event?.due_at ?? 0) - clock.now], [503, 'HTTP 503', 600_000])
})

test('410 disables the webhook, which says why; an admin enables it again', async t => {
  const { shop, node, hooks, webhook_id } = await stage(t)
  shop.state.answer = 410
  await hooks.testWebhook({ webhook_id })
  await until(async () => (await hooks.listWebhooks({}))[0]?.disabled)

  const [gone] = await hooks.listWebhooks({})
  await node.signUp('ann')
  shop.state.answer = 200
  await hooks.changeWebhook({ webhook_id, disabled: false })
  await node.signUp('ben')
  await until(() => shop.told.length === 3)

  assert.equal(gone?.reason, 'it answered 410 Gone')
  assert.deepEqual(shop.types().sort(), ['user.registered', 'user.signed_in', 'webhook.test'])
})

test('a rotation that comes while a receiver thinks about its 410 is kept', async t => {
  const { shop, hooks, webhook_id } = await stage(t)
  const { promise, resolve } = Promise.withResolvers<void>()
  Object.assign(shop.state, { answer: 410, until: promise })
  await hooks.testWebhook({ webhook_id })
  await until(() => shop.told.length === 1)

  const { secret } = await hooks.rotateWebhook({ webhook_id })
  resolve()
  await until(async () => (await hooks.listWebhooks({}))[0]?.disabled)
  shop.state.answer = 200
  await hooks.changeWebhook({ webhook_id, disabled: false })
  await hooks.testWebhook({ webhook_id })
  await until(() => shop.told.length === 2)

  const { headers = {}, payload = '' } = shop.told[1] ?? {}
  assert.equal(wrongWith(secret, headers, payload, Date.now()), undefined)
})

test('for a day after a rotation both keys sign; then the new one alone', async t => {
  const { shop, clock, secret, hooks, webhook_id } = await stage(t)

  const { secret: next } = await hooks.rotateWebhook({ webhook_id })
  await hooks.testWebhook({ webhook_id })
  await until(() => shop.told.length === 1)
  clock.now += 86_400_001
  await hooks.testWebhook({ webhook_id })
  await until(() => shop.told.length === 2)

  const believed = shop.told.map(({ headers, payload }) =>
    [secret, next].map(key => {
      const { 'webhook-id': id = '', 'webhook-timestamp': at, 'webhook-signature': signatures = '' } = headers
      return signatures.split(' ').includes(signatureOf(key, id, Number(at), payload))
    }),
  )
  assert.deepEqual(believed, [
    [true, true],
    [false, true],
  ])
})

test('the signature is that of the Standard Webhooks document', () => {
  const payload = '{"test": 2432232314}'

  const signature = signatureOf(
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    1614265330,
    payload,
  )

  assert.equal(signature, 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test('a receiver believes no call without a signature, of another body, or from long ago', async t => {
  const { shop, secret, hooks, webhook_id } = await stage(t)
  await hooks.testWebhook({ webhook_id })
  await until(() => shop.told.length === 1)
  const [{ headers, payload } = { headers: {}, payload: '' }] = shop.told

  assert.equal(wrongWith(secret, headers, payload, Date.now()), undefined)
  assert.match(wrongWith(secret, headers, `${payload} `, Date.now()) ?? '', /no signature/)
  assert.match(wrongWith(secret, headers, payload, Date.now() + 301_000) ?? '', /too far/)
  assert.match(wrongWith(secret, {}, payload, Date.now()) ?? '', /missing/)
})

test('addresses inside are refused, as text and when a name leads there; nothing is connected to', async t => {
  const { node, hooks } = await stage(t)
  const inside = [
    ...[
      'http://example.com/',
      'https://127.0.0.1/',
      'https://[::1]/',
      'https://[::ffff:127.0.0.1]/',
      'https://0.0.0.0/',
    ],
    ...['https://169.254.169.254/', 'https://2130706433/', 'https://localhost/', 'https://u:p@example.com/', 'no url'],
  ]

  for (const url of inside) assert.match((await refusal(hooks.createWebhook({ url }))).message, /url must be/, url)
  assert.equal((await node.admin.webhooks.listWebhooks({})).length, 1)
})

test('the secret is shown when it is made and never again, and an app has sixteen webhooks at the most', async t => {
  const { shop, node, hooks, secret } = await stage(t)
  for (let i = 0; i < 15; i++) await hooks.createWebhook({ url: shop.url })

  const refused = await refusal(hooks.createWebhook({ url: shop.url }))
  const shown = JSON.stringify([await hooks.listWebhooks({}), await node.admin.audit.listAudit({})])

  assert.match(refused.message, /at most 16 webhooks/)
  assert.ok(secret.startsWith('whsec_') && !shown.includes(secret.slice(6)))
})

test('whoever is deleted is forgotten here too, but for the word of the deletion', async t => {
  const { shop, node, logged } = await stage(t)
  shop.state.answer = 500
  const ann = await node.signUp('ann')
  await until(async () => (await logged()).length === 2)

  await node.admin.actingFor(ann.id).accounts.deleteUser({})

  assert.deepEqual(
    (await logged()).map(({ type }) => type),
    ['user.deleted'],
  )
})
