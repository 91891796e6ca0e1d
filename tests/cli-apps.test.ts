import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '../client/index.ts'
import { defaultPolicy } from '../server/apps/apps.ts'
import { readPolicy, rules } from '../server/apps/policy.ts'
import { folder, testNode } from './harness.ts'
import { commandLine } from './support/command-line.ts'
import { outcome } from './support/outcomes.ts'

interface Made {
  app_id: string
  app_secret: string
  admin_token: string
}

test('an app made beside a running server serves at once, with the admin token that was printed', async t => {
  const { url, config } = await testNode(t)
  const { json } = commandLine(t, config.data)

  const made = await json<Made>('app', 'create', '--name', 'shop')

  const client = createClient({ url, appId: made.app_id })
  assert.equal(await outcome(client.accounts.register({ username: 'ann', password: 'pw' })), 200)
  const { data } = await client.as(made.admin_token).accounts.listUsers()
  assert.deepEqual(
    data.map(({ username }) => username),
    ['ann'],
  )
})

test('app create prints what a shell needs, and the secret is shown again only to --secret', async t => {
  const { text, json } = commandLine(t, folder(t))

  const said = await text('app', 'create')

  const [, id, secret, token] =
    /^export STONECHAT_APP_ID=(\w+)\nexport STONECHAT_APP_SECRET=(\w+)\nexport STONECHAT_ADMIN_TOKEN=(\S+)$/m.exec(
      said,
    ) ?? []
  assert.ok(id && secret && token)
  const shown = (await text('app', 'show')) + (await text('app', 'list')) + (await text('token', 'list'))
  assert.ok(!shown.includes(secret) && !shown.includes(token))
  assert.ok((await text('app', 'show', '--secret')).includes(secret))
  assert.equal((await json<Made>('app', 'show', '--secret')).app_secret, secret)
})

test('a policy that is changed holds at the next request', async t => {
  const node = await testNode(t)
  const { text } = commandLine(t, node.config.data)
  const register = (username: string) => outcome(node.stranger.accounts.register({ username, password: 'pw' }))

  const before = await register('ann')
  await text('app', 'set', 'registration=closed')
  const closed = await register('ben')
  await text('app', 'set', '--registration', 'open', '--user-cap', '1')
  const full = await register('ben')
  await text('app', 'set', 'user-cap=0', 'password-minimum=3')
  const short = await register('ben')
  await text('app', 'set', 'frozen=on')
  const frozen = await register('ben')

  assert.deepEqual([before, closed, full, short, frozen], [200, 40001, 40002, 10002, 40003])
})

test('app set changes what it names and nothing else, and answers with the whole policy', async t => {
  const { json } = commandLine(t, folder(t))
  await json('app', 'create', 'name=shop', 'token-days=7')

  const changed = await json<{ app_id: string; created_at: number }>(
    ...['app', 'set', 'time-zone=Europe/Berlin', '--origins', 'https://a.example, http://localhost:3000'],
  )

  const { app_id, created_at } = changed
  assert.deepEqual(changed, {
    app_id,
    name: 'shop',
    frozen: false,
    registration: 'open',
    user_cap: 0,
    device_cap: 10,
    password_minimum: 1,
    token_days: 7,
    origins: ['https://a.example', 'http://localhost:3000'],
    time_zone: 'Europe/Berlin',
    push: true,
    push_signature: false,
    users: 0,
    created_at,
  })
  assert.deepEqual(await json('app', 'show'), changed)
})

test('the policy has a setting for every column, and takes what it prints', () => {
  const everyOther = readPolicy([
    ...[
      ['name', '商店'],
      ['frozen', 'on'],
      ['registration', 'closed'],
      ['user-cap', '9'],
      ['device-cap', '8'],
    ],
    ...[
      ['password-minimum', '7'],
      ['token-days', '6'],
      ['origins', 'https://a.example'],
      ['time-zone', 'UTC'],
      ['push', 'off'],
    ],
    ['push-signature', 'on'],
  ] as [string, string][])

  assert.deepEqual(Object.keys(everyOther).sort(), Object.keys(defaultPolicy).sort())
  for (const policy of [defaultPolicy, { ...defaultPolicy, ...everyOther }])
    assert.deepEqual(readPolicy(rules.map(({ word, textOf }) => [word, textOf(policy)])), policy)
})

const badValues: [pair: string, sentence: string][] = [
  ['name=', 'name must be 1 to 64 characters on one line'],
  [`name=${'x'.repeat(65)}`, 'name must be 1 to 64 characters on one line'],
  ['frozen=yes', 'frozen must be on or off'],
  ['registration=on', 'registration must be open or closed'],
  ['user-cap=-1', 'user-cap must be a whole number from 0 to 1000000000'],
  ['user-cap=1e3', 'user-cap must be a whole number from 0 to 1000000000'],
  ['device-cap=0', 'device-cap must be a whole number from 1 to 1000'],
  ['password-minimum=257', 'password-minimum must be a whole number from 1 to 256'],
  ['token-days=', 'token-days must be a whole number from 1 to 3650'],
  ['time-zone=Mars/Olympus', 'time-zone must be an IANA time zone, such as Asia/Shanghai, Europe/Berlin or UTC'],
  ['time-zone=+08:00', 'time-zone must be an IANA time zone, such as Asia/Shanghai, Europe/Berlin or UTC'],
  ['push-signature=1', 'push-signature must be on or off'],
  ...[
    '*',
    'https://a.example/',
    'https://a.example/chat',
    'https://A.example',
    'https://a.example:443',
    'a.example',
    'null',
  ].map((origin): [string, string] => [
    `origins=https://good.example,${origin}`,
    `origins must be exact origins such as https://chat.example.com, and "${origin}" is none`,
  ]),
]

test('a value that a setting cannot have is refused with the rule', async t => {
  for (const [pair, message] of badValues) {
    const at = pair.indexOf('=')
    assert.throws(() => readPolicy([[pair.slice(0, at), pair.slice(at + 1)]]), { message }, pair)
  }
  assert.throws(
    () =>
      readPolicy([
        ['name', 'a'],
        ['name', 'b'],
      ]),
    { message: 'name is given twice: say it once' },
  )
  const { refusal } = commandLine(t, folder(t))
  assert.deepEqual(await refusal('app', 'create', 'frozen=yes'), { code: 2, sentence: 'frozen must be on or off' })
})

test('where there are several apps, one must be named; a wrong name hears which there are', async t => {
  const { json, refusal } = commandLine(t, folder(t))
  const shop = await json<Made>('app', 'create', '--name', 'shop')
  const forum = await json<Made>('app', 'create', '--name', 'forum')

  const unnamed = await refusal('token', 'list')
  const wrong = await refusal('user', 'show', 'ann', '--app', 'nowhere')
  const named = await json<{ name: string }>('app', 'show', '--app', forum.app_id)

  const both = `${shop.app_id} (shop), ${forum.app_id} (forum)`
  assert.deepEqual(unnamed, { code: 2, sentence: `say which app with --app: ${both}` })
  assert.deepEqual(wrong, { code: 1, sentence: `there is no app "nowhere": there are ${both}` })
  assert.equal(named.name, 'forum')
})

test('where there is no app, it says how to make one', async t => {
  const { text, refusal } = commandLine(t, folder(t))
  await text('migrate')

  assert.match(await text('app', 'list'), /^There is no app yet: make one with stonechat app create\.\n$/)
  assert.equal((await refusal('app', 'show')).sentence, 'there is no app yet: make one with stonechat app create')
})

test('a foreign master key makes no app and shows no secret, but bans where the key is not at hand', async t => {
  const node = await testNode(t)
  await node.signUp('ann')
  const { refusal, text } = commandLine(t, node.config.data, { STONECHAT_MASTER_KEY: 'ab'.repeat(32) })

  const create = await refusal('app', 'create')
  const show = await refusal('app', 'show', '--secret')

  for (const { sentence } of [create, show])
    assert.match(sentence, /sealed under another master key: put back master\.key/)
  assert.match(await text('user', 'ban', 'ann'), /^ann \(\d+\) is banned/)
})
