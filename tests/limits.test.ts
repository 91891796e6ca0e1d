import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StonechatError } from '../client/index.ts'
import { memoryLimits } from '../server/limits/memory.ts'
import { codeOf, type TestNode, testNode } from './harness.ts'
import { count, outcome, outcomes, refusal } from './support/outcomes.ts'
import { send } from './support/wire.ts'

const limits = 'on' as const
const wrong = 'not it'

const guess = ({ stranger }: Pick<TestNode, 'stranger'>, name: string) =>
  outcome(stranger.tokens.signInByName({ name, password: wrong }))

test('all ways to sign in to an account share its tries', async t => {
  const node = await testNode(t, { limits, triesPerAccount: 6 })
  const { stranger } = node
  const { user_id } = await stranger.accounts.register({ username: 'ann', password: 'x' })
  await node.admin.actingFor(user_id).accounts.setMobile({ mobile: '+4915112345678' })

  const first = await outcomes([
    stranger.tokens.signInByName({ name: 'ann', password: wrong }),
    stranger.tokens.signInByName({ name: 'ANN', password: wrong }),
    stranger.tokens.signInById({ user_id, password: wrong }),
    stranger.tokens.signInByLogin({ login_name: 'ann', password: wrong }),
    stranger.tokens.signInByLogin({ login_name: '+4915112345678', password: wrong }),
    stranger.tokens.signInById({ user_id, password: 'x' }),
  ])
  const then = await outcomes([
    stranger.tokens.signInByName({ name: 'ann', password: 'x' }),
    stranger.tokens.signInById({ user_id, password: 'x' }),
    stranger.tokens.signInByLogin({ login_name: '+4915112345678', password: 'x' }),
  ])

  assert.deepEqual(first, [402, 402, 402, 402, 402, 200])
  assert.deepEqual(then, [10028, 10028, 10028])
})

test('too many tries answer HTTP 429 with code 10028 and the seconds to wait', async t => {
  const node = await testNode(t, { limits, triesPerAccount: 1 })
  await guess(node, 'ann')

  const error = await refusal(node.stranger.tokens.signInByName({ name: 'ann', password: wrong }))

  assert.deepEqual([error.status, error.code], [429, 10028])
  assert.ok(error.retryAfter !== undefined && error.retryAfter > 50 && error.retryAfter <= 60, `${error.retryAfter}`)
})

test('a name that nobody has is limited like any other', async t => {
  const node = await testNode(t, { limits, triesPerAccount: 3 })
  await node.stranger.accounts.register({ username: 'ann', password: 'x' })

  const known = []
  const unknown = []
  for (let i = 0; i < 5; i++) {
    known.push(await guess(node, 'ann'))
    unknown.push(await guess(node, 'nobody'))
  }

  assert.deepEqual(known, [402, 402, 402, 10028, 10028])
  assert.deepEqual(unknown, known)
})

test('tries are counted before they are hashed: a flood on one account never fills the queue', async t => {
  const node = await testNode(t, { limits, triesPerAccount: 3, hashesAtOnce: 1, hashQueue: 2 })
  await node.stranger.accounts.register({ username: 'ann', password: 'x' })

  const codes = await Promise.all(Array.from({ length: 30 }, () => guess(node, 'ann')))

  assert.equal(count(codes, 402), 3)
  assert.equal(count(codes, 10028), 27)
})

test('one address has so many tries in all, whichever accounts it tries', async t => {
  const node = await testNode(t, { limits, triesPerAddress: 4 })

  const codes = []
  for (let i = 0; i < 6; i++) codes.push(await guess(node, `name_${i}`))

  assert.deepEqual(codes, [402, 402, 402, 402, 10028, 10028])
})

test('an address is believed from a proxy of ours alone', async t => {
  const alone = await testNode(t, { limits, triesPerAddress: 1 })
  const behind = await testNode(t, { limits, triesPerAddress: 1, proxies: ['127.0.0.1'] })
  const from = async ({ stranger }: TestNode, address: string) => {
    const body = { name: 'nobody', password: wrong }
    return (await send(stranger.connection, 'POST', '/token/user', body, { 'x-forwarded-for': address })).code
  }

  const lied = [await from(alone, '192.0.2.1'), await from(alone, '192.0.2.2')]
  const proxied = [await from(behind, '192.0.2.1'), await from(behind, '192.0.2.2'), await from(behind, '192.0.2.1')]

  assert.deepEqual(lied, [402, 10028])
  assert.deepEqual(proxied, [402, 402, 10028])
})

test("others' guesses do not keep a device that is signed in from signing in again", async t => {
  const node = await testNode(t, { limits, triesPerAccount: 3 })
  const ann = await node.signUp('ann', 'x', 'phone')
  await Promise.all(Array.from({ length: 5 }, () => guess(node, 'ann')))

  const elsewhere = await outcome(node.signIn('ann', 'x', 'tablet'))
  const again = await outcome(node.signIn('ann', 'x', 'phone'))
  await node.admin.actingFor(ann.id).devices.kick({})
  const kicked = await outcome(node.signIn('ann', 'x', 'phone'))

  assert.deepEqual([elsewhere, again, kicked], [10028, 200, 10028])
})

test('whoever knows the name of a signed-in device has no more tries there than elsewhere', async t => {
  const node = await testNode(t, { limits, triesPerAccount: 3 })
  await node.signUp('ann', 'x', 'phone')
  const body = { name: 'ann', password: wrong, device_guid: 'phone' }

  const codes = []
  for (let i = 0; i < 5; i++) codes.push(await outcome(node.stranger.tokens.signInByName(body)))

  assert.deepEqual(codes, [402, 402, 402, 10028, 10028])
})

test('on a device, change_password, delete and sign-in share their tries', async t => {
  const node = await testNode(t, { limits, triesPerAccount: 3 })
  const ann = await node.signUp('ann', 'x', 'phone')

  const wrongOnes = [
    await codeOf(ann.accounts.changePassword({ old_password: wrong, new_password: 'y' })),
    await codeOf(ann.accounts.deleteUser({ password: wrong })),
    await outcome(node.stranger.tokens.signInByName({ name: 'ann', password: wrong, device_guid: 'phone' })),
  ]
  const rightOnes = [
    await outcome(ann.accounts.changePassword({ old_password: 'x', new_password: 'y' })),
    await outcome(ann.accounts.deleteUser({ password: 'x' })),
    await outcome(node.signIn('ann', 'x', 'phone')),
  ]

  assert.deepEqual(wrongOnes, [11001, 11001, 402])
  assert.deepEqual(rightOnes, [10028, 10028, 10028])
  assert.equal(await outcome(ann.profiles.getProfile()), 200)
})

test('thirty registrations an hour come from one address, in whichever way', async t => {
  const { stranger } = await testNode(t, { limits, hashesAtOnce: 2 })
  const register = (i: number) => {
    const user = { username: `user_${i}`, password: 'x' }
    return i % 2 ? stranger.accounts.register(user) : stranger.accounts.registerPush(user)
  }

  const codes = await outcomes(Array.from({ length: 30 }, (_, i) => register(i)))
  const more = await refusal(register(30))

  assert.deepEqual(codes, Array(30).fill(200))
  assert.deepEqual([more.status, more.code], [429, 10028])
  assert.ok(more.retryAfter !== undefined && more.retryAfter > 100 && more.retryAfter <= 120, `${more.retryAfter}`)
})

test("an admin's registrations are not limited, and take nothing from those of guests", async t => {
  const { admin, stranger } = await testNode(t, { limits, registrationsPerAddress: 1 })
  const users = (prefix: string) => Array.from({ length: 3 }, (_, i) => ({ username: `${prefix}_${i}`, password: 'x' }))

  const one = await outcomes(users('one').map(user => admin.accounts.register(user)))
  const batch = await admin.accounts.registerBatch({ list: users('batch') })
  const guests = []
  for (const user of users('guest')) guests.push(await outcome(stranger.accounts.register(user)))

  assert.deepEqual(one, [200, 200, 200])
  assert.ok(batch.every(({ success }) => success))
  assert.deepEqual(guests, [200, 10028, 10028])
})

test('two apps share no tries', async t => {
  const node = await testNode(t, { limits, triesPerAccount: 1, triesPerAddress: 1, registrationsPerAddress: 1 })
  const other = await node.otherApp()

  const codes = [await guess(node, 'ann'), await guess(node, 'ann'), await guess(other, 'ann')]
  const ann = { username: 'ann', password: 'x' }
  const registrations = [
    await outcome(node.stranger.accounts.register(ann)),
    await outcome(other.stranger.accounts.register(ann)),
  ]

  assert.deepEqual(codes, [402, 10028, 402])
  assert.deepEqual(registrations, [200, 200])
})

test('when the queue of hashes is full the answer is 503 with Retry-After, and soon all is well again', async t => {
  const node = await testNode(t, { hashesAtOnce: 1, hashQueue: 2 })
  const { stranger } = node
  await stranger.accounts.register({ username: 'ann', password: 'x' })

  const signIns = Array.from({ length: 30 }, () => stranger.tokens.signInByName({ name: 'ann', password: 'x' }))
  const answers = await Promise.allSettled(signIns)
  const refused = answers.filter(answer => answer.status === 'rejected').map(({ reason }) => reason as StonechatError)

  assert.ok(refused.length > 0 && refused.length < 30, `${refused.length} refused`)
  for (const error of refused) assert.deepEqual([error.status, error.code, error.retryAfter], [503, 503, 2])
  assert.equal(await outcome(node.signIn('ann', 'x')), 200)
})

test('what was taken comes back evenly, never beyond the count, and not by a clock that goes back', async () => {
  let now = 0
  const rule = { count: 6, seconds: 60 }
  const { take } = memoryLimits({ account: rule, address: rule, registration: rule }, () => now)
  const takeMany = async () => {
    let taken = 0
    while (
      await take('account', 'app', 'ann').then(
        () => true,
        () => false,
      )
    )
      taken++
    return taken
  }

  const taken = []
  for (const at of [0, 9_999, 10_000, 30_000, 3_600_000, 0, 9_000]) {
    now = at
    taken.push(await takeMany())
  }

  assert.deepEqual(taken, [6, 0, 1, 2, 6, 0, 0])
})
