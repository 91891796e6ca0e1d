import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { codeOf, eventually, type Person, type TestNode, testNode } from './harness.ts'
import { refusal } from './support/outcomes.ts'
import { done, pushed } from './support/push.ts'
import { appleService, type Mood } from './support/vendors/apns.ts'
import { apple, keyPair, reaching } from './support/vendors/senders.ts'
import { browserAt, decrypted, webService } from './support/vendors/web.ts'

const message = { title: 'Hello', body: 'world' }

/** A node with an Apple notifier, and a clock that tests move. */
async function stage(t: TestContext, mood: Partial<Mood> = {}) {
  const { secret, open } = keyPair('ec')
  const service = await appleService(t, { [apple.key_id]: { team: apple.team_id, pem: open } }, mood)
  const clock = { now: Date.now() }
  const node = await testNode(t, reaching(t, service.origin), () => clock.now)
  const credentials = { ...apple, key: secret, endpoint: service.origin }
  await node.admin.notifiers.createNotifier({ name: 'ios', provider: 'apns', credentials })
  return { node, service, clock, key: secret }
}

async function withPhone(node: TestNode, name: string, device_token = name): Promise<Person> {
  const person = await node.signUp(name)
  await person.devices.bindDeviceToken({ device_sn: person.device, device_token, notifier_name: 'ios' })
  return person
}

const deadTokens = async ({ node, appId }: TestNode) => {
  const rows = await node.services.sql<{ device_token: string; dead_reason: string }>`
    select device_token, dead_reason from bindings where app_id = ${appId} and dead_at > 0 order by device_token`
  return rows.map(({ device_token, dead_reason }) => `${device_token} ${dead_reason}`)
}

/** The one job of the app has failed so often, and nobody works on it. */
async function waitsAfter({ node, appId }: TestNode, failed: number) {
  const jobs = await node.services.sql<{ attempt: number; claim: string }>`
    select attempt, claim from push_jobs where app_id = ${appId}`
  assert.deepEqual(jobs, [{ attempt: failed, claim: '' }])
}

test('a token that the vendor calls dead is switched off with its reason, skipped from then on, and revived by a bind', async t => {
  const { node, service } = await stage(t)
  const ann = await withPhone(node, 'dead_ann')
  await withPhone(node, 'ben')
  service.mood.answers.dead = [410, { reason: 'Unregistered', timestamp: Date.now() + 1000 }]

  const first = await pushed(node.admin, { audience: 'all', message })
  const off = await deadTokens(node)
  const second = await pushed(node.admin, { audience: 'all', message })
  service.mood.answers = {}
  await ann.devices.bindDeviceToken({ device_sn: ann.device, device_token: 'dead_ann', notifier_name: 'ios' })
  const third = await pushed(node.admin, { audience: 'all', message })

  assert.deepEqual(first.outcomes, { sent: 1, dead_token: 1 })
  assert.deepEqual(off, ['dead_ann Unregistered'])
  assert.deepEqual(second.outcomes, { sent: 1, dead_token: 1 })
  assert.equal(service.received.filter(({ token }) => token === 'dead_ann').length, 2)
  assert.deepEqual(third.outcomes, { sent: 2 })
  assert.deepEqual(await deadTokens(node), [])
})

test('a token that was bound after the vendor saw it die is another one, and lives', async t => {
  const { node, service } = await stage(t)
  await withPhone(node, 'dead_ann')
  await withPhone(node, 'ben')
  service.mood.answers.dead = [410, { reason: 'Unregistered', timestamp: Date.now() - 3_600_000 }]

  await pushed(node.admin, { audience: 'all', message })

  assert.deepEqual(await deadTokens(node), [])
})

test('where a vendor takes nothing of a batch, no token is switched off', async t => {
  const { node, service } = await stage(t)
  for (const name of ['dead_ann', 'dead_ben', 'dead_cay']) await withPhone(node, name)
  service.mood.answers.dead = [400, { reason: 'BadDeviceToken' }]

  const { outcomes } = await pushed(node.admin, { audience: 'all', message })

  assert.deepEqual(outcomes, { refused: 3 })
  assert.deepEqual(await deadTokens(node), [])
})

test('what a vendor cannot take now is tried again when it says, and only for those devices', async t => {
  const { node, service, clock } = await stage(t)
  await withPhone(node, 'busy_ann')
  await withPhone(node, 'ben')
  service.mood.answers.busy = [503, { reason: 'ServiceUnavailable' }, { 'retry-after': '60' }]
  const { task_id } = await node.admin.delivery.notify({ audience: 'all', message })
  await eventually(() => waitsAfter(node, 1), 20_000)
  service.mood.answers = {}

  clock.now += 50_000
  await node.admin.delivery.taskProgress({ task_id })
  const early = service.received.length
  clock.now += 11_000
  const { outcomes } = await done(node.admin, task_id)

  assert.equal(early, 2)
  assert.deepEqual(outcomes, { sent: 2 })
  assert.deepEqual(service.received.map(({ token }) => token).sort(), ['ben', 'busy_ann', 'busy_ann'])
  assert.deepEqual(
    service.received.map(({ payload }) => payload.aps.badge),
    [1, 1, 1],
    'a try again counts no badge',
  )
})

test('a device that is tried in vain is given up in the end', async t => {
  const { node, service, clock } = await stage(t)
  await withPhone(node, 'busy_ann')
  service.mood.answers.busy = [429, { reason: 'TooManyRequests' }]
  const { task_id } = await node.admin.delivery.notify({ audience: 'all', message })

  for (let failed = 1; failed < 10; failed++) {
    await eventually(() => waitsAfter(node, failed), 20_000)
    clock.now += 1_400_000
  }
  await done(node.admin, task_id)

  const { outcomes } = await node.admin.delivery.taskProgress({ task_id })
  assert.deepEqual(outcomes, { gave_up: 1 })
  assert.equal(service.received.length, 10)
})

test('credentials that are refused park the notifier, which says why; new ones let everything through at once', async t => {
  const { node, service, key } = await stage(t)
  await withPhone(node, 'ann')
  const { changeNotifier, listNotifiers } = node.admin.notifiers
  await changeNotifier({ name: 'ios', credentials: { key: keyPair('ec').secret } })

  const { task_id } = await node.admin.delivery.notify({ audience: 'all', message })
  await eventually(async () => {
    const ios = (await listNotifiers()).find(({ name }) => name === 'ios')
    assert.deepEqual([ios?.state, ios?.reason], ['parked', 'InvalidProviderToken'])
  }, 10_000)
  const waiting = await node.admin.delivery.taskProgress({ task_id })
  await changeNotifier({ name: 'ios', credentials: { key } })
  const { outcomes } = await done(node.admin, task_id)

  assert.deepEqual([waiting.state, waiting.settled], ['sending', 0])
  assert.deepEqual(outcomes, { sent: 1 })
  assert.equal(service.received.length, 2)
})

test('a push that could not be sent in its time is not sent after it', async t => {
  const { node, service, clock } = await stage(t)
  await withPhone(node, 'busy_ann')
  service.mood.answers.busy = [503, { reason: 'Shutdown' }]
  const show_end_time = Math.floor(clock.now / 1000) + 600
  const { task_id } = await node.admin.delivery.notify({ audience: 'all', message: { ...message, show_end_time } })
  await eventually(() => waitsAfter(node, 1), 20_000)
  clock.now += 1_400_000
  await done(node.admin, task_id)

  assert.deepEqual((await node.admin.delivery.taskProgress({ task_id })).outcomes, { expired: 1 })
  assert.equal(service.received.length, 1)
})

test('a browser binds its subscription, and gets what was pushed; one whose service is nobody’s is refused', async t => {
  const service = await webService(t)
  const node = await testNode(t, reaching(t, service.origin))
  await node.admin.notifiers.createNotifier({
    name: 'web',
    provider: 'webpush',
    credentials: { subject: 'mailto:a@b.cd' },
  })
  const ann = await node.signUp('ann')
  const browser = service.subscribe('/ann')
  const bind = (device_token: string) =>
    ann.devices.bindDeviceToken({ device_sn: ann.device, device_token, notifier_name: 'web' })

  for (const endpoint of [
    'https://127.0.0.1:1/x',
    'http://169.254.169.254/',
    'https://fcm.googleapis.com.evil.example/',
    'x',
  ])
    assert.match((await refusal(bind(browserAt(endpoint).token))).message, /device_token (has|lacks) an endpoint/)
  assert.equal(await codeOf(bind(browser.token.replace('"auth":"', '"auth":"AAAA'))), 10002)
  assert.equal(await codeOf(bind('{"endpoint":1}')), 10002)
  await bind(browser.token)
  const { outcomes, task_id } = await pushed(node.admin, { audience: { user_id: [ann.id] }, message })

  assert.deepEqual(outcomes, { sent: 1 })
  const [got] = service.received
  assert.ok(got)
  assert.deepEqual(JSON.parse(decrypted(browser, got.body)).ext, { task_id })
})
