/** Where other services of this kind have let callers write, read or guess fields that are not theirs to name. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { contract } from '../../contract/index.ts'
import { type TestNode, testNode } from '../harness.ts'
import { exampleOf, freshName } from '../support/examples.ts'
import { ask } from '../support/http.ts'
import { hashQuickly } from '../support/quick-hashing.ts'
import { rawOf, routes } from '../support/routes.ts'
import { allRows } from '../support/rows.ts'
import { headersFor } from '../support/standing.ts'
import { send } from '../support/wire.ts'

interface User {
  app_id: string
  user_id: number
  username: string
  status: number
  must_change_password: number
  created_at: number
}

const userNamed = async ({ node }: TestNode, username: string) => {
  const rows = await node.services.sql<User>`
    select app_id, user_id, username, status, must_change_password, created_at from users where username = ${username}`
  return rows
}

/** Fields of the server that a body may not set. */
const serverFields = {
  ...{ id: 1, user_id: 1, app_id: 'other', status: 1, role: 2, admin: true, kind: 'admin', is_admin: 1 },
  ...{
    password_hash: 'x',
    created_at: 1,
    must_change_password: 1,
    must_change: true,
    last_device_sn: 7,
    objectId: 'role:Admin',
  },
}

// Rows 18 and 19
test('no field of the server can be set by whoever registers: neither id, state, app, hash nor time', async t => {
  const node = await testNode(t)
  hashQuickly(node, 0)
  const { appId, url } = node.stranger.connection
  const started = Date.now()
  const names = [freshName(), freshName(), freshName()]
  const [one, push, batch] = names as [string, string, string]

  await send(node.stranger.connection, 'POST', '/user/register/v2', { ...serverFields, username: one, password: 'x' })
  await send(node.stranger.connection, 'POST', '/user/register/push', {
    ...serverFields,
    username: push,
    password: 'x',
  })
  await send({ url, appId, token: node.adminToken }, 'POST', '/user/register/batch', {
    list: [{ ...serverFields, username: batch, password: 'x' }],
  })

  for (const [i, name] of names.entries()) {
    const [user, ...others] = await userNamed(node, name)
    assert.ok(user && others.length === 0)
    const { created_at, ...rest } = user
    assert.deepEqual(rest, { app_id: appId, user_id: 1001 + i, username: name, status: 0, must_change_password: 0 })
    assert.ok(created_at >= started)
    assert.equal((await node.signIn(name, 'x')).id, 1001 + i)
  }
})

// Row 18
test('no field of the server can be set by a change of the profile or the settings', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const { user_id, ...others } = serverFields
  const before = await userNamed(node, 'ann')

  const profile = await send(ann.connection, 'POST', '/user/profile', { ...others, nick_name: 'Ann' })
  const settings = await send(ann.connection, 'POST', '/user/settings', { ...others, user_id: ann.id, no_push: true })
  const foreign = await send(ann.connection, 'POST', '/user/settings', { user_id, no_push: true })

  assert.deepEqual([profile.code, settings.code, foreign.code], [200, 200, 10010])
  assert.deepEqual(await userNamed(node, 'ann'), before)
})

// Row 23
test('no name in a body or a query reaches a prototype', async t => {
  const node = await testNode(t)
  hashQuickly(node, 0)
  const bob = await node.signUp('bob')
  const before = shapes()
  const subject = { id: bob.id, name: 'bob', password: bob.password, spare: bob.device }
  const poisons = [
    '"__proto__":{"polluted":1,"status":1}',
    '"\\u005f_proto__":{"polluted":1}',
    '"constructor":{"prototype":{"polluted":1}}',
    '"prototype":{"polluted":1}',
    '"__defineGetter__":1,"toString":1,"hasOwnProperty":1,"valueOf":1',
  ]

  for (const route of routes.filter(({ operation }) => !operation.text)) {
    for (const poison of poisons) {
      const ann = await node.signUp(freshName())
      const raw = rawOf(route, exampleOf(route, subject), headersFor(route.operation, node, ann))
      const rest = String(raw.body ?? '{}').slice(1)
      const body = `{${poison}${rest === '}' ? '' : ','}${rest}`
      const join = raw.path.includes('?') ? '&' : '?'
      const path = `${raw.path}${join}__proto__=1&constructor=1&__proto__[polluted]=1&toString=1`
      const headers = { ...raw.headers, 'content-type': 'application/json' }
      const { status, text } = await ask(node.url, { ...raw, path, headers, body })
      assert.ok(status < 500, `${route.route}: ${text}`)
      assert.deepEqual(shapes(), before, `${route.route} with ${poison}`)
    }
  }
})

/** What every object would inherit. */
const shapes = () =>
  [Object, Array, Function, String, Number].flatMap(({ name, prototype }) =>
    Reflect.ownKeys(prototype as object).map(key => `${name}.${String(key)}`),
  )

// Row 24
test('what is listed cannot be narrowed by a secret: no filter names one, and others are ignored', async t => {
  const node = await testNode(t)
  await node.signUp('ann', 'a secret')
  const secrets = /password|hash|token|private|answer|secret|credential/
  const [{ password_hash } = { password_hash: '' }] = await node.node.services.sql<{ password_hash: string }>`
    select password_hash from users where app_id = ${node.appId}`

  const filters = Object.values(contract).flatMap(group =>
    Object.values(group)
      .filter(({ methods, result }) => (methods as readonly string[]).includes('GET') && result.type === 'array')
      .flatMap(operation => ('query' in operation ? Object.keys(operation.query?.properties ?? {}) : [])),
  )
  const admin = node.admin.connection
  const all = await send(admin, 'GET', '/user/list')
  const tried = [
    'password_hash=x',
    `password_hash=${encodeURIComponent(password_hash.slice(0, 20))}`,
    'where={"password_hash":{"$regex":"^a"}}',
    'mobile=1',
    'search=%25',
    'order=password_hash',
    'fields=password_hash',
  ]

  assert.ok(filters.length > 5)
  assert.deepEqual(
    filters.filter(name => secrets.test(name)),
    [],
  )
  for (const query of tried) assert.equal((await send(admin, 'GET', `/user/list?${query}`)).text, all.text, query)
})

const strings = ['%', '_', "'", "' or 1=1 --", '"', '\\', '*', '[', 'token of ann%', 'token_of_ann']
const noStrings = [
  '{}',
  '{"$ne":""}',
  '{"$regex":".*"}',
  '[]',
  '["token of ann"]',
  '1',
  'true',
  'null',
  '{"$in":["token of ann"]}',
]

/** Ann and Ben with bindings and push tokens, and every row of theirs. */
async function bound(t: TestContext) {
  const node = await testNode(t)
  hashQuickly(node, 0)
  for (const name of ['ann', 'ben']) {
    const person = await node.signUp(name)
    const binding = { device_sn: person.device, device_token: `token of ${name}`, notifier_name: 'capture' }
    await person.devices.bindDeviceToken(binding)
  }
  return { node, before: await allRows(node.node.services.sql) }
}

// Row 21
test('a device token that is an object, a list or a pattern takes nobody’s binding away', async t => {
  const { node, before } = await bound(t)
  const eve = await node.signUp('eve')
  const bind = (token: string) =>
    ask(node.url, {
      method: 'PUT',
      path: '/user/token/bind',
      headers: { app_id: node.appId, 'access-token': eve.token, 'content-type': 'application/json' },
      body: `{"device_sn":${eve.device},"device_token":${token},"notifier_name":"capture"}`,
    })
  const register = (token: string) =>
    ask(node.url, {
      method: 'POST',
      path: '/user/register/push',
      headers: { app_id: node.appId, 'content-type': 'application/json' },
      body: `{"username":"${freshName()}","password":"x","push_token":${token},"device_guid":${token}}`,
    })

  const codes = new Set<number>()
  for (const token of noStrings.filter(each => each !== 'null'))
    for (const { code } of [await bind(token), await register(token)]) codes.add(code)
  for (const token of strings) {
    assert.equal((await bind(JSON.stringify(token))).code, 200, token)
    assert.equal((await register(JSON.stringify(token))).code, 200, token)
  }

  assert.deepEqual([...codes], [10002])
  const after = new Set(await allRows(node.node.services.sql))
  const own = before.filter(row => /^(bindings|devices|users|user_tokens) /.test(row))
  assert.ok(own.length >= 8)
  assert.deepEqual(
    own.filter(row => !after.has(row)),
    [],
  )
})
