import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findAlias } from '../server/push/push.sql.ts'
import { type TestNode, testNode } from './harness.ts'
import { outcome, outcomes } from './support/outcomes.ts'

const aliasOf = ({ node, appId }: TestNode, user: number) => findAlias(node.services.sql, appId, user)

test('a user has one alias: a new one takes the place of the old, an empty one unbinds it', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann', 'x')

  const aliases = []
  for (const alias of ['annie', 'anna', 'anna', '', '']) {
    await ann.push.setAlias({ alias })
    aliases.push(await aliasOf(node, ann.id))
  }

  assert.deepEqual(aliases, ['annie', 'anna', 'anna', '', ''])
})

test("a user cannot take another's alias; given up, it is free", async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann', 'x')
  const ben = await node.signUp('ben', 'x')
  await ann.push.setAlias({ alias: 'shared' })
  await ben.push.setAlias({ alias: 'his' })

  const taken = await outcome(ben.push.setAlias({ alias: 'shared' }))
  const kept = [await aliasOf(node, ann.id), await aliasOf(node, ben.id)]
  await ann.push.setAlias({ alias: 'hers' })
  await ben.push.setAlias({ alias: 'shared' })

  assert.equal(taken, 13004)
  assert.deepEqual(kept, ['shared', 'his'])
  assert.deepEqual([await aliasOf(node, ann.id), await aliasOf(node, ben.id)], ['hers', 'shared'])
})

test('an admin can move an alias from one user to another', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann', 'x')
  const ben = await node.signUp('ben', 'x')
  await ann.push.setAlias({ alias: 'support' })
  await ben.push.setAlias({ alias: 'his' })

  await node.admin.actingFor(ben.id).push.setAlias({ alias: 'support' })

  assert.deepEqual([await aliasOf(node, ann.id), await aliasOf(node, ben.id)], ['', 'support'])
})

test("a push token given with an alias must be the user's, on whichever of its devices", async t => {
  const node = await testNode(t)
  const phone = await node.signUp('ann', 'x')
  const tablet = await node.signIn('ann', 'x')
  const ben = await node.signUp('ben', 'x')
  const tokenOf = async ({ settings }: typeof ben) => (await settings.getSettings()).push_token

  const codes = await outcomes([
    phone.push.setAlias({ alias: 'foreign', push_token: await tokenOf(ben) }),
    phone.push.setAlias({ alias: 'unknown', push_token: 'nobody has this' }),
    node.admin.actingFor(phone.id).push.setAlias({ alias: 'admin', push_token: await tokenOf(ben) }),
  ])
  const untouched = await aliasOf(node, phone.id)
  const right = await outcome(phone.push.setAlias({ alias: 'annie', push_token: await tokenOf(tablet) }))

  assert.deepEqual(codes, [13005, 13005, 13005])
  assert.equal(untouched, '')
  assert.equal(right, 200)
  assert.equal(await aliasOf(node, phone.id), 'annie')
})

test('an alias has at most 64 characters', async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')

  assert.equal(await outcome(ann.push.setAlias({ alias: '汉'.repeat(64) })), 200)
  assert.equal(await outcome(ann.push.setAlias({ alias: '汉'.repeat(65) })), 10002)
  assert.equal(await outcome(ann.push.setAlias({ alias: 'a\0' })), 10002)
})

test('tags are a set: adding and taking away what is or is not there are no failures', async t => {
  const { signUp, admin } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const ben = await signUp('ben', 'x')
  await ben.push.addTags({ tags: ['news', 'sport'] })

  await ann.push.addTags({ tags: ['news', 'sport', 'news'] })
  await ann.push.addTags({ tags: ['news', 'music'] })
  const added = await ann.push.listTags()
  await ann.push.removeTags({ tags: ['sport', 'sport', 'never had'] })
  const taken = await admin.actingFor(ann.id).push.listTags()
  await ann.push.clearTags()
  await ann.push.clearTags()

  assert.deepEqual(added.sort(), ['music', 'news', 'sport'])
  assert.deepEqual(taken.sort(), ['music', 'news'])
  assert.deepEqual(await ann.push.listTags(), [])
  assert.deepEqual(await ben.push.listTags(), ['news', 'sport'])
})

test('a user has at most 100 tags, and a call that would pass them adds none', async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const tags = (prefix: string, length: number) => Array.from({ length }, (_, i) => `${prefix}${i}`)
  await ann.push.addTags({ tags: tags('a', 99) })

  const tooMany = await outcome(ann.push.addTags({ tags: ['b0', 'b1'] }))
  const after = await ann.push.listTags()
  const last = await outcomes([ann.push.addTags({ tags: ['b0', ...tags('a', 99)] })])
  const beyond = await outcome(ann.push.addTags({ tags: ['b1'] }))

  assert.equal(tooMany, 10002)
  assert.equal(after.length, 99)
  assert.deepEqual([...last, beyond], [200, 10002])
  assert.equal((await ann.push.listTags()).length, 100)
})

test('a list of tags has 1 to 100 of them, each of 1 to 64 characters', async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const wrong = [[], [''], ['x'.repeat(65)], Array(101).fill('x'), ['fine', 'a\u0001']]

  for (const tags of wrong)
    assert.deepEqual(await outcomes([ann.push.addTags({ tags }), ann.push.removeTags({ tags })]), [10002, 10002])
  await ann.push.addTags({ tags: ['😀'.repeat(64)] })

  assert.deepEqual(await ann.push.listTags(), ['😀'.repeat(64)])
})

test('a badge is a number from 0 to 99,999', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann', 'x')
  const badge = async () => {
    const [row] = await node.node.services.sql<{ badge: number }>`
      select badge from settings where app_id = ${node.appId} and user_id = ${ann.id}`
    return row?.badge
  }

  const codes = await outcomes([-1, 100_000, 1.5].map(badge => ann.push.setBadge({ badge })))
  const untouched = await badge()
  await ann.push.setBadge({ badge: 99_999 })
  const largest = await badge()
  await node.admin.actingFor(ann.id).push.setBadge({ badge: 0 })

  assert.deepEqual(codes, [10002, 10002, 10002])
  assert.deepEqual([untouched, largest, await badge()], [0, 99_999, 0])
})
