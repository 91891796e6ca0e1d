import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deskOf, json } from './support/desk.ts'

const nickname = (literal: string) => ({ method: 'PUT', path: '/user/nickname', body: `{"nick_name":${literal}}` })
const unreadable = /^The request cannot be read/

test('text of every script comes back as it was sent', async t => {
  const { ann, send } = await deskOf(t)
  const texts = [
    '张三',
    'Zoë',
    '👩‍👩‍👧',
    'עברית',
    'a\tb\nc',
    '\u2028\u2029',
    '\ufeffbom',
    '\u007f\u0085',
    '%41 + &?#',
    '"\\"',
  ]

  for (const text of texts) {
    assert.equal((await send(nickname(json(text)))).code, 200)
    assert.equal((await ann.profiles.getProfile()).nick_name, text)
    await send({ method: 'PUT', path: `/user/nickname?nick_name=${encodeURIComponent(`q${text}`)}` })
    assert.equal((await ann.profiles.getProfile()).nick_name, `q${text}`)
  }
})

test('control characters other than tab and newline are refused', async t => {
  const { refused } = await deskOf(t)
  const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code))

  for (const control of controls.filter(each => each !== '\t' && each !== '\n')) {
    await refused(nickname(json(`a${control}b`)), 10002, 'nick_name')
    const path = `/user/nickname?nick_name=a${encodeURIComponent(control)}b`
    await refused({ method: 'PUT', path }, 10002, 'nick_name')
    await refused({ method: 'PUT', path: '/user/public', body: json(`a${control}b`) }, 10002, 'body')
  }
})

test('half a surrogate pair is refused in every kind of text', async t => {
  const { ann, refused, admin } = await deskOf(t)
  const half = '"a\\ud800b"'
  const places: [method: string, path: string, body: string, name: string][] = [
    ['PUT', '/user/nickname', `{"nick_name":${half}}`, 'nick_name'],
    ['PUT', '/user/profile', `{"description":${half}}`, 'description'],
    ['PUT', '/user/avatar', `{"avatar":${half}}`, 'avatar'],
    ['PUT', '/user/settings', `{"user_id":${ann.id},"auth_answer":${half}}`, 'auth_answer'],
    ['POST', '/user/push/alias', `{"alias":"a\\udc00"}`, 'alias'],
    ['POST', '/user/push/tag', `{"tags":["a",${half}]}`, 'tags[1]'],
    ['PUT', '/user/private', half, 'body'],
    ['POST', '/user/register/v2', `{"username":"bob","password":${half}}`, 'password'],
    ['POST', '/token/user', `{"name":${half},"password":"p"}`, 'name'],
  ]

  for (const [method, path, body, name] of places) await refused({ method, path, body }, 10002, name)
  const batch = `{"list":[{"user_id":${ann.id},"avatar":${half}}]}`
  const { data } = await admin({ method: 'PUT', path: '/user/avatar/batch', body: batch })
  const reason = (data as { reason: string }[])[0]?.reason
  assert.match(String(reason), /^invalid request parameter: list\[0\]\.avatar/)
  assert.equal((await ann.profiles.getProfile()).avatar, '')
})

test('bytes that are not UTF-8 make a request unreadable', async t => {
  const { refused } = await deskOf(t)
  const broken = [[0xff], [0xc0, 0xaf], [0xe4, 0xb8], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0x80]]

  for (const bytes of broken) {
    const text = Buffer.from(bytes)
    const body = Buffer.concat([Buffer.from('{"nick_name":"a'), text, Buffer.from('"}')])
    const query = bytes.map(byte => `%${byte.toString(16)}`).join('')
    await refused({ method: 'PUT', path: '/user/profile', body }, 400, unreadable)
    await refused({ method: 'PUT', path: '/user/public', body: text }, 400, unreadable)
    await refused({ method: 'PUT', path: `/user/nickname?nick_name=a${query}` }, 400, unreadable)
  }
  await refused({ method: 'PUT', path: '/user/nickname?nick_name=%' }, 400, unreadable)
  await refused({ method: 'PUT', path: '/user/nickname?nick_name=%zz' }, 400, unreadable)
  await refused({ method: 'PUT', path: '/user/nickname?nick_name=a&%ff=1' }, 400, unreadable)
})

test('a body that is not JSON is unreadable', async t => {
  const { refused } = await deskOf(t)

  for (const body of [
    '{',
    '{"nick_name":"a"',
    "{'nick_name':'a'}",
    'nick_name=a',
    '{"nick_name":"a"}x',
    '{"a":"\t\u0001"}',
    '\0',
  ])
    await refused({ method: 'PUT', path: '/user/profile', body }, 400, unreadable)
})

test('a body nests sixteen deep, and no deeper', async t => {
  const { send, refused } = await deskOf(t)
  const objects = (depth: number) => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`
  const lists = (depth: number) => `{"nick_name":"a","a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
  const quoted = json({ nick_name: '[{'.repeat(32) })

  assert.equal((await send({ method: 'PUT', path: '/user/profile', body: objects(16) })).code, 200)
  assert.equal((await send({ method: 'PUT', path: '/user/profile', body: lists(16) })).code, 200)
  assert.equal((await send({ method: 'PUT', path: '/user/profile', body: quoted })).code, 200)
  await refused({ method: 'PUT', path: '/user/profile', body: objects(17) }, 400, /nests more than 16/)
  await refused({ method: 'PUT', path: '/user/profile', body: lists(17) }, 400, /nests more than 16/)
  await refused({ method: 'PUT', path: '/user/profile', body: '['.repeat(60_000) }, 400, /nests more than 16/)
})
