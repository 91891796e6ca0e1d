import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { huaweiSender } from '../server/senders/huawei.ts'
import { meizuSender } from '../server/senders/meizu.ts'
import { oppoSender } from '../server/senders/oppo.ts'
import type { Verdict } from '../server/senders/sender.ts'
import { vivoSender } from '../server/senders/vivo.ts'
import { xiaomiSender } from '../server/senders/xiaomi.ts'
import { testNode } from './harness.ts'
import { pushed, reachable } from './support/push.ts'
import { accounts, chineseVendors } from './support/vendors/chinese.ts'
import { reaching, senderOf, targetOf } from './support/vendors/senders.ts'

const makers = {
  huawei: huaweiSender,
  xiaomi: xiaomiSender,
  oppo: oppoSender,
  vivo: vivoSender,
  meizu: meizuSender,
}
type Vendor = keyof typeof makers
const vendors = Object.keys(makers) as Vendor[]

/** Where each takes its pushes. */
const paths = {
  huawei: '/v1/100/messages:send',
  xiaomi: '/v3/message/regid',
  oppo: '/server/v1/message/notification/unicast_batch',
  vivo: '/message/pushToList',
  meizu: '/garcia/api/server/push/varnished/pushByPushId',
}

async function stage(t: TestContext, vendor: Vendor, credentials: Record<string, string> = {}, now?: () => number) {
  const service = await chineseVendors(t)
  const own = { ...accounts[vendor], endpoint: service.origin, ...credentials }
  return { service, sender: senderOf(t, makers[vendor], [service.origin], own, now) }
}

const words = (verdicts: Verdict[]) => verdicts.map(({ is }) => is)
const expires = Date.now() + 3_600_000
const many = (count: number, push = {}) =>
  Array.from({ length: count }, (_, i) => targetOf(`device-${i}`, { expires, ...push }))

for (const vendor of vendors) {
  test(`${vendor}: two devices with the same text go in one request, signed as its documents say`, async t => {
    const { service, sender } = await stage(t, vendor)

    const verdicts = await sender.send(many(2))

    assert.deepEqual(words(verdicts), ['sent', 'sent'])
    assert.equal(service.sent(paths[vendor]).length, 1)
  })

  test(`${vendor}: credentials that are refused park the notifier, and no token dies`, async t => {
    const secret = 'master_secret' in accounts[vendor] ? 'master_secret' : 'app_secret'
    const { sender } = await stage(t, vendor, { [secret]: 'wrong' })

    const verdicts = await sender.send(many(3))

    assert.deepEqual(words(verdicts), ['parked', 'parked', 'parked'])
  })

  test(`${vendor}: an overload is another time, as late as the vendor says; what is no answer too`, async t => {
    const { service, sender } = await stage(t, vendor)
    await sender.send(many(2))

    service.answers[paths[vendor]] = () => [503, 'busy', { 'retry-after': '30' }]
    const busy = await sender.send(many(2))
    service.answers[paths[vendor]] = () => [200, '<html>']
    const strange = await sender.send(many(2))

    assert.deepEqual(busy, Array(2).fill({ is: 'later', reason: 'HTTP 503', after: 30_000 }))
    assert.deepEqual(words(strange), ['later', 'later'])
  })

  test(`${vendor}: a code that nobody knows refuses the message and leaves the tokens alone`, async t => {
    const { service, sender } = await stage(t, vendor)
    service.answers[paths[vendor]] = () => [200, { code: 424242, result: 424242 }]

    const verdicts = await sender.send(many(2))

    assert.deepEqual(verdicts, Array(2).fill({ is: 'refused', reason: '424242' }))
  })

  test(`${vendor}: silence hours take sound and vibration away wherever it can be said`, async t => {
    const { service, sender } = await stage(t, vendor, {}, () => expires - 3_600_000)

    await sender.send(many(2))
    await sender.send(many(2, { isQuiet: true }))

    const [loud, quiet] = service.received
      .filter(({ path }) => [paths[vendor], '/message/saveListPayload'].includes(path))
      .filter(({ path }) => vendor !== 'vivo' || path !== paths.vivo)
      .map(({ body }) => JSON.stringify(body))
    // OPPO leaves it to the channel that the app has made.
    if (vendor === 'oppo') assert.equal(quiet, loud)
    else assert.notEqual(quiet, loud)
  })
}

for (const vendor of ['huawei', 'oppo', 'vivo'] as const)
  test(`${vendor}: a token that is over is fetched once more, and the same push goes again`, async t => {
    const { service, sender } = await stage(t, vendor)
    await sender.send(many(2))

    service.tokens.current = 'something else'
    const verdicts = await sender.send(many(2))

    assert.deepEqual([words(verdicts), service.tokens.count], [['sent', 'sent'], 2])
  })

for (const vendor of ['oppo', 'vivo', 'meizu'] as const)
  test(`${vendor}: what is passed through is refused, since it has no way for it`, async t => {
    const { service, sender } = await stage(t, vendor)

    const verdicts = await sender.send(many(2, { isSilent: true }))

    assert.deepEqual([words(verdicts), service.received.length], [['refused', 'refused'], 0])
  })

test('only devices that a vendor names by a code for it are dead', async t => {
  const dead: Record<Vendor, [path: string, body: object]> = {
    huawei: [
      paths.huawei,
      { code: '80100000', msg: JSON.stringify({ success: 2, failure: 1, illegal_tokens: ['device-1'] }) },
    ],
    xiaomi: [paths.xiaomi, { result: 'ok', code: 0, data: { bad_regids: 'device-1' } }],
    oppo: [paths.oppo, { code: 0, data: [{ registrationId: 'device-1', errorCode: 10_000 }] }],
    vivo: [paths.vivo, { result: 0, invalidUsers: [{ status: 1, userid: 'device-1' }] }],
    meizu: [paths.meizu, { code: '200', value: { 110002: ['device-1'] } }],
  }
  for (const vendor of vendors) {
    const { service, sender } = await stage(t, vendor)
    const [path, answer] = dead[vendor]
    service.answers[path] = () => [200, answer]

    assert.deepEqual(words(await sender.send(many(3))), ['sent', 'dead', 'sent'], vendor)
  }
})

test('what may pass does not kill a token: one that vivo calls unsubscribed, a partial success that cannot be read', async t => {
  const vivo = await stage(t, 'vivo')
  vivo.service.answers['/message/send'] = () => [200, { result: 0, invalidUser: { status: 2, userid: 'device-0' } }]
  const huawei = await stage(t, 'huawei')
  huawei.service.answers[paths.huawei] = () => [200, { code: '80100000', msg: 'not JSON' }]

  assert.deepEqual(words(await vivo.sender.send(many(1))), ['refused'])
  assert.deepEqual(words(await huawei.sender.send(many(2))), ['refused', 'refused'])
})

test('a daily limit parks the notifier until midnight in Shanghai', async t => {
  const tenInTheEvening = Date.UTC(2026, 10, 25, 14)
  const limits: [Vendor, string, object][] = [
    ['oppo', paths.oppo, { code: 33 }],
    ['vivo', '/message/saveListPayload', { result: 10_070 }],
    ['meizu', paths.meizu, { code: '110019' }],
    ['xiaomi', paths.xiaomi, { result: 'error', code: 200_001 }],
  ]
  for (const [vendor, path, answer] of limits) {
    const { service, sender } = await stage(t, vendor, {}, () => tenInTheEvening)
    service.answers[path] = () => [200, answer]

    const [verdict] = await sender.send(many(2))

    assert.ok(verdict?.is === 'parked' && verdict.milliseconds === 2 * 3_600_000, `${vendor}: ${verdict?.is}`)
  }
})

test('a request names as many devices as the vendor takes, and texts that differ go apart', async t => {
  const meizu = await stage(t, 'meizu')
  const huawei = await stage(t, 'huawei')

  const verdicts = await meizu.sender.send(many(250))
  await huawei.sender.send([...many(3, { badge: 1 }), ...many(2, { badge: 2 })])

  assert.equal(verdicts.filter(({ is }) => is === 'sent').length, 250)
  const sizes = meizu.service.sent(paths.meizu).map(({ body }) => String(body.pushIds).split(',').length)
  assert.deepEqual(sizes.sort(), [100, 100, 50])
  const groups = huawei.service.sent(paths.huawei).map(({ body }) => (body.message as { token: string[] }).token.length)
  assert.deepEqual(groups.sort(), [2, 3])
})

test('a vendor’s own block wins over that for all of Android, and texts are shortened to what is shown', async t => {
  const { service, sender } = await stage(t, 'vivo')
  const intent = 'intent://room/7'
  const vendors = {
    android: { click_action: 'open_app', intent: 'intent://wrong' },
    vivo: { click_action: 'INTENT', intent, push_mode: 1, classification: 1 },
  }

  await sender.send([targetOf('a', { title: '长'.repeat(30), vendors })])

  const { body = {} } = service.sent('/message/send')[0] ?? {}
  assert.deepEqual(
    [body.skipType, body.skipContent, body.pushMode, body.classification, body.title],
    [4, intent, 1, 1, `${'长'.repeat(19)}…`],
  )
})

test('a push to all goes out by the five of them, and whose token is dead is told', async t => {
  const service = await chineseVendors(t)
  const node = await testNode(t, reaching(t, service.origin))
  for (const vendor of vendors)
    await node.admin.notifiers.createNotifier({
      name: vendor,
      provider: vendor,
      credentials: { ...accounts[vendor], endpoint: service.origin },
    })
  for (const vendor of vendors) for (const name of ['good', 'gone']) await reachable(node, `${name}_${vendor}`, vendor)
  service.answers[paths.xiaomi] = () => [200, { result: 'ok', code: 0, data: { bad_regids: 'token of gone_xiaomi' } }]

  const { task_id, outcomes } = await pushed(node.admin, { audience: 'all', message: { title: 'Hello', body: '你好' } })

  assert.deepEqual(outcomes, { sent: 9, dead_token: 1 })
  const [detail] = await node.admin.delivery.taskDetail({ list: [task_id] })
  assert.deepEqual(
    [detail?.huawei_sent, detail?.xiaomi_sent, detail?.oppo_sent, detail?.vivo_sent, detail?.flyme_sent],
    [2, 1, 2, 2, 2],
  )
})
