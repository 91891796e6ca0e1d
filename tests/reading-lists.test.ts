import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deskOf, json } from './support/desk.ts'

const many = <T>(count: number, item: (i: number) => T) => Array.from({ length: count }, (_, i) => item(i))

test('a list of ids has 1 to 500 entries', async t => {
  const { ann, admin, refused } = await deskOf(t)

  for (const path of ['/user/disable', '/user/enable']) {
    const put = (list: unknown) => ({ method: 'PUT', path, body: json({ list }) })
    await refused(put([]), 10002, 'list', admin)
    await refused(put(many(501, () => ann.id)), 10002, 'list', admin)
    await refused(put({ 0: ann.id }), 10002, 'list', admin)
    await refused(put(ann.id), 10002, 'list', admin)
    await refused(put(null), 10002, 'list', admin)
    await refused(put([ann.id, null]), 10002, 'list[1]', admin)
    assert.equal((await admin(put(many(500, () => ann.id)))).code, 200)
  }
})

test('a batch of changes has 1 to 500 items', async t => {
  const { ann, admin, refused } = await deskOf(t)

  for (const [path, field] of [
    ['/user/profile/batch', 'nick_name'],
    ['/user/avatar/batch', 'avatar'],
  ] as const) {
    const put = (count: number) => ({
      method: 'PUT',
      path,
      body: json({ list: many(count, i => ({ user_id: ann.id, [field]: `number ${i}` })) }),
    })
    await refused(put(0), 10002, 'list', admin)
    await refused(put(501), 10002, 'list', admin)
    const { data } = await admin(put(500))
    assert.equal((data as { success: boolean }[]).filter(({ success }) => success).length, 500)
    assert.equal((await ann.profiles.getProfile())[field], 'number 499')
  }
})

test('a batch of newcomers has 1 to 100 items', async t => {
  const { admin, refused } = await deskOf(t)
  const post = (count: number) => ({
    method: 'POST',
    path: '/user/register/batch',
    body: json({ list: many(count, () => ({ username: 'ann', password: 'p' })) }),
  })

  await refused(post(0), 10002, 'list', admin)
  await refused(post(101), 10002, 'list', admin)
  const { data } = await admin(post(100))
  assert.equal((data as { success: boolean }[]).filter(({ success }) => !success).length, 100)
})

test('a call names 1 to 100 tags, and a user has at most 100', async t => {
  const { ann, send, refused } = await deskOf(t)
  const put = (method: string, tags: unknown) => ({ method, path: '/user/push/tag', body: json({ tags }) })

  for (const method of ['POST', 'DELETE']) {
    await refused(put(method, []), 10002, 'tags')
    await refused(
      put(
        method,
        many(101, i => `tag ${i}`),
      ),
      10002,
      'tags',
    )
    await refused(put(method, 'red'), 10002, 'tags')
    await refused(put(method, ['red', 5]), 10002, 'tags[1]')
    await refused(put(method, ['x'.repeat(65)]), 10002, 'tags[0]')
  }
  assert.equal(
    (
      await send(
        put(
          'POST',
          many(100, i => `tag ${i}`.padEnd(64, 'x')),
        ),
      )
    ).code,
    200,
  )
  await refused(put('POST', ['one more']), 10002, 'tags')
  assert.equal((await send(put('POST', ['tag 7'.padEnd(64, 'x')]))).code, 200)
  assert.equal((await ann.push.listTags()).length, 100)
})

test('a user that a batch names badly is refused by itself, and the others are changed', async t => {
  const { ann, admin } = await deskOf(t)
  const items = [
    null,
    5,
    [],
    {},
    { user_id: 'x', avatar: 'a' },
    { user_id: ann.id },
    { user_id: ann.id, avatar: 'cat' },
  ]

  const { data } = await admin({ method: 'PUT', path: '/user/avatar/batch', body: json({ list: items }) })

  const outcomes = data as { user_id: number; success: boolean; reason: string }[]
  assert.deepEqual(
    outcomes.map(({ success }) => success),
    [false, false, false, false, false, false, true],
  )
  for (const [i, { success, reason }] of outcomes.entries())
    if (!success) assert.match(reason, new RegExp(`^invalid request parameter: list\\[${i}\\]`))
  assert.equal((await ann.profiles.getProfile()).avatar, 'cat')
})
