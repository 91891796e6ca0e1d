import assert from 'node:assert/strict'
import { test } from 'node:test'
import { insertUser } from '../server/accounts/accounts.sql.ts'
import { countOfApp, countUser } from '../server/accounts/pages.sql.ts'
import { insertSettings } from '../server/settings/settings.sql.ts'
import { type TestNode, testNode } from './harness.ts'
import { outcome, outcomes } from './support/outcomes.ts'

/** Users without the cost of hashing. Their ids lie so far apart that they fill slots of both widths thinly. */
async function populate({ node, appId }: TestNode, many: number, apart = 97): Promise<number[]> {
  const ids = Array.from({ length: many }, (_, i) => 1001 + i * apart)
  await node.services.sql.begin(async sql => {
    for (const id of ids) {
      await countOfApp(sql, appId, 1, 0)
      await insertUser(sql, appId, { id, username: `user_${id}`, key: `user_${id}`, hash: 'none' }, 0)
      await insertSettings(sql, appId, id)
      await countUser(sql, appId, id, 1)
    }
  })
  return ids
}

const idsOf = (page: { data: { user_id: number }[] }) => page.data.map(({ user_id }) => user_id)

async function walkByCursor({ admin }: TestNode, page_size: number): Promise<number[][]> {
  const pages = []
  let cursor: string | undefined
  do {
    const page = await admin.accounts.listUsers({ page_size, ...(cursor && { cursor }) })
    pages.push(idsOf(page))
    cursor = page.cursor
  } while (cursor)
  return pages
}

async function walkByNumber({ admin }: TestNode, page_size: number, pages: number): Promise<number[][]> {
  const numbers = Array.from({ length: pages }, (_, i) => i + 1)
  return Promise.all(numbers.map(async page_num => idsOf(await admin.accounts.listUsers({ page_num, page_size }))))
}

const inPages = (ids: number[], size: number) =>
  Array.from({ length: Math.ceil(ids.length / size) }, (_, i) => ids.slice(i * size, (i + 1) * size))

test('users are listed by id, with name and status, fifty a page', async t => {
  const node = await testNode(t)
  const ids = await populate(node, 60)
  await node.admin.accounts.disable({ list: [ids[1] as number] })

  const page = await node.admin.accounts.listUsers()

  assert.deepEqual(page.data.slice(0, 3), [
    { user_id: ids[0], username: `user_${ids[0]}`, status: 0 },
    { user_id: ids[1], username: `user_${ids[1]}`, status: 1 },
    { user_id: ids[2], username: `user_${ids[2]}`, status: 0 },
  ])
  assert.deepEqual(idsOf(page), ids.slice(0, 50))
})

test('pages by number and by cursor hold the same users, also after deletions and new users', async t => {
  const node = await testNode(t)
  const ids = await populate(node, 400)
  const gone = ids.filter((_, i) => i % 3 === 0 || (i > 100 && i < 180) || i >= 390)
  await Promise.all(gone.map(id => node.admin.actingFor(id).accounts.deleteUser({})))
  const added = (await node.admin.accounts.register({ username: 'newcomer', password: 'x' })).user_id
  const left = [...ids.filter(id => !gone.includes(id)), added].sort((a, b) => a - b)

  for (const size of [7, 50, 200]) {
    const expected = inPages(left, size)
    assert.deepEqual(await walkByCursor(node, size), expected)
    assert.deepEqual(await walkByNumber(node, size, expected.length + 1), [...expected, []])
  }
})

test('every page size finds every user where ids lie densely', async t => {
  const node = await testNode(t)
  const ids = await populate(node, 300, 1)

  for (const size of [1, 127, 128, 129, 150]) {
    const expected = inPages(ids, size)
    assert.deepEqual(await walkByNumber(node, size, expected.length), expected)
  }
})

test('a page has 1 to 200 users and counts from 1; beyond the last there is nothing', async t => {
  const node = await testNode(t)
  await populate(node, 3)
  const { listUsers } = node.admin.accounts

  const codes = await outcomes([
    listUsers({ page_size: 0 }),
    listUsers({ page_size: 201 }),
    listUsers({ page_size: -1 }),
    listUsers({ page_num: 0 }),
    listUsers({ page_num: 2_147_483_648 }),
    listUsers({ page_size: 200 }),
  ])
  const beyond = await listUsers({ page_num: 2_147_483_647, page_size: 200 })

  assert.deepEqual(codes, [10002, 10002, 10002, 10002, 10002, 200])
  assert.deepEqual(beyond, { data: [] })
})

test('the last page has no cursor, even when it is full, and an empty app has one empty page', async t => {
  const node = await testNode(t)
  const empty = await node.admin.accounts.listUsers()
  await populate(node, 4)

  const first = await node.admin.accounts.listUsers({ page_size: 2 })
  const last = await node.admin.accounts.listUsers({ page_size: 2, page_num: 2 })

  assert.deepEqual(empty.data, [])
  assert.ok(!('cursor' in empty) && !('cursor' in last))
  assert.equal(typeof first.cursor, 'string')
})

test('a cursor is one of ours, and does not go with a page number', async t => {
  const node = await testNode(t)
  await populate(node, 4)
  const { listUsers } = node.admin.accounts
  const { cursor = '' } = await listUsers({ page_size: 2 })

  const codes = await outcomes([
    listUsers({ cursor, page_num: 1 }),
    listUsers({ cursor: '1001' }),
    listUsers({ cursor: `${cursor}!` }),
    listUsers({ cursor: 'uzzzzzzzzzzz' }),
    listUsers({ cursor: '' }),
    listUsers({ cursor }),
  ])

  assert.deepEqual(codes, [10002, 10002, 10002, 10002, 10002, 200])
})

test('only an admin lists users, and for the whole app', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')

  assert.equal(await outcome(ann.accounts.listUsers()), 10010)
  assert.equal(await outcome(node.admin.actingFor(ann.id).accounts.listUsers()), 10002)
})
