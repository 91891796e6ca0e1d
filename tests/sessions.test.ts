import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, testNode } from './harness.ts'
import { day, stoppedClock } from './support/clock.ts'
import { outcome } from './support/outcomes.ts'

test("a user's token lives as many days as the app says, 30 by default", async t => {
  const clock = stoppedClock()
  const node = await testNode(t, {}, clock.now)
  const brief = await node.otherApp({ token_days: 1 })

  const expiries = []
  for (const { stranger } of [node, brief]) {
    await stranger.accounts.register({ username: 'ann', password: 'x' })
    expiries.push((await stranger.tokens.signInByName({ name: 'ann', password: 'x' })).expire)
  }

  assert.deepEqual(expiries, [clock.at + 30 * day, clock.at + day])
})

test('a token that has run out answers 402, and stays dead when the clock goes back', async t => {
  const clock = stoppedClock()
  const node = await testNode(t, {}, clock.now)
  const ann = await node.signUp('ann')

  clock.at = clock.start + 30 * day - 1
  const lastMoment = await outcome(ann.profiles.getProfile())
  clock.at = clock.start + 30 * day
  const ranOut = await outcome(ann.profiles.getProfile())
  clock.at = clock.start
  const clockBack = await outcome(ann.profiles.getProfile())

  assert.equal(lastMoment, 200)
  assert.equal(ranOut, 402)
  assert.equal(clockBack, 402)
})

test("an admin's token runs out after 90 days, and stays dead when the clock goes back", async t => {
  const clock = stoppedClock()
  const { admin } = await testNode(t, {}, clock.now)

  clock.at = clock.start + 89 * day
  const good = await outcome(admin.accounts.listUsers())
  clock.at = clock.start + 91 * day
  const ranOut = await outcome(admin.accounts.listUsers())
  clock.at = clock.start
  const clockBack = await outcome(admin.accounts.listUsers())

  assert.deepEqual([good, ranOut, clockBack], [200, 402, 402])
})

test('a token that was ended stays dead whatever the clock says', async t => {
  const clock = stoppedClock()
  const { signUp } = await testNode(t, {}, clock.now)
  const ann = await signUp('ann')
  await ann.devices.kick({ device_sn: ann.device })

  const codes = []
  for (const days of [0, -400, 20, 40]) {
    clock.at = clock.start + days * day
    codes.push(await codeOf(ann.profiles.getProfile()))
  }

  assert.deepEqual(codes, [402, 402, 402, 402])
})

test('no token can be read as JSON, and no two are the same', async t => {
  const { stranger, adminToken } = await testNode(t, { hashesAtOnce: 2 })
  await stranger.accounts.register({ username: 'ann', password: 'x' })

  const signIns = Array.from({ length: 10 }, () => stranger.tokens.signInByName({ name: 'ann', password: 'x' }))
  const tokens = [adminToken, ...(await Promise.all(signIns)).map(({ token }) => token)]

  assert.equal(new Set(tokens).size, 11)
  for (const token of tokens) {
    assert.throws(() => JSON.parse(token), SyntaxError)
    assert.ok(token.length >= 46)
  }
})

test('tokens that never were ours answer 10008, and none at all 10003', async t => {
  const { stranger, signUp } = await testNode(t)
  const ann = await signUp('ann')
  const forged = [
    `ut_${'A'.repeat(43)}`,
    `at_${'A'.repeat(43)}`,
    'x',
    ann.token.slice(0, -1),
    `${ann.token}A`,
    `a${ann.token.slice(1)}`,
  ]

  const codes = []
  for (const token of forged) codes.push(await codeOf(stranger.as(token).profiles.getProfile()))

  assert.deepEqual(codes, Array(forged.length).fill(10008))
  assert.equal(await codeOf(stranger.profiles.getProfile()), 10003)
})
