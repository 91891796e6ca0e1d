import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { type TestContext, test } from 'node:test'
import { testNode } from './harness.ts'
import { exchange } from './support/http.ts'
import { routes } from './support/routes.ts'

const ours = 'https://chat.example.com'
const theirs = 'https://other.example.net:8443'

const corsOf = (headers: IncomingHttpHeaders) => Object.keys(headers).filter(name => name.startsWith('access-control-'))

async function twoApps(t: TestContext, development = false) {
  const node = await testNode(t, { development })
  const mine = await node.otherApp({ origins: JSON.stringify([ours]) })
  const other = await node.otherApp({ origins: JSON.stringify([theirs, 'https://third.example.org']) })
  const preflight = (origin: string, method = 'PUT', path = '/user/profile') =>
    exchange(node.url, { method: 'OPTIONS', path, headers: { origin, 'access-control-request-method': method } })
  const profile = (appId: string | undefined, origin?: string) =>
    exchange(node.url, {
      path: '/user/profile',
      headers: { ...(appId !== undefined && { app_id: appId }), ...(origin !== undefined && { origin }) },
    })
  return { node, mine, other, preflight, profile }
}

test('a preflight passes for an origin that an app lists, with our headers and methods', async t => {
  const { preflight } = await twoApps(t)

  for (const origin of [ours, theirs, 'https://third.example.org']) {
    const { status, headers } = await preflight(origin)
    assert.equal(status, 204)
    assert.equal(headers['access-control-allow-origin'], origin)
    const named = String(headers['access-control-allow-headers']).toLowerCase().split(/, */)
    for (const name of ['app_id', 'access-token', 'user_id', 'group_id', 'content-type'])
      assert.ok(named.includes(name), name)
    assert.deepEqual(String(headers['access-control-allow-methods']).split(/, */).sort(), [
      'DELETE',
      'GET',
      'POST',
      'PUT',
    ])
    assert.match(String(headers.vary), /origin/i)
    assert.ok(!('access-control-allow-credentials' in headers))
  }
})

test('a preflight passes on every route', async t => {
  const { preflight } = await twoApps(t)

  for (const { operation, method } of routes) {
    const { status, headers } = await preflight(ours, method, operation.path)
    assert.equal(status, 204)
    assert.equal(headers['access-control-allow-origin'], ours)
  }
})

test('a preflight from any other origin says nothing that a browser would take for a yes', async t => {
  const { preflight } = await twoApps(t)
  const near = [
    'http://chat.example.com',
    'https://chat.example.com:444',
    'https://chat.example.com.evil.net',
    'null',
    '*',
  ]

  for (const origin of [...near, 'https://CHAT.example.com/', ''])
    assert.deepEqual(corsOf((await preflight(origin)).headers), [])
})

test('an answer may be read by the origins of its own app, and by no other', async t => {
  const { mine, other, profile } = await twoApps(t)

  const own = await profile(mine.appId, ours)
  const foreign = await profile(other.appId, ours)

  assert.equal(own.headers['access-control-allow-origin'], ours)
  assert.deepEqual(corsOf(foreign.headers), [])
  assert.deepEqual(corsOf((await profile(mine.appId, theirs)).headers), [])
  assert.deepEqual(corsOf((await profile('nosuchapp', ours)).headers), [])
  assert.deepEqual(corsOf((await profile(undefined, ours)).headers), [])
})

test('an app without origins is closed to browsers, and a call without Origin has nothing to do with them', async t => {
  const { node, mine, profile } = await twoApps(t)

  assert.deepEqual(corsOf((await profile(node.appId, ours)).headers), [])
  assert.deepEqual(corsOf((await profile(mine.appId)).headers), [])
})

test('no answer may be taken from a cache for another origin', async t => {
  const { mine, profile } = await twoApps(t)

  for (const origin of [ours, theirs, undefined])
    assert.match(String((await profile(mine.appId, origin)).headers.vary), /origin/i)
})

test('a refusal of HTTP itself can be read by the origin as well', async t => {
  const { node, mine } = await twoApps(t)
  const headers = { app_id: mine.appId, origin: ours }

  const lost = await exchange(node.url, { path: '/nope', headers })
  const wrong = await exchange(node.url, { method: 'PATCH', path: '/user/profile', headers })

  assert.deepEqual([lost.status, wrong.status], [404, 405])
  assert.equal(lost.headers['access-control-allow-origin'], ours)
  assert.equal(wrong.headers['access-control-allow-origin'], ours)
})

test('a node started for development lets every origin in', async t => {
  const { node, preflight, profile } = await twoApps(t, true)

  const asked = await preflight('http://localhost:5173')
  const answered = await profile(node.appId, 'http://localhost:5173')

  assert.equal(asked.status, 204)
  for (const { headers } of [asked, answered])
    assert.ok(['*', 'http://localhost:5173'].includes(String(headers['access-control-allow-origin'])))
})
