/** Where other services of this kind have let passwords be guessed, or have let the guard against it lock people out. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Passwords } from '../../server/accounts/passwords.ts'
import { memoryLimits } from '../../server/limits/memory.ts'
import { type TestNode, testNode } from '../harness.ts'
import { amount } from '../support/amount.ts'
import { ask, exchange } from '../support/http.ts'
import { count, outcome, outcomes } from '../support/outcomes.ts'
import { hashQuickly } from '../support/quick-hashing.ts'
import { times } from '../support/races.ts'
import { send } from '../support/wire.ts'

const limits = 'on' as const
const wrong = 'not it'

/** Quick hashes, and how many of them there were. */
function countHashes(node: TestNode) {
  hashQuickly(node, 0)
  const { passwords } = node.node.services
  const done = { hash: 0, verify: 0 }
  node.node.services.passwords = Object.assign(Object.create(Passwords.prototype) as Passwords, {
    isOutdated: () => false,
    hash: (password: string) => {
      done.hash++
      return passwords.hash(password)
    },
    verify: (phc: string | undefined, password: string) => {
      done.verify++
      return passwords.verify(phc, password)
    },
  })
  return done
}

// Row 25
test('a name that nobody has costs what one costs that somebody has', async t => {
  const node = await testNode(t)
  const verified: string[] = []
  node.node.services.passwords = new Passwords(
    {
      hash: async password => `of ${password}`,
      async verify(phc) {
        verified.push(phc)
        return false
      },
    },
    1,
    10,
  )
  await node.stranger.accounts.register({ username: 'ann', password: 'x' })

  const codes = []
  for (const name of ['ann', 'nobody', 'nobody else'])
    codes.push(await outcome(node.stranger.tokens.signInByName({ name, password: 'x' })))

  assert.deepEqual(codes, [402, 402, 402])
  assert.equal(verified.length, 3)
  assert.match(verified[1] as string, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
})

// Row 27
test('both methods of an operation take from one bucket, and no header or query makes another method of a call', async t => {
  const node = await testNode(t, { limits, triesPerAccount: 4 })
  hashQuickly(node, 0)
  const ann = await node.signUp('ann', 'x', 'phone')
  const before = (await send(ann.connection, 'GET', '/user/profile')).text
  const remove = (method: string) => send(ann.connection, method, '/user/delete', { password: wrong })

  const codes = []
  for (const method of ['DELETE', 'POST', 'DELETE', 'POST', 'DELETE', 'POST']) codes.push((await remove(method)).code)
  const overridden = []
  for (const header of ['x-http-method-override', 'x-http-method', 'x-method-override'])
    for (const path of ['/user/profile', '/user/profile?_method=POST&method=POST'])
      overridden.push((await send(ann.connection, 'GET', path, undefined, { [header]: 'POST' })).text)

  // The sign-in before counted for the account, and these for the device.
  assert.deepEqual(codes, [11001, 11001, 11001, 11001, 10028, 10028])
  assert.deepEqual(new Set(overridden), new Set([before]))
})

// Row 27
test('a batch registers no more than its items, each with its own hash, and is the admin’s alone', async t => {
  const node = await testNode(t, { limits, registrationsPerAddress: 1 })
  const done = countHashes(node)
  const list = times(5, i => ({ username: `user_${i}`, password: 'x' }))
  const ann = await node.signUp('ann', 'x')
  const hashed = done.hash

  const codes = await outcomes([node.stranger.accounts.registerBatch({ list }), ann.accounts.registerBatch({ list })])
  const refused = done.hash
  await node.admin.accounts.registerBatch({ list })

  assert.deepEqual(codes, [10003, 10010])
  assert.deepEqual([refused - hashed, done.hash - refused], [0, 5])
})

// Row 28
test('a list that is too long, or names one user twice, is refused before anything is hashed', async t => {
  const node = await testNode(t)
  const done = countHashes(node)
  const register = (list: unknown[]) => send(node.admin.connection, 'POST', '/user/register/batch', { list })
  const users = (n: number, name = (i: number) => `u${i}x`) => times(n, i => ({ username: name(i), password: 'x' }))

  const long = []
  for (const n of [101, 10_000, 30_000]) long.push((await register(users(n))).code)
  const huge = await register(users(300_000)).catch((error: NodeJS.ErrnoException) => error.code)
  const ids = times(501, i => i + 1)
  const lists = [
    (await send(node.admin.connection, 'PUT', '/user/disable', { list: ids })).code,
    (await send(node.admin.connection, 'POST', '/user/profile/batch', { list: ids.map(user_id => ({ user_id })) }))
      .code,
  ]
  const before = done.hash
  const twice = await register(users(50, () => 'same'))

  assert.deepEqual(long, [10002, 10002, 413])
  // The rest of a body that nobody reads may meet a closed connection.
  assert.ok(typeof huge === 'string' ? /ECONNRESET|EPIPE/.test(huge) : huge?.code === 413)
  assert.deepEqual(lists, [10002, 10002])
  assert.deepEqual([before, done.hash], [0, 1])
  assert.equal(
    count(
      (twice.data as { success: boolean }[]).map(({ success }) => success),
      true,
    ),
    1,
  )
})

// Row 29
test('a lockout that one way in has set holds on every other', async t => {
  const node = await testNode(t, { limits, triesPerAccount: 2, triesPerAddress: 1000 })
  hashQuickly(node, 0)
  const { tokens } = node.stranger
  const ways: [
    string,
    (user: { user_id: number; name: string; mobile: string }, password: string) => Promise<unknown>,
  ][] = [
    ['/token/user', ({ name }, password) => tokens.signInByName({ name, password })],
    ['/token/id', ({ user_id }, password) => tokens.signInById({ user_id, password })],
    ['/token/login by name', ({ name }, password) => tokens.signInByLogin({ login_name: name, password })],
    ['/token/login by mobile', ({ mobile }, password) => tokens.signInByLogin({ login_name: mobile, password })],
  ]

  for (const [i, [guessed, guess]] of ways.entries()) {
    const [name, mobile] = [`user_${i}`, `+491511234567${i}`]
    const { user_id } = await node.admin.accounts.register({ username: name, password: 'x' })
    await node.admin.actingFor(user_id).accounts.setMobile({ mobile })
    const user = { user_id, name, mobile }
    const guesses = [await outcome(guess(user, wrong)), await outcome(guess(user, wrong))]
    const then = await outcomes(ways.map(([, signIn]) => signIn(user, 'x')))
    assert.deepEqual([...guesses, ...then], [402, 402, 10028, 10028, 10028, 10028], guessed)
  }
})

// Row 30
test('of a thousand guesses at once no more are verified than may be tried', async t => {
  const node = await testNode(t)
  const done = countHashes(node)
  const [account, plenty] = [
    { count: 10, seconds: 60 },
    { count: 1_000_000, seconds: 60 },
  ]
  // On a clock that stands still nothing is refilled, however long a thousand calls take.
  node.node.services.limits = memoryLimits({ account, address: plenty, registration: plenty }, () => 0)
  await node.stranger.accounts.register({ username: 'ann', password: 'x' })
  const body = JSON.stringify({ name: 'ann', password: wrong })
  const headers = { app_id: node.appId, 'content-type': 'application/json' }

  const answers = await Promise.all(
    times(1000, () => ask(node.url, { method: 'POST', path: '/token/user', headers, body })),
  )

  const codes = answers.map(({ code }) => code)
  assert.deepEqual([count(codes, 402), count(codes, 10028), done.verify], [10, 990, 10])
})

// Row 31
test('whoever has signed in on a device gets in there again while others guess without end', async t => {
  const node = await testNode(t, { limits, triesPerAccount: 10, triesPerAddress: 1_000_000 })
  hashQuickly(node, 0)
  await node.signUp('ann', 'x', 'phone')
  const body = JSON.stringify({ name: 'ann', password: wrong })
  const headers = { app_id: node.appId, 'content-type': 'application/json' }
  const guesses = amount(2000, 10_000)
  let made = 0
  const guess = async () => {
    for (; made < guesses; made++) await exchange(node.url, { method: 'POST', path: '/token/user', headers, body })
  }

  const flood = Promise.all(times(20, guess))
  const codes: number[] = []
  for (let i = 0; i < 5; i++) codes.push(await outcome(node.signIn('ann', 'x', 'phone')))
  await flood
  codes.push(await outcome(node.signIn('ann', 'x', 'phone')), await outcome(node.signIn('ann', 'x', 'new phone')))

  assert.deepEqual(codes, [200, 200, 200, 200, 200, 200, 10028])
})

// Row 32
test('no username can be another’s mobile, email or id, and no mobile another’s name, however it comes about', async t => {
  const node = await testNode(t)
  hashQuickly(node, 0)
  const [ann, eve] = [await node.signUp('ann'), await node.signUp('eve')]
  const mobile = '+4915112345678'
  const names = [
    mobile,
    mobile.slice(1),
    '13812345678',
    String(ann.id),
    'ann@example.com',
    '0',
    '１００１',
    ' ann',
    'ann ',
  ]

  for (const name of names) {
    const at = { username: name, password: 'x' }
    const codes = await outcomes([
      ann.accounts.setMobile({ mobile }),
      eve.accounts.setUsername({ username: name }),
      node.stranger.accounts.register(at),
      node.stranger.accounts.registerPush(at),
      node.admin.actingFor(eve.id).accounts.setUsername({ username: name }),
    ])
    const [batch] = await node.admin.accounts.registerBatch({ list: [at] })
    assert.deepEqual([...codes, batch?.success], [200, 10002, 10002, 10002, 10002, false], name)
  }
  for (const number of ['ann', 'ANN', 'eve', 'ann@example.com', String(ann.id)])
    assert.equal(await outcome(eve.accounts.setMobile({ mobile: number })), 10002, number)
  assert.equal(await outcome(eve.accounts.setUsername({ username: 'ANN' })), 11011)
})
