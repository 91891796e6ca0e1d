import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deskOf } from './support/desk.ts'
import { ask } from './support/http.ts'

const nickname = { method: 'PUT', path: '/user/nickname?nick_name=changed' }

test('a call without app_id, or with one that nobody has, finds no app', async t => {
  const { node, ann, refused } = await deskOf(t)
  const headers: Record<string, string>[] = [
    {},
    { app_id: '' },
    { app_id: 'nosuchapp' },
    { app_id: node.appId.toUpperCase() },
    { app_id: `${node.appId} x` },
    { app_id: '1001' },
  ]

  for (const each of headers)
    await refused({ ...nickname, headers: { ...each, 'access-token': ann.token } }, 40000, /app_id/, raw =>
      ask(node.url, raw),
    )
})

test('a frozen app answers nobody, its admin included', async t => {
  const { node, refused } = await deskOf(t)
  const frozen = await node.otherApp({ frozen: 1 })
  const headers = { app_id: frozen.appId }

  for (const token of ['', 'garbage', frozen.adminToken])
    await refused({ ...nickname, headers: { ...headers, 'access-token': token } }, 40003, /frozen/)
  const credentials = '{"username":"bob","name":"bob","password":"p"}'
  await refused({ method: 'POST', path: '/user/register/v2', body: credentials, headers }, 40003, /frozen/)
  await refused({ method: 'POST', path: '/token/user', body: credentials, headers }, 40003, /frozen/)
})

test('a header that comes twice makes the request unreadable', async t => {
  const { node, ann, refused } = await deskOf(t)
  const id = String(ann.id)
  const twice: Record<string, string[]>[] = [
    { app_id: [node.appId, node.appId] },
    { app_id: [node.appId, 'other'] },
    { app_id: ['', node.appId] },
    { 'access-token': [ann.token, ann.token] },
    { 'access-token': [ann.token, node.adminToken] },
    { 'access-token': [ann.token, ''] },
    { user_id: [id, id] },
    { user_id: [id, '1'] },
    { group_id: ['1', '1'] },
  ]

  for (const headers of twice)
    await refused({ ...nickname, headers }, 400, new RegExp(`header ${Object.keys(headers)[0]} is given twice`))
})

test('user_id and group_id are whole numbers above 0', async t => {
  const { refused, admin, send } = await deskOf(t)
  const wrong = [
    '',
    '0',
    '-1',
    '+1',
    '1.0',
    '1e3',
    '0x10',
    'abc',
    '1 2',
    '18446744073709551616',
    '9223372036854775808',
    '１',
  ].map(each => Buffer.from(each).toString('latin1'))

  for (const name of ['user_id', 'group_id'])
    for (const value of wrong)
      for (const by of [send, admin])
        await refused({ ...nickname, headers: { [name]: value } }, 10002, `header ${name}`, by)
})

test('the user that a header names is not rounded to its neighbour', async t => {
  const { node, ann, refused, admin } = await deskOf(t)
  const { sql } = node.node.services
  await sql`insert into users (app_id, user_id, username, username_key, password_hash, created_at)
            values (${node.appId}, ${Number.MAX_SAFE_INTEGER}, ${'last'}, ${'last'}, ${''}, ${0})`

  assert.equal((await admin({ ...nickname, headers: { user_id: '9007199254740991' } })).code, 200)
  await refused({ ...nickname, headers: { user_id: '9007199254740993' } }, 10002, 'header user_id', admin)
  assert.equal((await ann.profiles.getProfile()).nick_name, '')
})

test('header syntax is looked at before the token, and the token before what it may do', async t => {
  const { refused, sendAs } = await deskOf(t)
  const garbage = sendAs('garbage')

  await refused({ ...nickname, headers: { user_id: 'x' } }, 10002, 'header user_id', garbage)
  await refused({ path: '/user/list', headers: { user_id: '7' } }, 10008, /access-token/, garbage)
  await refused({ path: '/user/list?page_num=x' }, 10010, /admin/)
  await refused({ path: '/user/list', headers: { group_id: '7' } }, 10010, /group/)
  await refused({ method: 'PUT', path: '/user/nickname' }, 10003, /access-token/, sendAs(''))
})

test('a caller that may not enter is turned away before its body is read', async t => {
  const { refused, sendAs } = await deskOf(t)
  const garbage = sendAs('garbage')
  const unreadable = { method: 'PUT', path: '/user/profile', body: '{'.repeat(70_000) }

  await refused(unreadable, 10008, /access-token/, garbage)
  await refused({ ...unreadable, headers: { 'content-type': 'text/html' } }, 10008, /access-token/, garbage)
})

test('sign-in looks at no token and at no user_id', async t => {
  const { node, ann } = await deskOf(t)
  const body = JSON.stringify({ name: 'ann', password: ann.password })
  const headers = { app_id: node.appId, 'content-type': 'application/json' }

  const extras: Record<string, string>[] = [{ 'access-token': 'garbage' }, { user_id: 'x' }, { group_id: '7' }]

  for (const extra of extras) {
    const { code } = await ask(node.url, {
      method: 'POST',
      path: '/token/user',
      body,
      headers: { ...headers, ...extra },
    })
    assert.equal(code, 200)
  }
})
