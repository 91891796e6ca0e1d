import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '../client/index.ts'
import { startNode } from '../server/node.ts'
import { codeOf, testNode } from './harness.ts'
import { afterwards } from './support/afterwards.ts'
import { outcome, outcomes, refusal } from './support/outcomes.ts'

const password = 'a password'

test('a new user is answered its settings: everything off, and its id twice', async t => {
  const { stranger, signIn } = await testNode(t)

  const settings = await stranger.accounts.register({ username: 'ann', password })
  const ann = await signIn('ann', password)
  const read = await ann.settings.getSettings()

  assert.deepEqual(settings, {
    id: ann.id,
    user_id: ann.id,
    auth_answer: '',
    auth_mode: 0,
    auth_question: '',
    auto_download: false,
    group_confirm: false,
    no_push: false,
    no_push_detail: false,
    no_push_end_hour: 0,
    no_push_start_hour: 0,
    no_sounds: false,
    push_nick_name: '',
    push_token: '',
    silence_end_time: 0,
    silence_start_time: 0,
    time_zone: '',
    vibratory: false,
  })
  assert.deepEqual({ ...read, push_token: '' }, settings)
})

test('a username may be letters, digits, _ and Chinese characters, up to 64 of them', async t => {
  const { admin } = await testNode(t)
  const names = ['a', '1a', '_', '汉字', '一龥', 'xmta', 'amaxim', 'B'.repeat(64)]

  const made = await Promise.all(names.map(username => admin.accounts.register({ username, password })))

  assert.equal(new Set(made.map(({ user_id }) => user_id)).size, names.length)
})

test('any other username is refused with the rule, for guests and admins alike', async t => {
  const { stranger, admin } = await testNode(t)
  const digits = ['1', '12345']
  const reserved = ['mta', 'mta_bot', 'MTA1', 'maxim', 'MaXiMus']
  const foreign = ['a b', 'a-b', 'a@b', 'é', 'あ', '龦', '䷿', '𠮷', 'a\n', 'ａ']
  const long = ['', 'a'.repeat(65), '1'.repeat(50_000)]

  for (const username of [...digits, ...reserved, ...foreign, ...long])
    for (const caller of [stranger, admin]) {
      const error = await refusal(caller.accounts.register({ username, password }))
      assert.equal(error.code, 10002, JSON.stringify(username.slice(0, 70)))
      assert.match(error.message, /^invalid request parameter: username must/)
    }
})

test('names that differ by case alone are one name, shown as it was written first', async t => {
  const { stranger, signUp, signIn } = await testNode(t)
  await signUp('Ann_汉', password)

  const code = await codeOf(stranger.accounts.register({ username: 'aNN_汉', password }))
  const ann = await signIn('ANN_汉', password)

  assert.equal(code, 10004)
  assert.equal((await ann.profiles.getProfile()).username, 'Ann_汉')
})

test('a password has 1 to 256 characters, and more at the least where the app says so', async t => {
  const node = await testNode(t)
  const strict = await node.otherApp({ password_minimum: 4 })
  const register = (app: { stranger: typeof node.stranger }, username: string, password: string) =>
    outcome(app.stranger.accounts.register({ username, password }))

  const lengths = await Promise.all(
    ['', 'x', 'x'.repeat(256), 'x'.repeat(257)].map((p, i) => register(node, `u${i}`, p)),
  )
  const strictly = await Promise.all(['abc', '😀😀😀', '😀😀😀😀'].map((p, i) => register(strict, `u${i}`, p)))

  assert.deepEqual(lengths, [10002, 200, 200, 10002])
  assert.deepEqual(strictly, [10002, 10002, 200])
})

test('where registration is closed only an admin registers', async t => {
  const node = await testNode(t)
  const { stranger, admin, signIn } = await node.otherApp({ open_registration: 0 })

  const guest = await codeOf(stranger.accounts.register({ username: 'ann', password }))
  const guestWithPush = await codeOf(stranger.accounts.registerPush({ username: 'ann', password }))
  await admin.accounts.register({ username: 'ann', password })
  const ann = await signIn('ann', password)
  const user = await codeOf(ann.accounts.register({ username: 'ben', password }))

  assert.deepEqual([guest, guestWithPush, user], [40001, 40001, 40001])
})

test('an app takes as many users as its cap, and a deletion makes room', async t => {
  const node = await testNode(t)
  const { stranger, admin } = await node.otherApp({ user_cap: 2 })
  const ann = await stranger.accounts.register({ username: 'ann', password })
  await stranger.accounts.register({ username: 'ben', password })
  const more = { username: 'cid', password }

  const ways = await outcomes([
    stranger.accounts.register(more),
    admin.accounts.register(more),
    stranger.accounts.registerPush(more),
  ])
  const [item] = await admin.accounts.registerBatch({ list: [more] })
  await admin.actingFor(ann.user_id).accounts.deleteUser({})
  const afterwards = await outcomes([stranger.accounts.register(more)])

  assert.deepEqual(ways, [40002, 40002, 40002])
  assert.equal(item?.success, false)
  assert.deepEqual(afterwards, [200])
})

test('a frozen app answers nobody', async t => {
  const node = await testNode(t)
  const { stranger, admin } = await node.otherApp({ frozen: 1 })

  const codes = await outcomes([
    stranger.accounts.register({ username: 'ann', password }),
    stranger.tokens.signInByName({ name: 'ann', password }),
    admin.accounts.listUsers(),
    stranger.as('rubbish').profiles.getProfile(),
  ])

  assert.deepEqual(codes, [40003, 40003, 40003, 40003])
})

test('whatever token a guest sends along, it registers as a guest', async t => {
  const { stranger, signUp } = await testNode(t)
  const ann = await signUp('ann')

  const codes = await outcomes([
    stranger.as('rubbish').accounts.register({ username: 'ben', password }),
    stranger.as(`at_${'x'.repeat(43)}`).accounts.register({ username: 'cid', password }),
    ann.accounts.register({ username: 'dan', password }),
  ])

  assert.deepEqual(codes, [200, 200, 200])
})

test('ids count up and none is given out twice, not even after a deletion or by a node that starts later', async t => {
  const node = await testNode(t)
  const register = async (admin: typeof node.admin, username: string) =>
    (await admin.accounts.register({ username, password })).user_id
  const first = await register(node.admin, 'ann')
  const last = await register(node.admin, 'ben')

  await node.admin.actingFor(last).accounts.deleteUser({})
  const next = await register(node.admin, 'ben')
  await node.node.stop()
  const later = await startNode({ ...node.config, port: 0 })
  afterwards(t, () => later.stop())
  const laterId = await register(createClient({ ...node.admin.connection, url: later.url }), 'cid')

  assert.ok(first < last && last < next && next < laterId, String([first, last, next, laterId]))
  assert.ok(Number.isSafeInteger(laterId))
})
