import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, type TestNode, testNode } from './harness.ts'
import { online } from './support/realtime.ts'

type Input = NonNullable<Parameters<TestNode['admin']['users']['searchUsers']>[0]>

/** The usernames that a search finds, page by page. */
async function found({ admin }: TestNode, input: Input): Promise<string[]> {
  const names: string[] = []
  let cursor: string | undefined
  do {
    const page = await admin.users.searchUsers({ ...input, ...(cursor && { cursor }) })
    names.push(...page.data.map(({ username }) => username))
    cursor = page.cursor
  } while (cursor !== undefined)
  return names
}

test('an admin finds users by the beginning of each field, in any case', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('Ann_Lee')
  const bob = await node.signUp('bob')
  await ann.profiles.setNickname({ nick_name: 'Queen of the North' })
  await bob.profiles.setNickname({ nick_name: 'queen' })
  await ann.accounts.setMobile({ mobile: '+4915112345678' })

  assert.deepEqual(await found(node, { q: 'ann', field: 'username' }), ['Ann_Lee'])
  assert.deepEqual(await found(node, { q: 'QUEEN', field: 'nick_name' }), ['bob', 'Ann_Lee'])
  assert.deepEqual(await found(node, { q: '+4915', field: 'mobile' }), ['Ann_Lee'])
  assert.deepEqual(await found(node, { q: String(bob.id), field: 'user_id' }), ['bob'])
  assert.deepEqual(await found(node, { q: 'queen', field: 'username' }), [])
})

test('a search everywhere tells of each user once', async t => {
  const node = await testNode(t)
  for (const name of ['x_one', 'x_two', 'other']) {
    const person = await node.signUp(name)
    await person.profiles.setNickname({ nick_name: `x ${name}` })
  }

  const names = await found(node, { q: 'x', page_size: 1 })

  assert.deepEqual(names, ['x_one', 'x_two', 'other'])
})

test('ids that begin so are found in their order, whatever their length', async t => {
  const node = await testNode(t)
  await node.admin.accounts.registerBatch({
    list: Array.from({ length: 12 }, (_, i) => ({ username: `u_${i}`, password: 'p' })),
  })

  const page = await node.admin.users.searchUsers({ q: '101', field: 'user_id' })

  assert.deepEqual(
    page.data.map(({ user_id }) => user_id),
    [1010, 1011, 1012],
  )
})

test('without a text the newest come first, and filters narrow', async t => {
  const node = await testNode(t)
  const clock = Date.now()
  const people = [await node.signUp('first'), await node.signUp('second'), await node.signUp('third')] as const
  await node.admin.accounts.disable({ list: [people[0].id] })
  await online(t, people[1])
  const phone = await node.stranger.tokens.signInByName({ name: 'third', password: people[2].password, platform: 2 })

  assert.deepEqual(await found(node, { page_size: 1 }), ['third', 'second', 'first'])
  assert.deepEqual(await found(node, { status: 1 }), ['first'])
  assert.deepEqual(await found(node, { status: 0, page_size: 1 }), ['third', 'second'])
  assert.deepEqual(await found(node, { online: true }), ['second'])
  assert.deepEqual(await found(node, { online: false }), ['third', 'first'])
  assert.deepEqual(await found(node, { platform: 2 }), ['third'])
  assert.deepEqual(await found(node, { registered_from: clock - 1000, status: 1, q: 'f' }), ['first'])
  assert.deepEqual(await found(node, { registered_until: clock - 60_000 }), [])
  assert.ok(phone.device_sn > 0)
})

test('many users of one nickname are told page by page, none twice', async t => {
  const node = await testNode(t)
  const list = Array.from({ length: 7 }, (_, i) => ({ username: `same_${i}`, password: 'p' }))
  const made = await node.admin.accounts.registerBatch({ list })
  await node.admin.profiles.setProfileBatch({ list: made.map(({ user_id }) => ({ user_id, nick_name: 'Ann' })) })

  const names = await found(node, { q: 'ann', field: 'nick_name', page_size: 2 })

  assert.deepEqual(
    names,
    list.map(({ username }) => username),
  )
})

test('what is looked for is taken literally', async t => {
  const node = await testNode(t)
  await node.signUp('a_b')
  await node.signUp('axb')

  assert.deepEqual(await found(node, { q: 'a_', field: 'username' }), ['a_b'])
  assert.deepEqual(await found(node, { q: '%' }), [])
  assert.deepEqual(await found(node, { q: 'a\u{1f600}' }), [])
})

test('users are counted as a search finds them', async t => {
  const node = await testNode(t)
  const list = Array.from({ length: 5 }, (_, i) => ({ username: `n_${i}`, password: 'p' }))
  const [first] = await node.admin.accounts.registerBatch({ list })
  await node.admin.accounts.disable({ list: [first?.user_id as number] })

  assert.deepEqual(await node.admin.users.countUsers(), { users: 5, exact: true })
  assert.deepEqual(await node.admin.users.countUsers({ q: 'n_' }), { users: 5, exact: true })
  assert.deepEqual(await node.admin.users.countUsers({ status: 1 }), { users: 1, exact: true })
})

test('users of another app are not found', async t => {
  const node = await testNode(t)
  const other = await node.otherApp()
  await other.signUp('ann')

  assert.deepEqual(await found(node, { q: 'ann' }), [])
  assert.deepEqual(await found(node, {}), [])
})

test('a search is refused to users, and a cursor that is not ours is told from one that is', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const forged = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url')

  assert.equal(await codeOf(ann.users.searchUsers()), 10010)
  for (const cursor of ['nonsense', forged([9, 'a', 1]), forged([0, {}, 1]), forged([0, 'a', -1]), forged(7)])
    assert.equal(await codeOf(node.admin.users.searchUsers({ cursor })), 10002)
  assert.equal(await codeOf(node.admin.users.searchUsers({ field: 'password' as 'username' })), 10002)
})
