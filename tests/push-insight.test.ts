import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, testNode } from './harness.ts'
import { captured, pushed, reachable } from './support/push.ts'
import { online } from './support/realtime.ts'

const message = { title: 'Hello', body: 'world' }

test('what a push would come to is told for each device, with the reason, in both languages', async t => {
  const now = Date.parse('2026-06-01T18:30:00Z')
  const node = await testNode(t, {}, () => now)
  const { explainPush } = node.admin.insight
  const ann = await reachable(node, 'ann')
  const bare = await node.signIn(ann.name, ann.password)

  const { reasons, devices } = await explainPush({ user_id: ann.id })
  await ann.settings.setQuietHours({ no_push_start_hour: 2, no_push_end_hour: 7 })
  const asleep = await explainPush({ user_id: ann.id, message })

  assert.deepEqual(reasons, [])
  assert.deepEqual(
    devices.map(({ device_sn, state, channel, notifier_name }) => ({ device_sn, state, channel, notifier_name })),
    [
      { device_sn: ann.device, state: 'would_be_sent', channel: 'capture', notifier_name: 'capture' },
      { device_sn: bare.device, state: 'would_not_be_sent', channel: '', notifier_name: '' },
    ],
  )
  assert.deepEqual(devices[1]?.reasons, [
    {
      code: 'no_binding',
      effect: 'stops',
      en: 'The device has no device token under a notifier that can be used',
      zh: '设备未绑定可用的设备令牌',
      detail: '',
      at: 0,
      until: 0,
    },
  ])
  assert.deepEqual(
    asleep.reasons.map(({ code, detail, until, en }) => [code, detail, new Date(until).toISOString(), en]),
    [
      [
        'quiet_hours',
        '02:30 Asia/Shanghai',
        '2026-06-01T23:00:00.000Z',
        'The user’s quiet hours: its local time is 02:30 Asia/Shanghai',
      ],
    ],
  )
  assert.deepEqual(
    asleep.devices.map(({ state }) => state),
    ['would_not_be_sent', 'would_not_be_sent'],
  )
})

test('what became of a task is told for each device of a user', async t => {
  const node = await testNode(t)
  const { explainPush } = node.admin.insight
  const ann = await reachable(node, 'ann')
  const ben = await reachable(node, 'ben')
  const cay = await node.signUp('cay')
  const { task_id } = await pushed(node.admin, { audience: { user_id: [ann.id, cay.id] }, message })
  const told = async (user_id: number) => {
    const { devices } = await explainPush({ user_id, task_id })
    return devices.map(({ state, channel, reasons }) => [state, channel, ...reasons.map(({ code }) => code)])
  }

  assert.deepEqual(await told(ann.id), [['sent', 'capture', 'sent']])
  assert.deepEqual(await told(ben.id), [['not_meant', '', 'not_in_audience']])
  assert.deepEqual(await told(cay.id), [['not_sent', '', 'no_binding']])
  await ann.delivery.confirmPush({ task_id })
  await ann.delivery.confirmPush({ task_id })
  assert.deepEqual(await told(ann.id), [['received', 'capture', 'received', 'sent']])
  const [detail] = await node.admin.delivery.taskDetail({ list: [task_id] })
  assert.deepEqual([detail?.capture_sent, detail?.capture_received], [1, 1])
  assert.equal(await codeOf(ann.delivery.confirmPush({ task_id: 999_999 })), 10002)
  assert.equal(await codeOf(explainPush({ user_id: 999_999 })), 10000)
})

test('a test push goes the way of every push, and answers what came of it', async t => {
  const node = await testNode(t)
  const ann = await reachable(node, 'ann')
  const { push_token } = await ann.settings.getSettings()
  await ann.push.setBadge({ badge: 3 })
  const { testPush } = node.admin.insight

  const first = await testPush({ user_id: ann.id, device_sn: ann.device })
  const second = await testPush({ push_token, message: { ...message, badge: '9' } })
  await ann.settings.setNoPush({ value: true })
  const third = await testPush({ push_token })

  assert.deepEqual([first.device.state, first.device.channel, first.user_id], ['sent', 'capture', ann.id])
  assert.deepEqual([second.device.state, second.device.device_sn], ['sent', ann.device])
  assert.deepEqual([third.device.state, third.device.reasons[0]?.code], ['not_sent', 'no_push'])
  assert.deepEqual(
    (await captured(node.admin)).map(({ payload }) => payload.badge),
    [3, 9],
  )
  for (const wrong of [{}, { user_id: ann.id }, { user_id: ann.id, device_sn: 1, push_token }])
    assert.equal(await codeOf(testPush(wrong)), 10002)
  assert.equal(await codeOf(testPush({ push_token: 'nobody’s' })), 13002)
})

test('a preview counts whom a push would reach, by channel, and what keeps it from the others', async t => {
  const node = await testNode(t)
  const ann = await reachable(node, 'ann')
  const ben = await reachable(node, 'ben')
  const cay = await reachable(node, 'cay')
  await node.signUp('dan')
  await ann.push.addTags({ tags: ['red'] })
  await ben.push.addTags({ tags: ['red', 'blue'] })
  await ben.settings.setNoPush({ value: true })
  await online(t, cay)
  const { previewAudience } = node.admin.insight

  const all = await previewAudience({ audience: 'all' })
  const red = await previewAudience({ audience: { tag: ['red', 'blue'] } })
  const vendors = await previewAudience({ audience: 'all', setting: { distribution_strategy: 'ospush_only' } })

  assert.deepEqual(all, {
    users: 4,
    devices: 4,
    reached: 2,
    channels: [
      { code: 'capture', devices: 1 },
      { code: 'mxpush', devices: 1 },
    ],
    suppressed: [
      { code: 'no_push', devices: 1 },
      { code: 'no_binding', devices: 1 },
    ],
    estimated: false,
    looked_at: 4,
  })
  assert.deepEqual([red.users, red.reached, red.suppressed], [2, 1, [{ code: 'no_push', devices: 1 }]])
  assert.deepEqual(vendors.channels, [{ code: 'capture', devices: 2 }])
  assert.deepEqual((await previewAudience({ audience: { alias: ['nobody'] } })).users, 0)
  assert.equal(await codeOf(previewAudience({ audience: { tag: Array(501).fill('x') } })), 12005)
})

test('tasks are listed newest first, page by page, and say what they contain', async t => {
  const node = await testNode(t)
  const ann = await reachable(node, 'ann')
  const { insight, delivery } = node.admin
  const made = []
  for (const title of ['one', 'two', 'three'])
    made.push((await delivery.notify({ audience: { user_id: [ann.id] }, message: { title, ext: { a: 1 } } })).task_id)
  await delivery.pushMessage({ from: ann.id, to: [ann.id], message: { body: 'not listed' } })

  const first = await insight.listTasks({ page_size: 2 })
  const second = await insight.listTasks({ page_size: 2, cursor: first.cursor ?? '' })
  const content = await insight.taskContent({ task_id: made[0] ?? 0 })

  assert.deepEqual(
    first.data.map(({ title, audience_kind, audience_size }) => [title, audience_kind, audience_size]),
    [
      ['three', 'user_id', 1],
      ['two', 'user_id', 1],
    ],
  )
  assert.deepEqual([second.data.map(({ title }) => title), second.cursor], [['one'], undefined])
  assert.deepEqual(
    [content.audience_kind, content.audience, content.message.title, content.message.ext],
    ['user_id', [String(ann.id)], 'one', { a: 1 }],
  )
  assert.equal(await codeOf(insight.listTasks({ cursor: 'x' })), 10002)
})
