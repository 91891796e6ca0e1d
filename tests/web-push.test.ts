import assert from 'node:assert/strict'
import { createECDH } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { encrypted, mostPlain } from '../server/senders/web-push-encryption.ts'
import { webPushSender } from '../server/senders/webpush.ts'
import { senderOf, targetOf } from './support/vendors/senders.ts'
import { browserAt, decrypted, webService } from './support/vendors/web.ts'

function vapid() {
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  const secret = Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()]).subarray(-32)
  return {
    subject: 'mailto:push@example.com',
    public_key: pair.getPublicKey('base64url'),
    private_key: secret.toString('base64url'),
  }
}

async function stage(t: TestContext, now = Date.now) {
  const service = await webService(t)
  return { service, sender: senderOf(t, webPushSender, [service.origin], vapid(), now) }
}

test('the example of RFC 8291 is encrypted to the letter', () => {
  const bytes = (text: string) => Buffer.from(text, 'base64url')
  const own = createECDH('prime256v1')
  own.setPrivateKey(bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'))
  const subscription = {
    endpoint: '',
    p256dh: bytes('BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'),
    auth: bytes('BTBZMqHH6r4Tts7J_aSIgg'),
  }

  const body = encrypted(
    subscription,
    Buffer.from('When I grow up, I want to be a watermelon'),
    bytes('DGv6ra1nlYgDCS1FRnbzlw'),
    own,
  )

  assert.equal(
    body.toString('base64url'),
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  )
})

test('whatever is encrypted, a browser reads it as it was', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3900 }), bytes => {
      const browser = browserAt('https://updates.push.services.mozilla.com/1')
      const subscription = { endpoint: '', p256dh: browser.keys.getPublicKey(), auth: browser.auth }
      const plain = Buffer.from(Buffer.from(bytes).toString('base64'))
      if (plain.length > mostPlain) return

      const body = encrypted(subscription, plain)

      assert.equal(decrypted(browser, body), plain.toString())
      assert.ok(body.length <= 4096)
    }),
    { numRuns: 200 },
  )
})

test('a browser gets its push, encrypted, under our name, and its service keeps it as long as it is of use', async t => {
  const { service, sender } = await stage(t)
  const browsers = [service.subscribe('/push/a'), service.subscribe('/push/b')]

  const verdicts = await sender.send(browsers.map(({ token }) => targetOf(token, { isUrgent: true })))

  assert.deepEqual(verdicts, [{ is: 'sent' }, { is: 'sent' }])
  for (const [i, path] of ['/push/a', '/push/b'].entries()) {
    const got = service.received.find(each => each.path === path)
    assert.ok(got)
    assert.deepEqual(JSON.parse(decrypted(browsers[i] as (typeof browsers)[number], got.body)), {
      ...{ title: 'Hello', body: '你好', image: '', badge: 3, silent: false, quiet: false },
      ext: { room: 7, task_id: 7 },
    })
    const { ttl, urgency, 'content-encoding': encoding } = got.headers
    assert.ok(Number(ttl) > 3500 && Number(ttl) <= 3600)
    assert.deepEqual([urgency, encoding], ['high', 'aes128gcm'])
  }
  assert.equal(service.received[0]?.headers.authorization, service.received[1]?.headers.authorization)
})

test('what a push service answers means what it means', async t => {
  const { service, sender } = await stage(t)
  Object.assign(service.answers, {
    '/gone': [410],
    '/unknown': [404],
    '/large': [413],
    '/bad': [400],
    '/slow': [429, '', { 'retry-after': '30' }],
    '/down': [503],
    '/moved': [302, '', { location: `${service.origin}/other` }],
  })
  const paths = ['/gone', '/unknown', '/large', '/bad', '/slow', '/down', '/moved', '/fine']

  const verdicts = await sender.send(paths.map(path => targetOf(service.subscribe(path).token)))

  assert.deepEqual(
    verdicts.map(({ is }) => is),
    ['dead', 'dead', 'refused', 'refused', 'later', 'later', 'refused', 'sent'],
  )
  assert.deepEqual(verdicts[4], { is: 'later', reason: 'HTTP 429', after: 30_000 })
  assert.ok(!service.received.some(({ path }) => path === '/other'), 'a redirect was followed')
})

test('who we are is doubted: that parks, but not because of one client where others are served', async t => {
  const { service, sender } = await stage(t)
  service.answers['/foreign'] = [403, 'VapidPkHashMismatch']
  const foreign = () => targetOf(service.subscribe('/foreign').token)

  const [first] = await sender.send([foreign()])
  await sender.send([targetOf(service.subscribe('/fine').token)])
  const [second] = await sender.send([foreign()])

  assert.deepEqual(first, { is: 'parked', reason: 'HTTP 403 VapidPkHashMismatch', milliseconds: 900_000 })
  assert.deepEqual(second, { is: 'refused', reason: 'HTTP 403 VapidPkHashMismatch' })
})

test('a token for a push service is signed once in half a day', async t => {
  let now = Date.now()
  const { service, sender } = await stage(t, () => now)
  const { token } = service.subscribe('/a')
  const signedFor = async () => {
    await sender.send([targetOf(token, { expires: now + 1000 })])
    return service.received.at(-1)?.headers.authorization
  }

  const first = await signedFor()
  now += 5 * 3_600_000
  const second = await signedFor()
  now += 2 * 3_600_000
  const third = await signedFor()

  assert.equal(first, second)
  assert.notEqual(first, third)
})

test('a subscription that was tampered with fails by itself', async t => {
  const { service, sender } = await stage(t)
  const good = service.subscribe('/good')
  const point = JSON.parse(good.token) as { keys: { p256dh: string } }
  point.keys.p256dh = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 7)]).toString('base64url')

  const verdicts = await sender.send(
    [JSON.stringify(point), 'no json', '{}', browserAt('https://evil.example/1').token, good.token].map(token =>
      targetOf(token),
    ),
  )

  assert.deepEqual(
    verdicts.map(({ is }) => is),
    ['refused', 'refused', 'refused', 'refused', 'sent'],
  )
  assert.equal(service.received.length, 1)
})

test('a push that is too large for Web Push is refused before it is sent', async t => {
  const { service, sender } = await stage(t)

  const [verdict] = await sender.send([targetOf(service.subscribe('/a').token, { body: 'x'.repeat(4000) })])

  assert.equal(verdict?.is, 'refused')
  assert.equal(service.received.length, 0)
})
