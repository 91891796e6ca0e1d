import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, eventually, testNode } from './harness.ts'
import { refusal } from './support/outcomes.ts'
import { captured, done, pushed, reachable } from './support/push.ts'
import { online } from './support/realtime.ts'

const message = { title: 'Hello', body: 'world' }

test('a push reaches the devices of each kind of audience, each of them once', async t => {
  const node = await testNode(t)
  const { admin } = node
  const ann = await reachable(node, 'ann')
  const ben = await reachable(node, 'ben')
  const cay = await reachable(node, 'cay')
  await ann.push.addTags({ tags: ['red', 'blue'] })
  await ben.push.addTags({ tags: ['blue'] })
  await cay.push.setAlias({ alias: 'the captain' })
  const { push_token } = await ben.settings.getSettings()
  const reached = async (audience: Parameters<typeof admin.delivery.notify>[0]['audience']) => {
    const { task_id } = await pushed(admin, { audience, message })
    const all = await captured(admin)
    return all
      .filter(each => each.task_id === task_id)
      .map(({ user_id }) => user_id)
      .sort()
  }

  assert.deepEqual(await reached('all'), [ann.id, ben.id, cay.id])
  assert.deepEqual(await reached({ tag: ['red', 'blue', 'green'] }), [ann.id, ben.id])
  assert.deepEqual(await reached({ alias: ['the captain', 'nobody'] }), [cay.id])
  assert.deepEqual(await reached({ user_id: [cay.id, ann.id, ann.id, 999_999] }), [ann.id, cay.id])
  assert.deepEqual(await reached({ push_token: [push_token, 'unknown'] }), [ben.id])
})

test('what is captured is what was asked for, and the detail counts it', async t => {
  const node = await testNode(t)
  const ann = await reachable(node, 'ann')
  const asked = { ...message, badge: '7', ext: { room: 7.5, deep: { a: [1, '中'] } }, ios: { subtitle: 'sub' } }

  const progress = await pushed(node.admin, { audience: { user_id: [ann.id] }, message: asked })
  const [detail, ...others] = await node.admin.delivery.taskDetail({ list: [progress.task_id, 999_999] })
  const [kept] = await captured(node.admin)

  assert.deepEqual(progress.outcomes, { sent: 1 })
  assert.equal(progress.state, 'done')
  assert.deepEqual([detail?.capture_target, detail?.capture_sent, detail?.capture_received], [1, 1, 0])
  assert.deepEqual([detail?.apns_target, others.length], [0, 0])
  assert.equal(kept?.notifier_name, 'capture')
  const { title, body, badge, ext, ios } = (kept?.payload ?? {}) as Record<string, unknown>
  assert.deepEqual(
    { title, body, badge, ext, ios },
    { ...message, badge: 7, ext: { ...asked.ext, task_id: progress.task_id }, ios: asked.ios },
  )
})

test('a request id that is repeated answers the first task, and sends nothing', async t => {
  const node = await testNode(t)
  const ann = await reachable(node, 'ann')
  const wanted = { audience: { user_id: [ann.id] }, message, setting: { request_id: 'order 1' } }

  const first = await pushed(node.admin, wanted)
  const all = await Promise.all(Array.from({ length: 20 }, () => node.admin.delivery.notify(wanted)))
  const other = await pushed(node.admin, { ...wanted, setting: { request_id: 'order 2' } })

  assert.deepEqual([...new Set(all.map(({ task_id }) => task_id))], [first.task_id])
  assert.notEqual(other.task_id, first.task_id)
  assert.equal((await captured(node.admin)).length, 2)
})

test('a request that cannot be meant is refused by name', async t => {
  const node = await testNode(t)
  const ann = await reachable(node, 'ann')
  const { notify } = node.admin.delivery
  const audience = { user_id: [ann.id] }
  const sentenceOf = async (wanted: Parameters<typeof notify>[0]) => {
    const { code, message } = await refusal(notify(wanted))
    return `${code} ${message.replace('invalid request parameter: ', '')}`
  }
  const past = Math.floor(Date.now() / 1000) - 10

  assert.match(await sentenceOf({ audience: {}, message }), /^10002 audience must be "all", or exactly one/)
  assert.match(await sentenceOf({ audience: { ...audience, tag: ['x'] }, message }), /^10002 audience must be "all"/)
  assert.match(await sentenceOf({ audience: 'some' as never, message }), /^10002 audience must be a JSON object/)
  assert.match(await sentenceOf({ audience: { tag: Array(501).fill('x') }, message }), /^12005 /)
  assert.match(await sentenceOf({ audience, message: {} }), /^10002 message needs a title, a body or a big_text/)
  assert.match(
    await sentenceOf({ audience, message: { ...message, type: 'video' } }),
    /message\.type must be one of text/,
  )
  assert.match(await sentenceOf({ audience, message: { ...message, badge: '-1' } }), /message\.badge must be a number/)
  assert.match(
    await sentenceOf({ audience, message: { ...message, type: 'image' } }),
    /message\.attachment_url must be/,
  )
  assert.match(await sentenceOf({ audience, message: { ...message, show_end_time: past } }), /show_end_time is over/)
  assert.match(
    await sentenceOf({ audience, message: { ...message, oppo: { click_action: 'INTENT' } } }),
    /message\.oppo\.intent is required/,
  )
  assert.match(
    await sentenceOf({ audience, message: { ...message, ext: { x: 'y'.repeat(3000) } } }),
    /at most 2048 bytes/,
  )
  assert.match(
    await sentenceOf({ audience, message, setting: { ospush_sequence: ['pigeon'] } }),
    /setting\.ospush_sequence\[0\] must be one of ups/,
  )
  assert.equal(await codeOf(ann.delivery.notify({ audience, message })), 10010)
})

test('a badge counts a task once a user, however many devices the user has; a pass-through message counts nothing', async t => {
  const node = await testNode(t)
  const ann = await reachable(node, 'ann')
  const again = await node.signIn(ann.name, ann.password)
  await again.devices.bindDeviceToken({ device_sn: again.device, device_token: 'second', notifier_name: 'capture' })
  await ann.push.setBadge({ badge: 4 })
  const audience = { user_id: [ann.id] }
  const badges = async (badge?: string, type = 'text') => {
    const { task_id } = await pushed(node.admin, { audience, message: { ...message, type, ...(badge && { badge }) } })
    const all = await captured(node.admin)
    return all.filter(each => each.task_id === task_id).map(({ payload }) => payload.badge)
  }

  assert.deepEqual(await badges(), [5, 5])
  assert.deepEqual(await badges('+3'), [8, 8])
  assert.deepEqual(await badges('2'), [2, 2])
  assert.deepEqual(await badges('9', 'cmd'), [-1, -1])
  assert.deepEqual(await badges('+99999'), [99_999, 99_999])
})

test('a push comes over the connection first, and over the vendor’s channel where nobody confirms it', async t => {
  const node = await testNode(t)
  const ann = await reachable(node, 'ann')
  const ben = await reachable(node, 'ben')
  const listening = await online(t, ann)
  const heard: object[] = []
  listening.socket.on('push', frame => heard.push(frame))
  await online(t, ben)

  const { task_id, outcomes } = await pushed(node.admin, { audience: { user_id: [ann.id, ben.id] }, message })
  const [detail] = await node.admin.delivery.taskDetail({ list: [task_id] })
  const all = await captured(node.admin)

  assert.deepEqual(outcomes, { acknowledged: 1, sent: 1 })
  assert.deepEqual(
    [detail?.mxpush_target, detail?.mxpush_sent, detail?.mxpush_received, detail?.capture_target, detail?.capture_sent],
    [2, 2, 1, 1, 1],
  )
  assert.deepEqual(
    all.map(({ user_id }) => user_id),
    [ben.id],
  )
  const quiet = { silent: false, quiet: false, image: '' }
  assert.deepEqual(heard, [{ type: 'push', task_id, ...message, ...quiet, badge: 1, ext: { task_id } }])
})

test('a strategy keeps to one kind of channel', async t => {
  const node = await testNode(t)
  const ann = await reachable(node, 'ann')
  const ben = await node.signUp('ben')
  const { socket } = await online(t, ann)
  let heard = 0
  socket.on('push', () => heard++)
  const audience = { user_id: [ann.id, ben.id] }
  const by = async (distribution_strategy: string) =>
    (await pushed(node.admin, { audience, message, setting: { distribution_strategy } })).outcomes

  assert.deepEqual(await by('MXPUSH_only'), { acknowledged: 1, offline: 1 })
  assert.deepEqual([heard, (await captured(node.admin)).length], [1, 0])
  assert.deepEqual(await by('ospush_only'), { sent: 1, no_binding: 1 })
  assert.deepEqual([heard, (await captured(node.admin)).length], [1, 1])
})

test('a task that is paused sends nothing until it is resumed; one that is cancelled never does', async t => {
  const node = await testNode(t)
  const ann = await reachable(node, 'ann')
  const { delivery } = node.admin
  const show_begin_time = Math.ceil(Date.now() / 1000) + 1
  const later = { audience: { user_id: [ann.id] }, message: { ...message, show_begin_time } }
  const [paused, stopped] = [await delivery.notify(later), await delivery.notify(later)]

  await delivery.pauseTask(paused)
  await delivery.cancelTask(stopped)
  await eventually(async () => assert.ok(Date.now() > show_begin_time * 1000 + 200), 10_000)
  const states = [(await delivery.taskProgress(paused)).state, (await delivery.taskProgress(stopped)).state]
  const before = await captured(node.admin)
  await delivery.resumeTask(paused)
  await done(node.admin, paused.task_id)

  assert.deepEqual(states, ['paused', 'cancelled'])
  assert.equal(before.length, 0)
  assert.deepEqual(
    (await captured(node.admin)).map(({ task_id }) => task_id),
    [paused.task_id],
  )
  assert.equal(await codeOf(delivery.pauseTask(stopped)), 10002)
  assert.equal(await codeOf(delivery.resumeTask({ task_id: 999_999 })), 10002)
})

test('where push is switched off for an app, pushes are refused', async t => {
  const node = await testNode(t)
  const closed = await node.otherApp({ push: 0 })

  assert.equal(await codeOf(closed.admin.delivery.notify({ audience: 'all', message })), 12006)
})

test('a push to all of an app is nobody else’s', async t => {
  const node = await testNode(t)
  const other = await node.otherApp()
  await reachable(node, 'ann')
  await reachable(other, 'ann')

  const { devices, task_id } = await pushed(other.admin, { audience: 'all', message })

  assert.equal(devices, 1)
  assert.equal((await captured(node.admin)).length, 0)
  assert.equal((await captured(other.admin)).length, 1)
  assert.equal(await codeOf(node.admin.delivery.taskProgress({ task_id })), 10002)
})
