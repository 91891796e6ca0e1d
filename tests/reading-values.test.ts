import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deskOf, json } from './support/desk.ts'

const badge = (value: string) => ({ method: 'POST', path: '/user/push/badge', body: `{"badge":${value}}` })

test('an integer is a JSON integer or a decimal text, wherever it stands', async t => {
  const { node, send } = await deskOf(t)
  const stored = async (call: Promise<{ code: number }>) => {
    assert.equal((await call).code, 200)
    return (await node.node.services.sql<{ badge: number }>`select badge from settings`)[0]?.badge
  }

  assert.equal(await stored(send(badge('5'))), 5)
  assert.equal(await stored(send(badge('"6"'))), 6)
  assert.equal(await stored(send({ method: 'POST', path: '/user/push/badge?badge=7' })), 7)
  assert.equal(await stored(send(badge('99999'))), 99_999)
  assert.equal(await stored(send(badge('0'))), 0)
  assert.equal(await stored(send(badge('-0'))), 0)
})

test('what is no integer, or out of range, is refused and never rounded', async t => {
  const { refused } = await deskOf(t)
  const wrong = [
    ...['1e3', '1E3', '5.0', '5.5', '-1', '100000', 'true', 'false', 'null', '[]', '[5]', '{}', '{"badge":5}'],
    ...['1e400', '1e-400', '9007199254740993', '99999999999999999999', '-9223372036854775809', `1${'0'.repeat(400)}`],
    ...['""', '" 5"', '"5 "', '"+5"', '"0x10"', '"1e3"', '"5.0"', '"-1"', '"5n"', '"１"', '"true"', '"NaN"', '"1_0"'],
    ...['"9007199254740993"', '"18446744073709551617"', `"${'9'.repeat(400)}"`],
  ]

  for (const value of wrong) await refused(badge(value), 10002, 'badge')
  for (const value of ['', '0x10', '+5', '%2B5', '5.0', '1e3', '%205', 'null', '[]'])
    await refused({ method: 'POST', path: `/user/push/badge?badge=${value}` }, 10002, 'badge')
})

test('an integer that JSON does not know makes the body unreadable', async t => {
  const { refused } = await deskOf(t)

  for (const value of ['0x10', '+5', '05', 'NaN', 'Infinity', '5n', '.5', '-'])
    await refused(badge(value), 400, /^The request cannot be read: the body is not JSON/)
})

test('an id beyond 2^53 is never taken for its neighbour', async t => {
  const { ann, refused, admin } = await deskOf(t)

  for (const id of ['9007199254740993', '"9007199254740993"', '9223372036854775807', '0', '-1', '1.0', '"1e3"']) {
    await refused({ method: 'PUT', path: '/user/disable', body: `{"list":[${ann.id},${id}]}` }, 10002, 'list[1]', admin)
    await refused({ method: 'PUT', path: '/user/settings', body: `{"user_id":${id}}` }, 10002, 'user_id')
    await refused({ method: 'POST', path: '/token/id', body: `{"user_id":${id},"password":"p"}` }, 10002, 'user_id')
  }
})

test('every whole number keeps to its range', async t => {
  const { refused, admin } = await deskOf(t)
  const ranges: [method: string, path: string, name: string, ...outside: number[]][] = [
    ['PUT', '/user/authmode', 'value', -1, 4],
    ['PUT', '/user/push/limit?no_push_end_hour=1', 'no_push_start_hour', -1, 24],
    ['PUT', '/user/push/limit?no_push_start_hour=1', 'no_push_end_hour', -1, 24],
    ['PUT', '/user/kick', 'device_sn', 0, 2_147_483_648],
    ['DELETE', '/user/device/remove', 'device_sn', 0, -1],
  ]
  const inBody = ['auth_mode', 'no_push_start_hour', 'no_push_end_hour', 'silence_start_time', 'silence_end_time']

  for (const [method, path, name, ...outside] of ranges)
    for (const value of outside)
      await refused({ method, path: `${path}${path.includes('?') ? '&' : '?'}${name}=${value}` }, 10002, name)
  for (const name of inBody)
    await refused({ method: 'PUT', path: '/user/settings', body: json({ user_id: 1, [name]: 24 }) }, 10002, name)
  for (const [name, value] of [
    ['page_num', 0],
    ['page_num', 2_147_483_648],
    ['page_size', 0],
    ['page_size', 201],
  ])
    await refused({ path: `/user/list?${name}=${value}` }, 10002, String(name), admin)
})

test('a flag is true or false, or the text of one of them', async t => {
  const { ann, send } = await deskOf(t)
  const heard: boolean[] = []

  for (const value of ['true', '"false"', '"true"', 'false']) {
    await send({ method: 'PUT', path: '/user/settings', body: `{"user_id":${ann.id},"no_sounds":${value}}` })
    heard.push((await ann.settings.getSettings()).no_sounds)
  }
  await send({ method: 'PUT', path: '/user/sounds?value=true' })
  heard.push((await ann.settings.getSettings()).no_sounds)

  assert.deepEqual(heard, [true, false, true, false, true])
})

test('what is neither true nor false is refused', async t => {
  const { ann, refused } = await deskOf(t)

  for (const value of [
    '1',
    '0',
    '"1"',
    '"0"',
    '"TRUE"',
    '"True"',
    '"yes"',
    '"on"',
    '""',
    'null',
    '[true]',
    '{}',
    '1.0',
  ]) {
    await refused({ method: 'POST', path: '/user/sounds', body: `{"value":${value}}` }, 10002, 'value')
    const body = `{"user_id":${ann.id},"no_push":${value}}`
    await refused({ method: 'PUT', path: '/user/settings', body }, 10002, 'no_push')
  }
  for (const value of ['1', '', 'TRUE', 'on'])
    await refused({ method: 'PUT', path: `/user/vibratory?value=${value}` }, 10002, 'value')
})

test('a text is a text, and no number is made one', async t => {
  const { refused } = await deskOf(t)

  for (const value of ['5', '5.5', 'true', 'null', '[]', '["a"]', '{}', '{"a":1}'])
    await refused({ method: 'PUT', path: '/user/nickname', body: `{"nick_name":${value}}` }, 10002, 'nick_name')
})
