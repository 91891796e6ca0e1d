/** What operators may do, and nobody else: apps, policies, tokens and the health of the installation. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import type { Static } from '@sinclair/typebox'
import type { AppPolicy } from '../../contract/apps.ts'
import type { System } from '../../contract/system.ts'
import { rules } from '../../server/apps/policy.ts'
import { testNode } from '../harness.ts'
import { commandLine } from '../support/command-line.ts'
import { exampleOf } from '../support/examples.ts'
import { ask } from '../support/http.ts'
import { outcome } from '../support/outcomes.ts'
import { page } from '../support/page.ts'
import { rawOf, routes } from '../support/routes.ts'
import { allRows } from '../support/rows.ts'
import { type Headers, operatorDesk, operatorToken, signedIn, staffOf } from '../support/staff.ts'

type Shown = Static<typeof AppPolicy>

const day = 86_400_000

test('each kind of caller hears on each operation of operators and the console what it should, and changes nothing', async t => {
  const clock = { now: Date.now() }
  const node = await testNode(t, {}, () => clock.now)
  const { sql } = node.node.services
  const brief = await operatorToken(node, 'brief', 1)
  clock.now += 2 * day
  const staff = await staffOf(node)
  const gone = await operatorToken(node, 'gone')
  await commandLine(t, node.config.data).text('token', 'revoke', '--operator', gone.token_id)
  const elsewhere = await node.otherApp()
  const ann = await node.signUp('ann')
  const admin = { ...(await signedIn(node, node.adminToken)), 'x-console': '0' }
  const app = { app_id: node.appId }
  const callers: [name: string, headers: Headers, onOperators: number, onConsole: number][] = [
    ['no token', app, 10003, 10003],
    ['garbage', { ...app, 'access-token': `ot_${'x'.repeat(43)}` }, 10008, 10008],
    ['expired', { ...app, 'access-token': brief.token }, 402, 402],
    ['revoked', { ...app, 'access-token': gone.token }, 402, 402],
    ['user', { ...app, 'access-token': ann.token }, 10010, 10010],
    ['admin', { ...app, 'access-token': node.adminToken }, 10010, 10010],
    ['admin of another app', { ...app, 'access-token': elsewhere.adminToken }, 10008, 10008],
    ['admin in the console', admin, 10010, 200],
    ['operator with a user_id', { ...app, 'access-token': staff.operatorToken, user_id: String(ann.id) }, 10002, 10010],
    ['operator with a group_id', { ...app, 'access-token': staff.operatorToken, group_id: '1' }, 10010, 10010],
    ['operator of an unknown app', { app_id: 'nosuchapp', 'access-token': staff.operatorToken }, 40000, 40000],
  ]
  const before = await allRows(sql)

  for (const route of routes) {
    const { who } = route.operation
    const isOperators = who === 'operator' || who === 'operator_for_app'
    if (!isOperators && who !== 'console') continue
    for (const [name, headers, onOperators, onConsole] of callers) {
      if (!isOperators && onConsole === 200) continue
      const { code } = await ask(node.url, rawOf(route, exampleOf(route, { ...ann, spare: 1, staff }), headers))
      assert.equal(code, isOperators ? onOperators : onConsole, `${name} on ${route.route}`)
    }
  }

  const changes = (await allRows(sql)).filter(row => !before.includes(row))
  assert.deepEqual(
    changes.filter(row => !/^operator_tokens .*"brief"/.test(row)),
    [],
  )
})

test('an operator makes an app, which works at once with what the answer shows once', async t => {
  const { node, operator } = await operatorDesk(t)

  const made = await operator.data<Shown & { app_secret: string; admin_token: string }>('createApp', {
    name: 'shop',
    push_signature: true,
    origins: ['https://shop.example.com', 'https://admin.example.com'],
  })

  const admin = page(node.url, { app_id: made.app_id, 'access-token': made.admin_token })
  const shown = await admin.data<Shown>('showApp')
  assert.deepEqual([shown.name, shown.origins.length, shown.registration], ['shop', 2, 'open'])
  assert.ok(!JSON.stringify(shown).includes(made.app_secret))
  const trail = await admin.data<{ act: string; actor: { kind: string; name: string } }[]>('listAudit')
  assert.deepEqual(
    trail.map(({ act, actor }) => [act, actor.kind, actor.name]),
    [
      ['createApp', 'operator', 'ann'],
      ['createApp', 'operator', 'ann'],
    ],
  )
  const apps = await operator.data<Shown[]>('listApps', {}, { app_id: '' })
  assert.deepEqual(
    apps.map(({ name }) => name),
    ['first', 'shop'],
  )
})

test('apps are listed by pages, in the order of their making', async t => {
  const { node, operator } = await operatorDesk(t)
  for (const name of ['b', 'c', 'd']) await node.otherApp({ name })

  const first = JSON.parse((await operator.call('listApps', { page_size: 3 })).text) as {
    data: Shown[]
    cursor: string
  }
  const last = JSON.parse((await operator.call('listApps', { page_size: 3, cursor: first.cursor })).text) as {
    data: Shown[]
    cursor?: string
  }

  const names = [...first.data, ...last.data].map(({ app_id }) => app_id)
  assert.equal(new Set(names).size, 4)
  assert.deepEqual([first.data.length, last.data.length, last.cursor], [3, 1, undefined])
  assert.equal(await operator.code('listApps', { cursor: '!' }), 10002)
})

test('a change of policy holds at the next call, is partial, and goes by the rules of the command line', async t => {
  const { node, operator } = await operatorDesk(t)
  const register = (username: string) =>
    outcome(node.stranger.accounts.register({ username, password: 'correct horse' }))

  const before = await register('first_one')
  const changed = await operator.data<Shown>('setApp', { registration: 'closed', token_days: 7 })
  const after = await register('second_one')

  assert.deepEqual([before, after], [200, 40001])
  assert.deepEqual([changed.registration, changed.token_days, changed.device_cap], ['closed', 7, 10])
  const [entry] = await operator.data<{ before: object; after: object }[]>('listAudit', { act: 'setApp' })
  assert.deepEqual(
    [entry?.before, entry?.after],
    [
      { open_registration: 1, token_days: 30 },
      { open_registration: 0, token_days: 7 },
    ],
  )
  for (const wrong of [
    { registration: 'half' },
    { origins: ['https://a.example.com/path'] },
    { time_zone: 'Mars/Olympus' },
    { name: 'two\nlines' },
    { token_days: 0 },
  ])
    assert.equal(await operator.code('setApp', wrong), 10002, JSON.stringify(wrong))
})

test('the contract knows every rule of a policy', async t => {
  const { operator } = await operatorDesk(t)

  const shown = await operator.data<Shown>('showApp')

  const words = rules.map(({ word }) => word.replaceAll('-', '_'))
  assert.deepEqual(Object.keys(shown).sort(), [...words, 'app_id', 'users', 'created_at'].sort())
})

test('a frozen app is closed to its admin and its users, and open to operators, who thaw it', async t => {
  const { node, operator } = await operatorDesk(t)
  const ann = await node.signUp('ann')

  await operator.data('setApp', { frozen: true })
  const frozen = [await outcome(ann.profiles.getProfile()), await outcome(node.admin.accounts.listUsers())]
  const seen = [await operator.code('listUsers'), await operator.code('showApp')]
  await operator.data('setApp', { frozen: false })

  assert.deepEqual(
    [frozen, seen],
    [
      [40003, 40003],
      [200, 200],
    ],
  )
  assert.equal(await outcome(ann.profiles.getProfile()), 200)
})

test('a new app secret takes the place of the old one at once', async t => {
  const { node, operator } = await operatorDesk(t)
  await operator.data('setApp', { push_signature: true })
  const register = (secret: string, username: string) => {
    const text = [node.appId, username, 'phone', `pt_${username}`].join('\n')
    const sign = createHmac('sha256', secret).update(text).digest('hex')
    const input = {
      username,
      password: 'correct horse',
      alias: username,
      device_guid: 'phone',
      push_token: `pt_${username}`,
    }
    return outcome(node.stranger.accounts.registerPush({ ...input, sign }))
  }

  const before = await register(node.appSecret, 'first_one')
  const { app_secret } = await operator.data<{ app_secret: string }>('rotateAppSecret')
  const [old, fresh] = [await register(node.appSecret, 'second_one'), await register(app_secret, 'third_one')]

  assert.deepEqual([before, old, fresh], [200, 13007, 200])
  assert.ok(!JSON.stringify(await allRows(node.node.services.sql)).includes(app_secret))
})

test('the health of the installation says what an operator asks first', async t => {
  const { node, operator } = await operatorDesk(t)

  const system = await operator.data<Static<typeof System>>('showSystem', {}, { app_id: '' })

  assert.equal(system.version, '0.1.0')
  assert.match(system.engine, /^(sqlite|postgres)$/)
  assert.ok(system.database_bytes > 0 && system.disk_free_bytes > 0 && system.memory_bytes > 10_000_000)
  assert.ok(system.nodes.some(({ alive }) => alive))
  assert.ok(system.migrations.some(({ name }) => name === '0040_console.sql'))
  assert.deepEqual([system.outbox.waiting, system.notifiers, system.disk_full], [0, [], false])
  assert.deepEqual(system.hashes, { running: 0, waiting: 0 })
  assert.ok(system.started_at <= Date.now() && system.uptime >= 0, node.url)
})
