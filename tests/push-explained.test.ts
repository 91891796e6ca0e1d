import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eventually, testNode } from './harness.ts'
import { done, pushed } from './support/push.ts'
import { appleService } from './support/vendors/apns.ts'
import { apple, keyPair, reaching } from './support/vendors/senders.ts'

const message = { title: 'Hello' }

/** Ann with a phone, Apple, and a clock. */
async function stage(t: TestContext) {
  const { secret, open } = keyPair('ec')
  const service = await appleService(t, { [apple.key_id]: { team: apple.team_id, pem: open } })
  const clock = { now: Date.now() }
  const node = await testNode(t, reaching(t, service.origin), () => clock.now)
  const credentials = { ...apple, key: secret, endpoint: service.origin }
  await node.admin.notifiers.createNotifier({ name: 'ios', provider: 'apns', credentials })
  const ann = await node.signUp('ann')
  await ann.devices.bindDeviceToken({ device_sn: ann.device, device_token: 'of ann', notifier_name: 'ios' })
  const audience = { user_id: [ann.id] }
  const explained = async (task_id?: number) => {
    const { devices } = await node.admin.insight.explainPush({ user_id: ann.id, ...(task_id && { task_id }) })
    const [device] = devices
    const [first] = device?.reasons ?? []
    return [device?.state, first?.code, first?.detail, Math.round(((first?.until || clock.now) - clock.now) / 1000)]
  }
  return { node, ann, service, clock, audience, explained }
}

test('a push that the vendor cannot take now waits, with what it said and until when', async t => {
  const { node, service, audience, explained } = await stage(t)
  service.mood.answers.of = [503, { reason: 'ServiceUnavailable' }, { 'retry-after': '60' }]

  const tested = await node.admin.insight.testPush({ user_id: audience.user_id[0] ?? 0, device_sn: 1 })
  const { task_id } = await node.admin.delivery.notify({ audience, message })
  await eventually(async () => assert.equal((await explained(task_id))[1], 'retry'), 10_000)

  assert.deepEqual(await explained(task_id), ['waiting', 'retry', 'ServiceUnavailable', 60])
  assert.deepEqual(
    [tested.device.state, tested.device.reasons[0]?.code, tested.device.reasons[0]?.detail],
    ['waiting', 'retry', 'ServiceUnavailable'],
  )
  assert.ok(tested.milliseconds < 9000, 'nobody waits for the next try')
})

test('a notifier whose credentials are refused is named, with what the vendor said and until when', async t => {
  const { node, audience, explained, clock } = await stage(t)
  await node.admin.notifiers.changeNotifier({ name: 'ios', credentials: { key: keyPair('ec').secret } })

  const { task_id } = await node.admin.delivery.notify({ audience, message })
  await eventually(async () => assert.equal((await explained(task_id))[1], 'notifier_parked'), 10_000)

  assert.deepEqual(await explained(task_id), ['waiting', 'notifier_parked', 'InvalidProviderToken', 900])
  assert.deepEqual(await explained(), ['would_be_sent', 'notifier_parked', 'InvalidProviderToken', 900])
  await node.admin.notifiers.changeNotifier({ name: 'ios', disabled: true })
  assert.deepEqual(await explained(), ['would_not_be_sent', 'notifier_disabled', 'ios', 0])
  clock.now += 1_000_000
  await done(node.admin, task_id)
  assert.deepEqual(await explained(task_id), ['not_sent', 'notifier_disabled', 'ios', 0])
})

test('a task that is paused, cancelled, not yet due or expired says so', async t => {
  const { node, audience, explained, clock } = await stage(t)
  const { delivery } = node.admin
  const soon = Math.floor(clock.now / 1000) + 100
  const notify = () =>
    delivery.notify({ audience, message: { ...message, show_begin_time: soon, show_end_time: soon + 100 } })
  const [waiting, paused, cancelled] = [await notify(), await notify(), await notify()]
  await delivery.pauseTask(paused)
  await delivery.cancelTask(cancelled)

  assert.deepEqual((await explained(waiting.task_id)).slice(0, 2), ['waiting', 'not_yet'])
  assert.deepEqual((await explained(paused.task_id)).slice(0, 2), ['waiting', 'paused'])
  assert.deepEqual((await explained(cancelled.task_id)).slice(0, 2), ['not_sent', 'cancelled'])
  clock.now += 300_000
  await done(node.admin, waiting.task_id)
  assert.deepEqual((await explained(waiting.task_id)).slice(0, 2), ['not_sent', 'expired'])
})

test('a token that died is told with the vendor’s word and when; and who has no push any more', async t => {
  const { node, ann, service, audience, explained } = await stage(t)
  await pushed(node.admin, { audience, message })
  service.mood.answers.of = [410, { reason: 'Unregistered', timestamp: Date.now() + 1000 }]
  await pushed(node.admin, { audience, message })
  const dead = await explained()
  const { devices } = await node.admin.insight.explainPush({ user_id: ann.id })
  await node.admin.accounts.disable({ list: [ann.id] })
  const banned = await explained()

  assert.deepEqual(dead, ['would_not_be_sent', 'dead_token', 'Unregistered', 0])
  assert.ok(devices[0]?.reasons[0]?.at)
  assert.deepEqual(banned, ['would_not_be_sent', 'banned', '', 0])
})
