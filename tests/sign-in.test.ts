import assert from 'node:assert/strict'
import * as crypto from 'node:crypto'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { createClient } from '../client/index.ts'
import { codeOf, type TestNode, testNode } from './harness.ts'
import { outcome, outcomes, refusal } from './support/outcomes.ts'
import { fetchWith, send } from './support/wire.ts'

const argon2 = promisify(crypto.argon2)
const password = 'a password'

/** A PHC string of a cost far below today's, as an import brings it. */
async function weakHash(password: string): Promise<string> {
  const nonce = crypto.randomBytes(16)
  const parameters = { message: password, nonce, memory: 64, passes: 1, parallelism: 1, tagLength: 32 }
  const [salt, tag] = [nonce, await argon2('argon2id', parameters)].map(each =>
    each.toString('base64').replace(/=+$/, ''),
  )
  return `$argon2id$v=19$m=64,t=1,p=1$${salt}$${tag}`
}

const storeHash = ({ node, appId }: TestNode, user: number, hash: string) =>
  node.services.sql`update users set password_hash = ${hash} where app_id = ${appId} and user_id = ${user}`

async function storedHash({ node, appId }: TestNode, user: number): Promise<string> {
  const [row] = await node.services.sql<{ password_hash: string }>`
    select password_hash from users where app_id = ${appId} and user_id = ${user}`
  return row?.password_hash ?? ''
}

test('one user signs in by username, by id, by mobile and by email', async t => {
  const node = await testNode(t)
  const { stranger, appId } = node
  const ann = await node.signUp('Ann')
  await ann.accounts.setMobile({ mobile: '+4915112345678' })
  await node.node.services
    .sql`update users set email = ${'ann@example.com'} where app_id = ${appId} and user_id = ${ann.id}`

  const sessions = await Promise.all([
    stranger.tokens.signInByName({ name: 'aNN', password: ann.password }),
    stranger.tokens.signInById({ user_id: ann.id, password: ann.password }),
    ...['Ann', '+4915112345678', 'Ann@Example.com'].map(login_name =>
      stranger.tokens.signInByLogin({ login_name, password: ann.password }),
    ),
  ])

  for (const session of sessions) {
    assert.equal(session.user_id, ann.id)
    assert.equal((await stranger.as(session.token).profiles.getProfile()).username, 'Ann')
  }
})

test('sign-in answers the whole session, and nothing that is null', async t => {
  const { stranger } = await testNode(t)
  await stranger.accounts.register({ username: 'ann', password })

  const session = await stranger.tokens.signInByName({ name: 'ann', password })

  assert.deepEqual(Object.keys(session).sort(), [
    'device_sn',
    'encrypt_type',
    'expire',
    'push_token',
    'token',
    'user_id',
  ])
  assert.equal(session.encrypt_type, 0)
  assert.equal(session.device_sn, 1)
  assert.match(session.token, /^ut_[\w-]{43}$/)
  assert.match(session.push_token, /^pt_/)
})

test('an unknown user, a wrong password and a deleted user get the same answer, byte for byte', async t => {
  const node = await testNode(t)
  const { connection } = node.stranger
  const ann = await node.signUp('ann')
  const gone = await node.signUp('gone')
  await gone.accounts.deleteUser({ password: gone.password })
  const wrong = 'not it'
  const tries: [string, object][] = [
    ['/token/user', { name: 'nobody', password: wrong }],
    ['/token/user', { name: 'ann', password: wrong }],
    ['/token/user', { name: 'gone', password: gone.password }],
    ['/token/user', { name: '12345', password: wrong }],
    ['/token/id', { user_id: 999_999, password: wrong }],
    ['/token/id', { user_id: ann.id, password: wrong }],
    ['/token/id', { user_id: gone.id, password: gone.password }],
    ['/token/login', { login_name: 'nobody@example.com', password: wrong }],
    ['/token/login', { login_name: '+4915112345678', password: wrong }],
    ['/token/login', { login_name: 'ann', password: wrong }],
  ]

  const answers = await Promise.all(tries.map(([path, body]) => send(connection, 'POST', path, body)))

  const [first] = answers
  assert.equal(first?.status, 200)
  assert.equal(first?.code, 402)
  assert.match(first?.message ?? '', /Operation rejected/)
  assert.deepEqual(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1)
})

test('only the right password learns of a ban', async t => {
  const { admin, signUp, stranger } = await testNode(t)
  const ann = await signUp('ann')
  await admin.accounts.disable({ list: [ann.id] })

  const right = await refusal(stranger.tokens.signInByName({ name: 'ann', password: ann.password }))
  const wrong = await codeOf(stranger.tokens.signInByName({ name: 'ann', password: 'not it' }))

  assert.equal(right.code, 13001)
  assert.match(right.message, /^Operation rejected/)
  assert.equal(wrong, 402)
})

test('a token or user_id header on a sign-in route is ignored', async t => {
  const { stranger, signUp } = await testNode(t)
  const ann = await signUp('ann')
  const { connection } = stranger

  for (const headers of [
    { 'access-token': 'rubbish', user_id: 'rubbish' },
    { 'access-token': ann.token, user_id: '1' },
  ]) {
    const body = { name: 'ann', password: ann.password }
    const answer = await send<{ user_id: number }>(connection, 'POST', '/token/user', body, headers)
    assert.equal(answer.data.user_id, ann.id)
  }
})

test('a password is the same in every Unicode spelling of it', async t => {
  const { stranger, signIn } = await testNode(t)
  await stranger.accounts.register({ username: 'ann', password: 'Ａnne ﬁ \u00e9' })

  const ann = await signIn('ann', 'Anne fi e\u0301')

  assert.equal(ann.name, 'ann')
  assert.equal(await outcome(signIn('ann', 'Anne fi e')), 402)
})

test('a sign-in with nonsense is told what is wrong with it', async t => {
  const { stranger } = await testNode(t)

  const codes = await outcomes([
    stranger.tokens.signInByName({ name: '', password }),
    stranger.tokens.signInByName({ name: 'ann', password: '' }),
    stranger.tokens.signInByName({ name: 'ann', password: 'x'.repeat(257) }),
    stranger.tokens.signInById({ user_id: 0, password }),
    stranger.tokens.signInByName({ name: 'ann', password, platform: 7 }),
    stranger.tokens.signInByName({ name: 'ann', password, device_guid: 'ä'.repeat(65) }),
  ])

  assert.deepEqual(codes, Array(6).fill(10002))
})

test('the platform is what the client says, else what its user-agent tells', async t => {
  const { stranger, signUp } = await testNode(t)
  const ann = await signUp('ann')
  const agents: [string, number][] = [
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)', 6],
    ['ChatApp/3 CFNetwork/1408 Darwin/22.5.0', 1],
    ['okhttp/4.12.0', 2],
    ['ChatApp (Windows NT 10.0)', 3],
    ['ChatApp (Macintosh)', 4],
    ['ChatApp (X11; Linux x86_64)', 5],
    ['curl/8', 0],
  ]

  for (const [agent, platform] of agents) {
    const client = createClient({ ...stranger.connection, fetch: fetchWith({ 'user-agent': agent }) })
    await client.tokens.signInByName({ name: 'ann', password: ann.password, device_guid: 'one' })
    const { data } = await ann.devices.listDevices()
    const device = data.find(({ user_agent }) => user_agent === agent)
    assert.equal(device?.platform, platform, agent)
  }
  const said = await stranger.tokens.signInByName({
    name: 'ann',
    password: ann.password,
    device_guid: 'two',
    platform: 4,
  })
  const { data } = await ann.devices.listDevices()
  assert.equal(data.find(({ device_sn }) => device_sn === said.device_sn)?.platform, 4)
})

test('a password that an admin chose can demand a change, until the user has made it', async t => {
  const { admin, stranger, signUp, signIn } = await testNode(t)
  const ann = await signUp('ann')
  await admin.actingFor(ann.id).accounts.changePasswordAdmin({ password: 'chosen', must_change: true })

  const before = await stranger.tokens.signInByName({ name: 'ann', password: 'chosen' })
  await (await signIn('ann', 'chosen')).accounts.changePassword({ old_password: 'chosen', new_password: 'own' })
  const after = await stranger.tokens.signInByName({ name: 'ann', password: 'own' })

  assert.equal(before.must_change_password, true)
  assert.ok(!('must_change_password' in after))
})

test('a hash of weaker make is accepted, and replaced at the sign-in', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  await storeHash(node, ann.id, await weakHash('from before'))

  const wrong = await outcome(node.signIn('ann', 'not it'))
  const untouched = await storedHash(node, ann.id)
  await node.signIn('ann', 'from before')
  const renewed = await storedHash(node, ann.id)
  await node.signIn('ann', 'from before')

  assert.equal(wrong, 402)
  assert.match(untouched, /m=64,/)
  assert.match(renewed, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  assert.equal(await storedHash(node, ann.id), renewed)
})

test('devices that sign in at once while a weak hash is replaced all get in', async t => {
  const node = await testNode(t, { hashesAtOnce: 4 })
  const ann = await node.signUp('ann')
  await storeHash(node, ann.id, await weakHash('from before'))

  const codes = await outcomes(Array.from({ length: 8 }, () => node.signIn('ann', 'from before')))

  assert.deepEqual(codes, Array(8).fill(200))
})
