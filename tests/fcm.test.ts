import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { fcmSender } from '../server/senders/fcm.ts'
import { fcmError, googleService } from './support/vendors/fcm.ts'
import { keyPair, senderOf, targetOf } from './support/vendors/senders.ts'

const project = 'shop-1'
const keys = keyPair('rsa')

async function stage(t: TestContext) {
  const service = await googleService(t, { project, pem: keys.open })
  const account = {
    type: 'service_account',
    project_id: project,
    client_email: 'push@shop-1.iam.gserviceaccount.com',
    private_key: keys.secret,
    token_uri: `${service.origin}/token`,
  }
  const credentials = { service_account: JSON.stringify(account), endpoint: service.origin }
  return { service, sender: senderOf(t, fcmSender, [service.origin], credentials) }
}

test('Google gets the message under a token of the account, which is fetched once', async t => {
  const { service, sender } = await stage(t)
  const fcm = { channel_id: 'chat', sound: 'ping' }

  const first = await sender.send(
    ['a', 'b', 'c'].map(token => targetOf(token, { vendors: { fcm, android: { channel_id: 'no' } } })),
  )
  const second = await sender.send([targetOf('d', { isSilent: true }), targetOf('e', { isQuiet: true, badge: -1 })])

  assert.deepEqual(
    [...first, ...second].map(({ is }) => is),
    Array(5).fill('sent'),
  )
  assert.equal(service.handedOut(), 1)
  const [shown, silent, quiet] = ['a', 'd', 'e'].map(
    token => service.received.find(each => each.token === token)?.message,
  )
  assert.deepEqual(shown?.notification, { title: 'Hello', body: '你好' })
  assert.deepEqual(shown?.data, { task_id: '7', ext: '{"room":7,"task_id":7}' })
  const { ttl, ...android } = (shown?.android ?? {}) as Record<string, unknown>
  assert.ok(Number.parseInt(String(ttl), 10) > 3500)
  assert.deepEqual(android, {
    priority: 'high',
    notification: { channel_id: 'chat', sound: 'ping', notification_count: 3 },
  })
  assert.deepEqual([silent?.notification, silent?.android.priority], [undefined, 'normal'])
  assert.deepEqual(quiet?.android.notification, { default_sound: false, default_vibrate_timings: false })
})

test('a token is dead only where FCM itself says so', async t => {
  const { service, sender } = await stage(t)
  const notOne = 'The registration token is not a valid FCM registration token'
  Object.assign(service.answers, {
    gone: fcmError(404, 'NOT_FOUND', 'UNREGISTERED'),
    bare: fcmError(404, 'UNREGISTERED'),
    bad: fcmError(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT', notOne),
    ours: fcmError(400, 'INVALID_ARGUMENT', undefined, 'Invalid value at message.android.ttl'),
    other: fcmError(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT', 'Message too big'),
    sender: fcmError(403, 'PERMISSION_DENIED', 'SENDER_ID_MISMATCH'),
    third: fcmError(401, 'UNAUTHENTICATED', 'THIRD_PARTY_AUTH_ERROR'),
    older: fcmError(401, 'UNAUTHENTICATED', 'APNS_AUTH_ERROR'),
    quota: [...fcmError(429, 'RESOURCE_EXHAUSTED', 'QUOTA_EXCEEDED').slice(0, 2), { 'retry-after': '60' }],
    busy: fcmError(503, 'UNAVAILABLE', 'UNAVAILABLE'),
    broken: fcmError(500, 'INTERNAL', 'INTERNAL'),
    proxy: [502, 'Bad Gateway'],
  })
  const tokens = [
    'gone',
    'bad',
    'bare',
    'ours',
    'other',
    'sender',
    'third',
    'older',
    'quota',
    'busy',
    'broken',
    'proxy',
    'good',
  ]

  const verdicts = await sender.send(tokens.map(token => targetOf(token)))

  assert.deepEqual(Object.fromEntries(tokens.map((token, i) => [token, verdicts[i]?.is])), {
    ...{ gone: 'dead', bad: 'dead', bare: 'refused', ours: 'refused', other: 'refused', sender: 'refused' },
    ...{
      third: 'parked',
      older: 'parked',
      quota: 'later',
      busy: 'later',
      broken: 'later',
      proxy: 'later',
      good: 'sent',
    },
  })
  assert.deepEqual(verdicts[8], { is: 'later', reason: 'QUOTA_EXCEEDED', after: 60_000 })
})

test('a token of Google’s that has run out is fetched anew', async t => {
  const { service, sender } = await stage(t)
  await sender.send([targetOf('a')])

  service.forgetTokens()
  const verdicts = await sender.send([targetOf('b'), targetOf('c')])

  assert.deepEqual(verdicts, [{ is: 'sent' }, { is: 'sent' }])
  assert.equal(service.handedOut(), 2)
})

test('an account that Google does not know parks, and says why', async t => {
  const { service, sender } = await stage(t)
  service.state.isRefusing = true

  assert.deepEqual(await sender.send([targetOf('a')]), [
    { is: 'parked', reason: 'no token for the service account: invalid_grant', milliseconds: 900_000 },
  ])
})
