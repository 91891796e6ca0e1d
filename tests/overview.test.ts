import assert from 'node:assert/strict'
import { test } from 'node:test'
import { estimateDevices } from '../server/overview/devices.ts'
import { codeOf, testNode } from './harness.ts'
import { freshName } from './support/examples.ts'
import { until } from './support/outcomes.ts'
import { online } from './support/realtime.ts'

test('the overview tells of users, who is online, devices, pushes and what does not send', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  await node.signUp('ben')
  await node.stranger.tokens.signInByName({ name: 'ben', password: 'password of ben', platform: 2 })
  await ann.devices.bindDeviceToken({ device_sn: ann.device, device_token: 'token', notifier_name: 'capture' })
  await node.admin.delivery.notify({ audience: { user_id: [ann.id] }, message: { title: 'Hello' } })
  await node.admin.notifiers.createNotifier({
    name: 'browsers',
    provider: 'webpush',
    credentials: { subject: 'mailto:a@example.com' },
  })
  await node.admin.notifiers.changeNotifier({ name: 'browsers', disabled: true })
  const pushed = async () => (await node.admin.overview.getOverview()).pushes.by_channel
  await until(async () => (await pushed()).length > 0)
  await online(t, ann)

  const overview = await node.admin.overview.getOverview()

  assert.equal(overview.users, 2)
  assert.deepEqual(overview.online, { value: 1, exact: true })
  assert.deepEqual([overview.registered.today, overview.registered.seven_days], [2, 2])
  assert.equal(overview.registered.by_day.length, 7)
  assert.deepEqual(overview.devices, {
    value: 3,
    exact: true,
    by_platform: [
      { platform: 0, devices: 2 },
      { platform: 2, devices: 1 },
    ],
  })
  assert.deepEqual(await pushed(), [{ channel: 'capture', target: 1, sent: 1, received: 0 }])
  assert.deepEqual(
    overview.notifiers.map(({ name, state }) => [name, state]),
    [['browsers', 'disabled']],
  )
  assert.deepEqual(overview.queue, { value: 0, exact: true, oldest_ms: 0 })
})

test('registrations count on the day on which they were, in the time zone of the app', async t => {
  // 23:30 in Shanghai.
  const clock = { now: Date.parse('2026-03-10T15:30:00Z') }
  const node = await testNode(t, {}, () => clock.now)
  await node.stranger.accounts.register({ username: freshName(), password: 'p' })
  clock.now += 3_600_000
  await node.stranger.accounts.register({ username: freshName(), password: 'p' })

  const { today, by_day } = (await node.admin.overview.getOverview()).registered

  assert.equal(today, 1)
  assert.deepEqual(by_day.slice(-2), [
    { day: '2026-03-10', users: 1 },
    { day: '2026-03-11', users: 1 },
  ])
})

test('devices beyond what is looked at are estimated', async t => {
  const node = await testNode(t)
  const { sql } = node.node.services
  const devices = 12_000
  const { id } = await node.signUp('ann')
  const list = Array.from({ length: 100 }, () => ({ username: freshName(), password: 'p' }))
  const users = (await node.admin.accounts.registerBatch({ list })).map(({ user_id }) => user_id)
  await sql.begin(async sql => {
    for (let i = 0; i < devices; i++)
      await sql`
        insert into devices (app_id, user_id, device_sn, platform, push_token, seen_at, created_at)
        values (${node.appId}, ${users[i % 100] ?? id}, ${100 + i}, ${1 + (i % 4)}, ${`t${i}`}, 0, 0)`
  })

  const { value, exact, by_platform } = await estimateDevices(sql, node.appId)

  assert.equal(exact, false)
  assert.ok(Math.abs(value - devices) < devices / 5, `${value} of ${devices}`)
  assert.ok(by_platform.length >= 4)
})

test('the overview is an admin’s', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')

  assert.equal(await codeOf(ann.overview.getOverview()), 10010)
})
