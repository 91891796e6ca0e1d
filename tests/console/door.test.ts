/** The one door of the console: a session's cookie says nothing without the header and the origin of our own page. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { testNode } from '../harness.ts'
import { exampleOf } from '../support/examples.ts'
import { ask, type Raw } from '../support/http.ts'
import { page } from '../support/page.ts'
import { rawOf, routes } from '../support/routes.ts'
import { allRows } from '../support/rows.ts'
import { type Headers, operatorToken, signedIn, staffOf } from '../support/staff.ts'

async function deskOf(t: TestContext) {
  const node = await testNode(t)
  const { token } = await operatorToken(node)
  const own = await signedIn(node, token)
  const ann = await node.signUp('ann')
  const ban = (headers: Headers): Raw => ({
    method: 'PUT',
    path: '/user/disable',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ list: [ann.id] }),
  })
  const code = async (headers: Headers) => (await ask(node.url, ban(headers))).code
  return { node, token, own, ann, code }
}

const without = (headers: Headers, name: string): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name))

// row 41
test('a page of another origin does nothing with the cookie of a console, whatever it sends', async t => {
  const { node, own, code } = await deskOf(t)
  const { sql } = node.node.services
  const { host } = new URL(node.url)
  const before = await allRows(sql)

  const forged: [string, Headers, number][] = [
    ['the cookie alone, as a form would send it', without(without(own, 'x-console'), 'origin'), 10003],
    ['the cookie and an origin', without(own, 'x-console'), 10003],
    ['another origin', { ...own, origin: 'https://evil.example' }, 10010],
    ['another port', { ...own, origin: 'http://127.0.0.1:1' }, 10010],
    ['an origin that only begins like ours', { ...own, origin: `${node.url}.evil.example` }, 10010],
    ['an origin that only ends like ours', { ...own, origin: `http://evil-${host}` }, 10010],
    ['no origin at all', without(own, 'origin'), 10010],
    ['an opaque origin', { ...own, origin: 'null' }, 10010],
    ['our origin, from another site', { ...own, 'sec-fetch-site': 'cross-site' }, 10010],
    ['our origin, from a sister site', { ...own, 'sec-fetch-site': 'same-site' }, 10010],
    ['our origin, from no page', { ...own, 'sec-fetch-site': 'none' }, 10010],
  ]
  for (const [name, headers, expected] of forged) assert.equal(await code(headers), expected, name)

  assert.deepEqual(await allRows(sql), before)
  assert.equal(await code({ ...own, 'sec-fetch-site': 'same-origin' }), 200)
})

test('no page of another origin may even ask to send the header of the console', async t => {
  const { node } = await deskOf(t)
  const listed = await node.otherApp({ origins: '["https://chat.example.com"]' })

  const { headers } = await ask(node.url, {
    method: 'OPTIONS',
    path: '/user/disable',
    headers: {
      origin: 'https://chat.example.com',
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'x-console,app_id',
      app_id: listed.appId,
    },
  }).catch(() => ({ headers: {} as Record<string, string> }))

  assert.ok(!String(headers['access-control-allow-headers'] ?? '').includes('x-console'))
  assert.equal(headers['access-control-allow-credentials'], undefined)
})

test('a token and the console at once is 400, and so is any other word in the header', async t => {
  const { node, own, code } = await deskOf(t)

  assert.equal(await code({ ...own, 'access-token': node.adminToken }), 400)
  assert.equal(await code({ ...own, 'x-console': 'yes' }), 400)
  assert.equal(await code({ ...own, 'x-console': ['1', '1'] }), 400)
  assert.equal(await code({ ...own, cookie: `${own.cookie}; ${own.cookie}` }), 400)
  assert.equal(await code({ ...without(own, 'x-console'), 'access-token': node.adminToken }), 200)
})

test('a cookie that is none of ours, or no more, lets nobody in; and without one nobody is there', async t => {
  const { own, code } = await deskOf(t)

  assert.equal(await code(without(own, 'cookie')), 10003)
  assert.equal(await code({ ...own, cookie: `stonechat-console=cs_${'x'.repeat(43)}` }), 402)
  assert.equal(await code({ ...own, cookie: 'stonechat-console=' }), 10003)
  assert.equal(await code({ ...own, cookie: `other=1; ${own.cookie}` }), 200)
})

test('no GET changes anything for whoever calls it from the console', async t => {
  const node = await testNode(t)
  const staff = await staffOf(node)
  const ann = await node.signUp('ann')
  const { sql } = node.node.services
  const gets = routes.filter(({ method, operation }) => method === 'GET' && !operation.noted && !operation.stream)
  const changed: string[] = []

  for (const route of gets) {
    const forOne = route.operation.who === 'self' || route.operation.who === 'admin_for_user'
    const headers = { ...staff.console, ...(forOne && { user_id: String(ann.id) }) }
    const before = await allRows(sql)
    const { code } = await ask(node.url, rawOf(route, exampleOf(route, { ...ann, spare: 1, staff }), headers))
    assert.notEqual(code, 402, route.route)
    if (JSON.stringify(await allRows(sql)) !== JSON.stringify(before)) changed.push(route.route)
  }

  assert.ok(gets.length > 15)
  assert.deepEqual(changed, [])
})

test('registration from the console is an admin’s, and where the session is over it is nobody’s', async t => {
  const { node, own } = await deskOf(t)
  const closed = await node.otherApp({ open_registration: 0 })
  const desk = page(node.url, { ...own, app_id: closed.appId })
  const input = { username: 'made_here', password: 'correct horse' }

  assert.equal(await desk.code('register', input), 200)
  await desk.call('signOutOfConsole')
  assert.equal(await desk.code('register', { ...input, username: 'made_after' }), 402)
})

test('from the console, what cannot be undone asks for the token again after five minutes, and with a token it does not', async t => {
  const clock = { now: Date.now() }
  const node = await testNode(t, {}, () => clock.now)
  const staff = await staffOf(node)
  const { token } = await operatorToken(node)
  const desk = page(node.url, await signedIn(node, token))
  const ann = await node.signUp('ann')
  const grave = routes.filter(({ operation, method }) => operation.confirmed && method === operation.methods[0])
  const { sql } = node.node.services
  const inputOf = (route: (typeof routes)[number]) => exampleOf(route, { ...ann, spare: 1, staff })
  const forOne = (who: string): Headers =>
    who === 'self' || who === 'admin_for_user' ? { user_id: String(ann.id) } : {}

  clock.now += 5 * 60_000 + 1
  await desk.code('listUsers')
  const before = await allRows(sql)
  for (const route of grave)
    assert.equal(await desk.code(route.name, inputOf(route), forOne(route.operation.who)), 13020, route.name)
  assert.deepEqual(await allRows(sql), before)

  assert.equal(await desk.code('kick', {}, { user_id: String(ann.id) }), 200)
  assert.equal(await desk.code('confirmConsoleSession', { token: node.adminToken }), 10008)
  assert.equal(await desk.code('disable', { list: [ann.id] }), 13020)
  assert.equal(await desk.code('confirmConsoleSession', { token }), 200)
  assert.equal(await desk.code('disable', { list: [ann.id] }), 200)
  assert.equal((await ask(node.url, { ...raw(node, ann.id) })).code, 200)
  const names = grave.map(({ name }) => name)
  for (const name of ['disable', 'deleteUser', 'changePasswordAdmin', 'createNotifier', 'createAdminToken', 'setApp'])
    assert.ok(names.includes(name), name)
})

/** A ban with the token itself. */
const raw = ({ appId, adminToken }: { appId: string; adminToken: string }, user: number): Raw => ({
  method: 'PUT',
  path: '/user/disable',
  headers: { app_id: appId, 'access-token': adminToken, 'content-type': 'application/json' },
  body: JSON.stringify({ list: [user] }),
})
