import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deskOf, json } from './support/desk.ts'
import { ask, exchange } from './support/http.ts'
import { routes } from './support/routes.ts'

const kibibyte = 1024

test('a path that nobody knows is 404, whatever is sent to it', async t => {
  const { node, ann, send } = await deskOf(t)
  const paths = [
    '/',
    '/nope',
    '/user',
    '/user/profile/',
    '/USER/profile',
    '/user//profile',
    '/user/profile/1',
    '/token',
  ]

  for (const path of paths)
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
      const { status, code, message } = await send({ method, path })
      assert.deepEqual({ status, code }, { status: 404, code: 404 })
      assert.equal(message, 'There is no such route')
    }
  const { status } = await ask(node.url, { method: 'POST', path: '/nope', body: 'x'.repeat(100_000) })
  assert.equal(status, 404)
  assert.equal((await ann.profiles.getProfile()).username, 'ann')
})

test('a method that a path does not take is 405, with those that it takes', async t => {
  const { send } = await deskOf(t)
  const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND']
  const paths = Map.groupBy(routes, ({ operation }) => operation.path)

  for (const [path, taken] of paths) {
    const allowed = taken.map(({ method }) => method as string)
    for (const method of methods.filter(each => !allowed.includes(each))) {
      const { status, code, headers } = await send({ method, path: `${path}?a=1` })
      assert.deepEqual({ status, code }, { status: 405, code: 405 }, `${method} ${path}`)
      assert.deepEqual(String(headers.allow).split(', ').sort(), allowed.sort())
    }
  }
})

test('HEAD is no way to call an operation', async t => {
  const { node, ann } = await deskOf(t)
  const headers = { app_id: node.appId, 'access-token': ann.token }

  const {
    status,
    text,
    headers: answered,
  } = await exchange(node.url, { method: 'HEAD', path: '/user/profile', headers })

  assert.deepEqual({ status, text }, { status: 405, text: '' })
  assert.match(String(answered.allow), /GET/)
})

test('a body has at most 64 KiB', async t => {
  const { ann, send, refused } = await deskOf(t)
  const bodyOf = (size: number) => `{"nick_name":"Ann"}${' '.repeat(size - 19)}`
  const call = { method: 'PUT', path: '/user/profile' }

  await refused({ ...call, body: bodyOf(64 * kibibyte + 1) }, 413, /too large/)
  await refused({ method: 'PUT', path: '/user/public', body: 'x'.repeat(64 * kibibyte + 1) }, 413, /too large/)
  await refused({ method: 'POST', path: '/token/user', body: bodyOf(64 * kibibyte + 1) }, 413, /too large/)
  assert.equal((await send({ ...call, body: bodyOf(64 * kibibyte) })).code, 200)
  assert.equal((await ann.profiles.getProfile()).nick_name, 'Ann')
})

test('a batch has at most 1 MiB', async t => {
  const { ann, admin, refused } = await deskOf(t)
  const list = { list: [{ user_id: ann.id, avatar: 'cat', nick_name: 'Ann', username: '1', password: 'p' }] }
  const bodyOf = (size: number) => json(list).padEnd(size)

  for (const path of ['/user/avatar/batch', '/user/profile/batch', '/user/register/batch']) {
    const call = { method: 'POST', path }
    await refused({ ...call, body: bodyOf(1024 * kibibyte + 1) }, 413, /too large/, admin)
    assert.equal((await admin({ ...call, body: bodyOf(1024 * kibibyte) })).code, 200)
  }
})

test('a list of ids is no batch: it fits in 64 KiB', async t => {
  const { ann, admin, refused } = await deskOf(t)
  const body = json({ list: [ann.id] }).padEnd(64 * kibibyte + 1)

  await refused({ method: 'PUT', path: '/user/disable', body }, 413, /too large/, admin)
})

const odd = [
  ...[
    '',
    'json',
    '/',
    ';',
    '*/*',
    'application/*',
    'application /json',
    'application/jsonp',
    'application/problem+json',
  ],
  ...['text/json', 'text/html', 'text/plain', 'image/png', 'application/x-www-form-urlencoded', '__proto__'],
  ...['multipart/form-data; boundary=x', 'application/json, text/plain', 'application/octet-stream', 'x'.repeat(2000)],
]

test('a body that does not say that it is JSON is 415', async t => {
  const { node, ann, refused } = await deskOf(t)
  const call = { method: 'PUT', path: '/user/profile', body: '{"nick_name":"Ann"}' }

  for (const type of odd) await refused({ ...call, headers: { 'content-type': type } }, 415, /application\/json/)
  const unsaid = { ...call, headers: { app_id: node.appId, 'access-token': ann.token } }
  await refused(unsaid, 415, /application\/json/, raw => ask(node.url, raw))
})

test('JSON goes by its name in every spelling', async t => {
  const { send } = await deskOf(t)
  const types = [
    'application/json',
    'Application/JSON',
    'application/json;charset=utf-8',
    'application/json ; charset="UTF-8"',
  ]

  for (const type of types) {
    const call = { method: 'PUT', path: '/user/profile', body: '{"nick_name":"Ann"}' }
    assert.equal((await send({ ...call, headers: { 'content-type': type } })).code, 200)
  }
})

test('where the whole body is a text, it is JSON or text/plain', async t => {
  const { send, refused } = await deskOf(t)

  for (const path of ['/user/private', '/user/public']) {
    for (const type of odd.filter(each => each !== 'text/plain'))
      await refused({ method: 'PUT', path, body: 'text', headers: { 'content-type': type } }, 415, /application\/json/)
    const { code } = await send({ method: 'PUT', path, body: 'text', headers: { 'content-type': 'text/plain' } })
    assert.equal(code, 200)
  }
})

test('a success has a null message, and a failure has no data', async t => {
  const { send } = await deskOf(t)

  const success = JSON.parse((await send({ path: '/user/online_status' })).text)
  const failure = JSON.parse((await send({ path: '/user/list' })).text)

  assert.deepEqual(success, { code: 200, data: { online: false }, message: null })
  assert.deepEqual(Object.keys(failure).sort(), ['code', 'message'])
})
