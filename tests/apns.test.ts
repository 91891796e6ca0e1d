import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { apnsReasons, apnsSender, ProviderTokens } from '../server/senders/apns.ts'
import { appleService, type Mood } from './support/vendors/apns.ts'
import { apple, keyPair, senderOf, targetOf } from './support/vendors/senders.ts'

async function stage(t: TestContext, mood: Partial<Mood> = {}, now = Date.now) {
  const { secret, open } = keyPair('ec')
  const service = await appleService(t, { [apple.key_id]: { team: apple.team_id, pem: open } }, mood)
  const credentials = { ...apple, key: secret, endpoint: service.origin }
  return { service, sender: senderOf(t, apnsSender, [service.origin], credentials, now), credentials }
}

test('Apple gets a signed token, the topic, and the push as it wants it', async t => {
  const { service, sender } = await stage(t)
  const ios = { subtitle: 'sub', thread_id: 'room 7', category: 'CHAT', apns_collapse_id: 'room-7', sound: 'ping.caf' }

  const verdicts = await sender.send([
    targetOf('a', { vendors: { ios } }),
    targetOf('b', { isSilent: true }),
    targetOf('c', { isQuiet: true, badge: -1, image: 'https://example.com/a.png' }),
  ])

  const [alert, silent, quiet] = ['a', 'b', 'c'].map(token => service.received.find(each => each.token === token))
  assert.deepEqual(verdicts, [{ is: 'sent' }, { is: 'sent' }, { is: 'sent' }])
  assert.deepEqual(alert?.payload, {
    aps: {
      alert: { title: 'Hello', subtitle: 'sub', body: '你好' },
      badge: 3,
      sound: 'ping.caf',
      category: 'CHAT',
      'thread-id': 'room 7',
    },
    ext: { room: 7, task_id: 7 },
  })
  const {
    'apns-topic': topic,
    'apns-push-type': type,
    'apns-priority': priority,
    'apns-collapse-id': collapse,
  } = alert?.headers ?? {}
  assert.deepEqual([topic, type, priority, collapse], ['com.example.shop', 'alert', '10', 'room-7'])
  assert.deepEqual(silent?.payload.aps, { 'content-available': 1 })
  assert.deepEqual([silent?.headers['apns-push-type'], silent?.headers['apns-priority']], ['background', '5'])
  assert.deepEqual(quiet?.payload.aps, { alert: { title: 'Hello', body: '你好' }, 'mutable-content': 1 })
})

test('one token is signed for close to an hour, and it is the same on every node', () => {
  const { secret } = keyPair('ec')
  let now = 1_800_000_000_000
  const make = () => new ProviderTokens({ team: 't', id: 'k', key: createPrivateKey(secret) }, () => now)
  const [one, other] = [make(), make()]
  const issued = (token: string) =>
    (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { iat: number }).iat
  const minute = 60_000
  const seen = new Set<string>()

  for (let minutes = 0; minutes < 600; minutes++) {
    now += minute
    assert.equal(issued(one.get()), issued(other.get()))
    const age = now / 1000 - issued(one.get())
    assert.ok(age >= 0 && age <= 3600, `a token of ${age} s`)
    seen.add(one.get())
  }
  assert.ok(seen.size <= 13, `${seen.size} tokens in 10 hours`)
})

test('each of Apple’s reasons means what it means', async t => {
  const gone = Date.now()
  const { service, sender } = await stage(t)
  const said: [reason: string, status: number, is: string][] = [
    ...['BadDeviceToken'].map((reason): [string, number, string] => [reason, 400, 'dead']),
    ['Unregistered', 410, 'dead'],
    ['ExpiredToken', 410, 'dead'],
    ['DeviceTokenNotForTopic', 400, 'refused'],
    ['PayloadTooLarge', 413, 'refused'],
    ['BadExpirationDate', 400, 'refused'],
    ['SomethingNew', 400, 'refused'],
    ['InvalidProviderToken', 403, 'parked'],
    ['BadEnvironmentKeyInToken', 403, 'parked'],
    ['BadEnvironmentKeyIdInToken', 403, 'parked'],
    ['BadCertificateEnvironment', 403, 'parked'],
    ['TopicDisallowed', 400, 'parked'],
    ['MissingTopic', 400, 'parked'],
    ['TooManyProviderTokenUpdates', 429, 'parked'],
    ['TooManyRequests', 429, 'later'],
    ['InternalServerError', 500, 'later'],
    ['Shutdown', 503, 'later'],
    ['IdleTimeout', 400, 'later'],
  ]
  for (const [reason, status] of said) service.mood.answers[`${reason}:`] = [status, { reason, timestamp: gone }]
  service.mood.answers.proxy = [502, '<html>' as never]

  const verdicts = await sender.send([
    ...said.map(([reason]) => targetOf(`${reason}:`)),
    targetOf('proxy'),
    targetOf('good'),
  ])

  assert.deepEqual(
    verdicts.map(({ is }) => is),
    [...said.map(([, , is]) => is), 'later', 'sent'],
  )
  assert.deepEqual(verdicts[1], { is: 'dead', reason: 'Unregistered', since: gone })
  assert.deepEqual(verdicts[0], { is: 'dead', reason: 'BadDeviceToken' })
  assert.ok(Object.keys(apnsReasons).length > 15)
})

test('how long Apple asks to wait is kept', async t => {
  const answers = { slow: [503, { reason: 'ServiceUnavailable' }, { 'retry-after': '90' }] } satisfies Mood['answers']
  const { sender } = await stage(t, { answers })

  assert.deepEqual(await sender.send([targetOf('slow')]), [
    { is: 'later', reason: 'ServiceUnavailable', after: 90_000 },
  ])
})

test('a token that Apple calls too old is signed anew, once; then it is our clock that is wrong', async t => {
  const behind = () => Date.now() - 7_200_000
  const { service, sender } = await stage(t, {}, behind)

  const [verdict] = await sender.send([targetOf('a')])

  assert.deepEqual([verdict?.is, service.received.length], ['parked', 2])
})

test('a key that is not Apple’s parks', async t => {
  const { service, credentials } = await stage(t)
  const sender = senderOf(t, apnsSender, [service.origin], { ...credentials, key: keyPair('ec').secret })

  assert.deepEqual(await sender.send([targetOf('a')]), [
    { is: 'parked', reason: 'InvalidProviderToken', milliseconds: 900_000 },
  ])
})
