import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testNode } from './harness.ts'
import { outcome } from './support/outcomes.ts'
import { send } from './support/wire.ts'

interface Outcome {
  user_id: number
  username: string
  success: boolean
  reason: string
}

test('a batch registers each item for itself: one bad item spoils no other', async t => {
  const node = await testNode(t)
  await node.signUp('taken')
  const good = [
    { username: 'ann', password: 'x' },
    { username: 'ben', password: 'y' },
  ]
  const bad = [
    [{ username: 'Taken', password: 'x' }, /taken/],
    [{ username: 'ANN', password: 'x' }, /taken/],
    [{ username: '123', password: 'x' }, /username must/],
    [{ username: 'cid' }, /password is required/],
    [{ username: 'cid', password: '' }, /password must not be empty/],
    [{ username: 'cid', password: 'x'.repeat(257) }, /password must have at most 256/],
    [{ username: 'cid', password: 5 }, /password must be text/],
    [{ password: 'x' }, /username is required/],
    [{ username: 7, password: 'x' }, /username must be text/],
    [{}, /username is required/],
    [null, /must be a JSON object/],
    ['ann', /must be a JSON object/],
    [[], /must be a JSON object/],
    [17, /must be a JSON object/],
  ] as const
  const list = [good[0], ...bad.map(([item]) => item), good[1]]

  const { code, data } = await send<Outcome[]>(node.admin.connection, 'POST', '/user/register/batch', { list })

  assert.equal(code, 200)
  assert.equal(data.length, list.length)
  for (const [i, [item, reason]] of bad.entries()) {
    const answer = data[i + 1] as Outcome
    assert.deepEqual([answer.success, answer.user_id], [false, 0], JSON.stringify(item))
    assert.match(answer.reason, reason)
  }
  const [ann, ben] = [data[0] as Outcome, data.at(-1) as Outcome]
  assert.deepEqual(
    [ann, ben].map(({ user_id, ...rest }) => rest),
    [
      { username: 'ann', success: true, reason: '' },
      { username: 'ben', success: true, reason: '' },
    ],
  )
  assert.equal((await node.signIn('ann', 'x')).id, ann.user_id)
  assert.equal((await node.signIn('ben', 'y')).id, ben.user_id)
  assert.equal((await node.admin.accounts.listUsers()).data.length, 3)
})

test('the reason of a refused item is in the language of the call, and names the item', async t => {
  const { admin } = await testNode(t)
  const list = [{ username: '1', password: 'x' }]

  const answer = await send<Outcome[]>(
    admin.connection,
    'POST',
    '/user/register/batch',
    { list },
    { 'accept-language': 'zh' },
  )

  assert.match(answer.data[0]?.reason ?? '', /list\[0\]\.username 只能包含/)
})

test('a batch holds 1 to 100 items, in a list', async t => {
  const { admin } = await testNode(t)
  const items = (length: number) => Array.from({ length }, () => ({ username: '1', password: 'x' }))
  const bodies = [{ list: [] }, { list: items(101) }, { list: 'ann' }, { list: {} }, {}, { list: items(100) }]

  const codes = []
  for (const body of bodies) codes.push((await send(admin.connection, 'POST', '/user/register/batch', body)).code)

  assert.deepEqual(codes, [10002, 10002, 10002, 10002, 10002, 200])
})

test('the policy of the app holds for each item of a batch', async t => {
  const node = await testNode(t)
  const { admin } = await node.otherApp({ user_cap: 1, password_minimum: 4, open_registration: 0 })
  const list = ['abc', 'abcd', 'abcde'].map((password, i) => ({ username: `user${i}`, password }))

  const answers = await admin.accounts.registerBatch({ list })

  assert.deepEqual(
    answers.map(({ success }) => success),
    [false, true, false],
  )
  assert.match(answers[0]?.reason ?? '', /at least 4 characters/)
  assert.match(answers[2]?.reason ?? '', /as many users as it may have/)
})

test('only an admin registers in batches', async t => {
  const { stranger, signUp } = await testNode(t)
  const ann = await signUp('ann')
  const list = [{ username: 'ben', password: 'x' }]

  assert.equal(await outcome(stranger.accounts.registerBatch({ list })), 10003)
  assert.equal(await outcome(ann.accounts.registerBatch({ list })), 10010)
})
