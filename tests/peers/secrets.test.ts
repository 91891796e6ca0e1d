/** Where other services of this kind have shown, logged, reused or kept alive what was secret. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { masterKey } from '../../server/apps/seals.ts'
import { readConfig } from '../../server/config.ts'
import { folder, type Person, type TestNode, testNode } from '../harness.ts'
import { day, stoppedClock } from '../support/clock.ts'
import { commandLine } from '../support/command-line.ts'
import { foundOnDisk } from '../support/database.ts'
import { exampleOf } from '../support/examples.ts'
import { ask, exchange } from '../support/http.ts'
import { outcome } from '../support/outcomes.ts'
import { serving } from '../support/program.ts'
import { hashQuickly } from '../support/quick-hashing.ts'
import { bareReady } from '../support/realtime.ts'
import { type Route, rawOf, routes } from '../support/routes.ts'

/** Ann, whose every secret is marked. */
async function marked(node: Pick<TestNode, 'stranger'>) {
  const password = 'canary-password'
  const { tokens, accounts } = node.stranger
  await accounts.registerPush({ username: 'ann', password, push_token: 'canary-push', device_guid: 'canary-guid' })
  const session = await tokens.signInByName({ name: 'ann', password, device_guid: 'canary-guid' })
  const ann = node.stranger.as(session.token)
  await ann.profiles.setPrivateInfo({ text: 'canary-private' })
  await ann.settings.setSettings({
    user_id: session.user_id,
    auth_mode: 2,
    auth_question: 'which bird?',
    auth_answer: 'canary-answer',
  })
  await ann.devices.bindDeviceToken({
    device_sn: session.device_sn,
    device_token: 'canary-binding',
    notifier_name: 'capture',
  })
  return { ann, session, password }
}

/** Every call that names ann, as somebody. */
async function everyAnswer(
  url: string,
  headers: Record<string, string>,
  ann: Person,
  leave: (route: Route) => boolean,
) {
  const subject = { id: ann.id, name: ann.name, password: ann.password, spare: ann.device }
  const answers: string[] = []
  for (const route of routes.filter(each => !leave(each)))
    for (const named of [{}, { user_id: String(ann.id) }] as Record<string, string>[]) {
      const {
        status,
        headers: received,
        text,
      } = await exchange(url, rawOf(route, exampleOf(route, subject), { ...headers, ...named }))
      answers.push(JSON.stringify([status, received, text]))
    }
  return answers.join('\n')
}

// Row 20
test('secrets of a user come neither to others nor by the live channel, and the password comes to nobody', async t => {
  const node = await testNode(t)
  hashQuickly(node, 0)
  const { ann, session, password } = await marked(node)
  const bob = await node.signUp('bob')
  const socket = await bareReady(t, bob)
  socket.send({ type: 'subscribe', user_ids: [session.user_id] })
  const self = { ...ann, id: session.user_id, name: 'ann', password, token: session.token, device: session.device_sn }
  const app = { app_id: node.appId }
  const ending = ({ name, domain }: Route) =>
    /delete|disable|kick|remove|change_?password/i.test(name) || domain === 'tokens'

  const own = JSON.stringify([await ann.profiles.getProfile(), await ann.settings.getSettings()])
  const [{ password_hash } = { password_hash: '' }] = await node.node.services.sql<{ password_hash: string }>`
    select password_hash from users where app_id = ${node.appId} and user_id = ${session.user_id}`
  await ann.profiles.setPrivateInfo({ text: 'canary-private again' })

  // Some of what an admin may do ends the sessions of the user, or the user.
  const asNobody = await everyAnswer(node.url, app, self, ending)
  const asBob = await everyAnswer(node.url, { ...app, 'access-token': bob.token }, self, ending)
  const asAdmin = await everyAnswer(node.url, { ...app, 'access-token': node.adminToken }, self, ending)
  const asAnn = await everyAnswer(node.url, { ...app, 'access-token': session.token }, self, ending)
  const figures = (await exchange(node.url, { path: '/metrics' })).text

  assert.doesNotMatch(asNobody + asBob + figures + JSON.stringify(socket.frames), /canary/)
  for (const all of [asAdmin, asAnn]) {
    assert.ok(!all.includes('canary-password') && !all.includes('canary-binding'))
    assert.ok(!all.includes(password_hash.slice(30)))
  }
  for (const mark of ['canary-private', 'canary-answer', 'canary-push']) assert.ok(own.includes(mark), mark)
})

// Row 42
test('at level debug the log holds no token, password, header, query or body', async t => {
  const { program, url, first, stranger, admin } = await serving(t, folder(t), { STONECHAT_LOG: 'debug' })
  const { ann, session, password } = await marked({ stranger })
  await admin.actingFor(session.user_id).accounts.changePasswordAdmin({ password: 'canary-new' })
  const again = await stranger.tokens.signInByName({ name: 'ann', password: 'canary-new' })
  await outcome(ann.profiles.getProfile())
  await outcome(stranger.tokens.signInByName({ name: 'ann', password: 'canary-guess' }))
  const headers = {
    app_id: first.app_id,
    'access-token': again.token,
    'user-agent': 'canary-agent',
    'content-type': 'application/json',
    cookie: 'session=canary-cookie',
    authorization: 'Bearer canary-bearer',
  }
  for (const body of ['{"nick_name":"canary-body"}', '{"nick_name":"canary-body"', '{"nick_name":5,"canary-name":1}'])
    await ask(url, { method: 'PUT', path: '/user/nickname?canary-query=canary-query&nick_name=%ff', headers, body })
  await ask(url, { path: '/canary-path?token=canary-query', headers })

  const secrets = [session.token, again.token, first.admin_token, first.app_secret, password, again.push_token]
  const log = program.output.slice(program.output.indexOf('Stonechat is ready')) + program.errors
  assert.match(log, /"route":"\/user\/nickname"/)
  assert.doesNotMatch(log, /canary/)
  assert.deepEqual(
    secrets.filter(secret => log.includes(secret)),
    [],
  )
})

// Row 43
test('two installations share no secret, and no setting has one as its default', async t => {
  const made = []
  for (const data of [folder(t), folder(t)]) {
    const { first } = await serving(t, data)
    const key = readFileSync(join(data, 'master.key'), 'utf8').trim()
    made.push([first.app_id, first.app_secret, first.admin_token, key])
  }
  const [one = [], two = []] = made

  assert.equal(new Set(made.flat()).size, 8)
  for (const secret of [...one.slice(1), ...two.slice(1)]) assert.ok(secret.length >= 32, secret)
  assert.equal(readConfig({}).masterKey, '')
  for (const known of ['openIM123', 'secret', 'changeme', '0'.repeat(32)])
    assert.throws(() => masterKey(known, folder(t)), /STONECHAT_MASTER_KEY must hold 64 hex digits/)
})

// Row 45
test('every token ends by itself; those of admins are listed, belong to one app, and can be revoked', async t => {
  const clock = stoppedClock()
  const node = await testNode(t, {}, clock.now)
  const other = await node.otherApp()
  const ann = await node.signUp('ann')
  const line = commandLine(t, node.config.data)
  const app = ['--app', node.appId]
  const made = await line.json<{ token: string; token_id: string }>('token', 'create', '--name', 'nightly', ...app)
  const nightly = node.stranger.as(made.token)
  const { sql } = node.node.services
  const rows = await sql<{ expires_at: number; created_at: number }>`
    select expires_at, created_at from user_tokens union all select expires_at, created_at from admin_tokens`

  const stored = foundOnDisk(node, [ann.token, made.token, node.adminToken])
  const listed = await line.json<{ tokens: { token_id: string }[] }>('token', 'list', ...app)
  const used = await outcome(nightly.accounts.listUsers())
  const elsewhere = await outcome(other.stranger.as(made.token).accounts.listUsers())
  const forever = await line.refusal('token', 'create', '--name', 'forever', '--days', '0', ...app)
  await line.json('token', 'revoke', made.token_id, ...app)
  const revoked = await outcome(nightly.accounts.listUsers())
  clock.at += 91 * day

  assert.deepEqual(stored, [])
  assert.ok(rows.length >= 4)
  assert.ok(rows.every(({ expires_at, created_at }) => expires_at > created_at && expires_at - created_at <= 90 * day))
  assert.ok(listed.tokens.some(({ token_id }) => token_id === made.token_id))
  assert.deepEqual([used, elsewhere, revoked], [200, 10008, 402])
  assert.match(forever.sentence, /days/)
  assert.deepEqual(
    [await outcome(node.admin.accounts.listUsers()), await outcome(ann.profiles.getProfile())],
    [402, 402],
  )
})
