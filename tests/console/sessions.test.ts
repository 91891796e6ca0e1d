/** Sessions of the console: whom they stand for, and when they are over. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Static } from '@sinclair/typebox'
import type { ConsoleSession } from '../../contract/console.ts'
import { tidy } from '../../server/events/housekeeping.ts'
import { testNode } from '../harness.ts'
import { stoppedClock } from '../support/clock.ts'
import { commandLine } from '../support/command-line.ts'
import { ask } from '../support/http.ts'
import { page } from '../support/page.ts'
import { type Headers, operatorToken, pageOf, signedIn } from '../support/staff.ts'

type Session = Static<typeof ConsoleSession>

const minute = 60_000

async function deskOf(t: TestContext) {
  const clock = stoppedClock()
  const node = await testNode(t, {}, clock.now)
  const operator = await operatorToken(node, 'ann')
  const open = async (token: string, appId = node.appId) => page(node.url, await signedIn(node, token, appId))
  return { clock, node, operator, open }
}

test('an admin signs in with its token and its app, and calls as that admin', async t => {
  const { node, open } = await deskOf(t)
  const ann = await node.signUp('ann')

  const admin = await open(node.adminToken)

  const session = await admin.data<Session>('showConsoleSession')
  assert.deepEqual(
    [session.kind, session.app_id, session.name, session.current],
    ['admin', node.appId, 'first-run', true],
  )
  assert.equal(await admin.code('kick', {}, { user_id: String(ann.id) }), 200)
  const [last] = (await node.admin.audit.listAudit({ act: 'kick' })).data
  assert.deepEqual(last?.actor, { kind: 'admin', id: session.token_id, name: 'first-run' })
  assert.equal(await admin.code('listApps'), 10010)
})

test('an operator signs in without an app, picks each app by header, and is in its trail by name', async t => {
  const { node, operator, open } = await deskOf(t)
  const other = await node.otherApp()
  const ben = await other.signUp('ben')

  const desk = await open(operator.token, '')

  assert.equal((await desk.data<Session>('showConsoleSession')).kind, 'operator')
  assert.equal(await desk.code('listUsers'), 40000)
  const banned = await desk.code('disable', { list: [ben.id] }, { app_id: other.appId })
  assert.equal(banned, 200)
  const [last] = (await other.admin.audit.listAudit()).data
  assert.deepEqual([last?.act, last?.actor], ['disable', { kind: 'operator', id: operator.token_id, name: 'ann' }])
})

test('the cookie is for this site and no script alone, and under https it cannot be set by another host', async t => {
  const { node, operator } = await deskOf(t)
  const signIn = async (headers: Headers) => {
    const { headers: received } = await ask(node.url, {
      method: 'POST',
      path: '/console/session',
      headers: { ...pageOf(node), 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ token: operator.token }),
    })
    return received['set-cookie'] ?? []
  }

  const plain = await signIn({})
  const secure = await signIn({ origin: 'https://chat.example.com', host: 'chat.example.com' })

  assert.match(plain.join(), /^stonechat-console=cs_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
  assert.match(secure.join(), /^__Host-stonechat-console=cs_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/)
})

test('a session ends after 15 minutes without use; what a page asks by itself is no use', async t => {
  const { clock, node, open } = await deskOf(t)
  const [used, polled] = [await open(node.adminToken), await open(node.adminToken)]

  for (let i = 0; i < 4; i++) {
    clock.at += 14 * minute
    assert.equal(await used.code('listUsers'), 200)
  }
  const fresh = await open(node.adminToken)
  clock.at += 10 * minute
  const inTime = await fresh.code('listUsers', {}, { 'x-console': '0' })
  clock.at += 5 * minute

  assert.equal(inTime, 200)
  assert.equal(await fresh.code('listUsers'), 402)
  assert.equal(await polled.code('listUsers', {}, { 'x-console': '0' }), 402)
})

test('a session ends after 8 hours, however much it is used', async t => {
  const { clock, node, open } = await deskOf(t)
  const admin = await open(node.adminToken)

  for (let i = 0; i < 47; i++) {
    clock.at += 10 * minute
    assert.equal(await admin.code('listUsers'), 200)
  }
  clock.at += 10 * minute

  assert.equal(await admin.code('listUsers'), 402)
  await tidy(node.node.services)
  assert.deepEqual(await node.node.services.sql`select session_id from console_sessions`, [])
})

test('a session ends with its token: revoked here, revoked on the command line, or expired', async t => {
  const { clock, node, operator, open } = await deskOf(t)
  const desk = await open(operator.token)
  const made = await desk.data<{ token: string; token_id: string }>('createAdminToken', { name: 'support' })
  const [support, again] = [await open(made.token), await open(made.token)]
  const brief = await open((await operatorToken(node, 'brief', 1 / 24 / 2)).token)
  const lists = () => Promise.all([desk, support, again, brief].map(each => each.code('listUsers')))

  const before = await lists()
  await desk.data('revokeAdminToken', { token_id: made.token_id })
  const revoked = await lists()
  await commandLine(t, node.config.data).text('token', 'revoke', '--operator', operator.token_id)
  const ended = await lists()
  for (let i = 0; i < 3; i++) {
    clock.at += 10 * minute
    await brief.code('listUsers')
  }
  const expired = await lists()

  assert.deepEqual(
    [before, revoked, ended, expired],
    [
      [200, 200, 200, 200],
      [200, 402, 402, 200],
      [402, 402, 402, 200],
      [402, 402, 402, 402],
    ],
  )
  assert.equal(await brief.code('showConsoleSession'), 402)
})

test('signing out ends the session and takes the cookie back; the others of the token go on, and can be ended', async t => {
  const { node, open } = await deskOf(t)
  const [first, second, third] = [await open(node.adminToken), await open(node.adminToken), await open(node.adminToken)]
  const sessions = await first.data<Session[]>('listConsoleSessions')
  const ofThird = (await third.data<Session>('showConsoleSession')).session_id

  const signedOut = await first.call('signOutOfConsole')
  const ended = await second.data('endConsoleSession', { session_id: ofThird })

  assert.match(signedOut.headers['set-cookie']?.join() ?? '', /^stonechat-console=; .*Max-Age=0$/)
  assert.deepEqual([sessions.length, sessions.filter(({ current }) => current).length], [3, 1])
  assert.equal(ended, true)
  assert.deepEqual(await Promise.all([first, second, third].map(each => each.code('listUsers'))), [402, 200, 402])
  assert.equal(await second.data('endConsoleSession', { session_id: ofThird }), false)
})

test('nobody ends a session of another token', async t => {
  const { node, operator, open } = await deskOf(t)
  const [admin, desk] = [await open(node.adminToken), await open(operator.token)]
  const { session_id } = await desk.data<Session>('showConsoleSession')

  assert.equal(await admin.data('endConsoleSession', { session_id }), false)
  assert.equal(await desk.code('listUsers'), 200)
})

test('who signs in again in the same browser has one session; a token has at most 20', async t => {
  const { node, open } = await deskOf(t)
  const first = await open(node.adminToken)
  const again = await ask(node.url, {
    method: 'POST',
    path: '/console/session',
    headers: { ...first.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ token: node.adminToken }),
  })
  const before = await first.code('listUsers')

  for (let i = 0; i < 22; i++) await open(node.adminToken)

  const last = await open(node.adminToken)
  assert.deepEqual([again.code, before], [200, 402])
  assert.equal((await last.data<Session[]>('listConsoleSessions')).length, 20)
})

test('only a good token of the app, or of an operator, opens a session', async t => {
  const { node, open } = await deskOf(t)
  const other = await node.otherApp()
  const frozen = await node.otherApp({ frozen: 1 })
  const ann = await node.signUp('ann')
  const refusal = async (token: string, appId = node.appId) => {
    const headers = { ...pageOf(node), app_id: appId, 'content-type': 'application/json' }
    const raw = { method: 'POST', path: '/console/session', headers, body: JSON.stringify({ token }) }
    const { code, headers: received } = await ask(node.url, raw)
    assert.equal(received['set-cookie'], undefined)
    return code
  }

  assert.equal(await refusal('nothing'), 10008)
  assert.equal(await refusal(ann.token), 10008)
  assert.equal(await refusal(`at_${'x'.repeat(43)}`), 10008)
  assert.equal(await refusal(`ot_${'x'.repeat(43)}`), 10008)
  assert.equal(await refusal(other.adminToken), 10008)
  assert.equal(await refusal(node.adminToken, ''), 40000)
  assert.equal(await refusal(node.adminToken, 'nosuchapp'), 40000)
  assert.equal(await refusal(frozen.adminToken, frozen.appId), 40003)
  const { code } = await (await open(other.adminToken, other.appId)).call('listUsers', {}, { app_id: node.appId })
  assert.equal(code, 10008)
})

test('tries to sign in, and to type the token again, are limited by address', async t => {
  const node = await testNode(t, { limits: 'on', triesPerAccount: 3 })
  const { token } = await operatorToken(node)
  const desk = page(node.url, await signedIn(node, token))

  const codes = [
    await desk.code('confirmConsoleSession', { token: 'wrong' }),
    await desk.code('signInToConsole', { token: 'wrong' }),
    await desk.code('signInToConsole', { token }),
  ]
  const { status, headers } = await desk.call('confirmConsoleSession', { token })

  assert.deepEqual(codes, [10008, 10008, 10028])
  assert.equal(status, 429)
  assert.ok(Number(headers['retry-after']) > 0)
})

test('what a session opens with is stored as a hash, and is in no trail', async t => {
  const { node, operator, open } = await deskOf(t)
  const { headers, data } = await open(operator.token)
  const secret = String(headers.cookie).split('=')[1] as string
  await data('createOperatorToken', { name: 'second' })

  const { sql } = node.node.services
  const rows = JSON.stringify([
    await sql`select * from console_sessions`,
    await sql`select * from operator_tokens`,
    await sql`select * from audit_entries`,
  ])

  assert.ok(secret.startsWith('cs_') && !rows.includes(secret) && !rows.includes(operator.token))
  const trail = await data<{ act: string; actor: { name: string } }[]>('listOperatorAudit')
  assert.deepEqual(
    trail.map(({ act, actor }) => [act, actor.name]),
    [
      ['createOperatorToken', 'ann'],
      ['signInToConsole', 'ann'],
    ],
  )
  assert.equal((await data<{ intact: boolean }>('verifyOperatorAudit')).intact, true)
})
