import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { codeOf, type TestNode, testNode } from './harness.ts'
import { foundOnDisk } from './support/database.ts'
import { outcome, refusal } from './support/outcomes.ts'

const pem = (type: 'ec' | 'rsa') => {
  const { privateKey } =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
}
const apple = () => ({ team_id: 'A1B2C3D4E5', key_id: 'F6G7H8I9J0', bundle_id: 'com.example.shop', key: pem('ec') })
const google = (more = {}) => ({
  type: 'service_account',
  project_id: 'shop-1',
  client_email: 'push@shop-1.iam.gserviceaccount.com',
  private_key: pem('rsa'),
  token_uri: 'https://oauth2.googleapis.com/token',
  ...more,
})

const make = (
  { admin }: Pick<TestNode, 'admin'>,
  provider: string,
  credentials: Record<string, unknown>,
  name = provider,
) => admin.notifiers.createNotifier({ name, provider, credentials })

test('what a provider gave out makes a notifier, and its secrets are shown to nobody', async t => {
  const node = await testNode(t)

  const made = [
    await make(node, 'apns', apple()),
    await make(node, 'fcm', { service_account: JSON.stringify(google()) }),
    await make(node, 'fcm', { service_account: google() }, 'fcm as an object'),
    await make(node, 'webpush', { subject: 'mailto:push@example.com' }),
    await make(node, 'huawei', { app_id: '1', app_secret: 'secret-of-huawei' }),
    await make(node, 'xiaomi', { app_secret: 'secret-of-xiaomi', package_name: 'com.example.shop' }),
    await make(node, 'oppo', { app_key: 'k', master_secret: 'secret-of-oppo' }),
    await make(node, 'vivo', { app_id: '1', app_key: 'k', app_secret: 'secret-of-vivo' }),
    await make(node, 'meizu', { app_id: '1', app_secret: 'secret-of-meizu' }),
  ]
  const listed = await node.admin.notifiers.listNotifiers()

  assert.deepEqual(
    made.map(({ provider, state, secrets }) => [provider, state, secrets.join()]),
    [
      ['apns', 'ready', 'key'],
      ['fcm', 'ready', 'service_account'],
      ['fcm', 'ready', 'service_account'],
      ['webpush', 'ready', 'private_key'],
      ['huawei', 'ready', 'app_secret'],
      ['xiaomi', 'ready', 'app_secret'],
      ['oppo', 'ready', 'master_secret'],
      ['vivo', 'ready', 'app_secret'],
      ['meizu', 'ready', 'app_secret'],
    ],
  )
  assert.equal(listed.length, made.length + 1)
  assert.doesNotMatch(JSON.stringify([made, listed]), /PRIVATE|secret-of/)
  const secrets = ['BEGIN PRIVATE KEY', 'secret-of-huawei', 'secret-of-oppo', 'push@shop-1.iam']
  assert.deepEqual(foundOnDisk(node, secrets), [])
})

test('what is wrong with credentials is said exactly, and nothing is stored', async t => {
  const node = await testNode(t)
  const bad: [provider: string, credentials: Record<string, unknown>, sentence: RegExp][] = [
    ['apns', { ...apple(), team_id: 'a1' }, /credentials\.team_id must be 10 capital letters and digits$/],
    ['apns', { ...apple(), key: 'AAAA' }, /credentials\.key must be the text of the \.p8 file/],
    ['apns', { ...apple(), key: pem('rsa') }, /credentials\.key must be an EC key on P-256, and is rsa$/],
    ['apns', { team_id: 'A1B2C3D4E5', key_id: 'F6G7H8I9J0' }, /credentials\.bundle_id is required for apns$/],
    [
      'apns',
      { ...apple(), app_key: 'x' },
      /credentials\.app_key is not known: apns has team_id, key_id, bundle_id, key/,
    ],
    ['apns', { ...apple(), endpoint: 'https://10.0.0.1' }, /credentials\.endpoint must be one of the origins that/],
    ['fcm', { service_account: '{' }, /credentials\.service_account must be the JSON file/],
    ['fcm', { service_account: { project_info: {} } }, /google-services\.json is for the app/],
    ['fcm', { service_account: google({ private_key: '' }) }, /service_account lacks private_key$/],
    ['fcm', { service_account: google({ private_key: pem('ec') }) }, /has a private_key that is no RSA key$/],
    ['fcm', { service_account: google({ token_uri: 'https://169.254.169.254/' }) }, /token_uri that is not Google’s$/],
    ['webpush', { subject: 'mailto: <ann@example.com>' }, /credentials\.subject must be mailto:you@example\.com/],
    ['webpush', { subject: 'mailto:admin@localhost' }, /credentials\.subject must be/],
    ['webpush', { subject: 'mailto:a@b.c', private_key: 'x', public_key: 'y' }, /private_key must be 32 bytes/],
    [
      'webpush',
      { subject: 'mailto:a@b.c', private_key: 'A'.repeat(43), public_key: 'y' },
      /private_key is no key on P-256$/,
    ],
    [
      'webpush',
      { subject: 'mailto:a@b.c', private_key: `${'A'.repeat(42)}E`, public_key: 'y' },
      /public_key does not belong/,
    ],
    ['huawei', { app_id: '1', app_secret: 'two words' }, /credentials\.app_secret must be text without spaces/],
    ['huawei', { app_id: 1, app_secret: 's' }, /credentials\.app_id must be text$/],
    ['capture', { key: 'x' }, /credentials\.key is not known: capture has no credentials$/],
    ['pigeon', {}, /provider must be one of capture, apns/],
  ]

  for (const [provider, credentials, sentence] of bad) {
    const { code, message } = await refusal(make(node, provider, credentials))
    assert.equal(code, 10002)
    assert.match(message, sentence)
    assert.doesNotMatch(message, /PRIVATE/)
  }

  assert.deepEqual(
    (await node.admin.notifiers.listNotifiers()).map(({ name }) => name),
    ['capture'],
  )
})

test('a notifier is rotated in part, disabled and enabled; a name is taken once', async t => {
  const node = await testNode(t)
  const { notifiers } = node.admin
  const first = await make(node, 'huawei', { app_id: '1', app_secret: 'old' })

  const rotated = await notifiers.changeNotifier({ name: 'huawei', credentials: { app_secret: 'new' }, environment: 0 })
  const wrong = await refusal(notifiers.changeNotifier({ name: 'huawei', credentials: { app_secret: 'two words' } }))
  const disabled = await notifiers.changeNotifier({ name: 'huawei', disabled: true })
  const enabled = await notifiers.changeNotifier({ name: 'huawei', disabled: false })
  const again = await refusal(make(node, 'fcm', { service_account: google() }, 'huawei'))
  const unknown = await codeOf(notifiers.changeNotifier({ name: 'nobody', disabled: true }))

  assert.deepEqual([first.environment, rotated.environment], [1, 0])
  assert.deepEqual(rotated.credentials, { app_id: '1' })
  assert.match(wrong.message, /credentials\.app_secret/)
  assert.deepEqual([disabled.state, enabled.state], ['disabled', 'ready'])
  assert.equal(disabled.environment, 0)
  assert.match(again.message, /name is taken by another notifier/)
  assert.equal(unknown, 13006)
})

test('a client is told what it needs to bind a token, and never a secret', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const web = await make(node, 'webpush', { subject: 'mailto:push@example.com' })
  await make(node, 'oppo', { app_key: 'key', app_secret: 'client-side', master_secret: 'server-side' })
  await make(node, 'apns', apple())

  const forWeb = await ann.notifiers.getCertificate({ provider: 100 })
  const forOppo = await ann.notifiers.getCertificate({ provider: 6, environment: 1 })
  const forApple = await node.admin.notifiers.getCertificate({ provider: 1 })
  const none = await codeOf(ann.notifiers.getCertificate({ provider: 1, environment: 0 }))
  await node.admin.notifiers.changeNotifier({ name: 'apns', disabled: true })
  const disabled = await codeOf(ann.notifiers.getCertificate({ provider: 1 }))

  assert.equal(forWeb.app_key, web.credentials.public_key)
  assert.deepEqual(forOppo, { name: 'oppo', app_id: '', app_key: 'key', app_secret: 'client-side', certificate: '' })
  assert.deepEqual(forApple, { name: 'apns', app_id: 'com.example.shop', app_key: '', app_secret: '', certificate: '' })
  assert.deepEqual([none, disabled], [13006, 13006])
})

test('notifiers are the admin’s: a user can neither see nor make nor change them, and apps do not share them', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const other = await node.otherApp()
  await make(node, 'huawei', { app_id: '1', app_secret: 's' })

  assert.equal(await outcome(make({ admin: ann } as never, 'huawei', { app_id: '1', app_secret: 's' }, 'mine')), 10010)
  assert.equal(await outcome(ann.notifiers.listNotifiers()), 10010)
  assert.equal(await outcome(ann.notifiers.changeNotifier({ name: 'huawei', disabled: true })), 10010)
  assert.equal(await outcome(other.admin.notifiers.changeNotifier({ name: 'huawei', disabled: true })), 13006)
  assert.equal((await other.admin.notifiers.listNotifiers()).length, 1)
})

test('members of a free object may be anything but text that nobody could store', async t => {
  const node = await testNode(t)

  const refused = [{ app_id: 'a\ud800' }, { 'app\u0000id': '1' }, { app_id: ['x'.repeat(40_000)] }, { deep: 'a\rb' }]

  for (const credentials of refused)
    assert.match(
      (await refusal(make(node, 'huawei', credentials))).message,
      /credentials must (be well-formed|have at most)/,
    )
})
