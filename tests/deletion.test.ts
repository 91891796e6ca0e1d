import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '../client/index.ts'
import { codeOf, type TestNode, testNode } from './harness.ts'
import { foundOnDisk, tablesOfUser } from './support/database.ts'
import { engine } from './support/engine.ts'
import { outcome, outcomes, until } from './support/outcomes.ts'
import { fetchWith } from './support/wire.ts'

test('a user deletes itself with its password, and with nothing else', async t => {
  const { signUp, signIn } = await testNode(t)
  const ann = await signUp('ann')

  const refused = await outcomes([
    ann.accounts.deleteUser({}),
    ann.accounts.deleteUser({ password: 'wrong' }),
    ann.accounts.deleteUser({ password: '' }),
  ])
  const still = await outcome(ann.profiles.getProfile())
  const done = await ann.accounts.deleteUser({ password: ann.password })

  assert.deepEqual(refused, [10002, 11001, 11001])
  assert.equal(still, 200)
  assert.equal(done, true)
  assert.equal(await codeOf(ann.profiles.getProfile()), 402)
  assert.equal(await codeOf(signIn('ann', ann.password)), 402)
})

test('an admin deletes a user without its password; then the user is known to be deleted', async t => {
  const { admin, signUp } = await testNode(t)
  const ann = await signUp('ann')
  const forAnn = admin.actingFor(ann.id)

  await forAnn.accounts.deleteUser({})

  const codes = await outcomes([
    forAnn.profiles.getProfile(),
    forAnn.profiles.setNickname({ nick_name: 'x' }),
    forAnn.settings.getSettings(),
    forAnn.settings.setAuthMode({ value: 1 }),
    forAnn.accounts.setUsername({ username: 'x' }),
    forAnn.accounts.setMobile({ mobile: '' }),
    forAnn.accounts.changePasswordAdmin({ password: 'x' }),
    forAnn.accounts.deleteUser({}),
    forAnn.devices.listDevices(),
    forAnn.devices.kick({}),
    forAnn.push.setAlias({ alias: 'x' }),
    forAnn.push.addTags({ tags: ['x'] }),
    forAnn.push.listTags(),
    forAnn.presence.getOnlineStatus(),
    admin.accounts.disable({ list: [ann.id] }),
    admin.accounts.enable({ list: [ann.id] }),
  ])
  assert.deepEqual(codes, Array(16).fill(10021))
  assert.equal(await outcome(admin.actingFor(ann.id + 50_000).profiles.getProfile()), 10000)
  assert.deepEqual((await admin.accounts.listUsers()).data, [])
})

test('all tokens of a deleted user answer 402', async t => {
  const { admin, signUp, signIn } = await testNode(t)
  const phone = await signUp('ann')
  const tablet = await signIn('ann', phone.password)
  const kicked = await signIn('ann', phone.password)
  await phone.devices.kick({ device_sn: kicked.device })

  await admin.actingFor(phone.id).accounts.deleteUser({})

  const codes = await outcomes([phone, tablet, kicked].map(person => person.profiles.getProfile()))
  assert.deepEqual(codes, [402, 402, 402])
})

test('the name, mobile, alias and push token of a deleted user are free, and its id is not', async t => {
  const { stranger, admin, signIn } = await testNode(t)
  const unique = { push_token: 'own', alias: 'annie' }
  const gone = await stranger.accounts.registerPush({ username: 'ann', password: 'x', ...unique })
  await admin.actingFor(gone.user_id).accounts.setMobile({ mobile: '+4915112345678' })
  await admin.actingFor(gone.user_id).accounts.deleteUser({})

  const next = await stranger.accounts.registerPush({ username: 'ANN', password: 'y', ...unique })
  const ann = await signIn('ann', 'y')
  await ann.accounts.setMobile({ mobile: '+4915112345678' })

  assert.equal(ann.id, next.user_id)
  assert.notEqual(next.user_id, gone.user_id)
})

/** Everything that a user can leave behind, each text one that is found nowhere else. */
async function leaveTraces(node: TestNode) {
  const { stranger, admin, appId } = node
  const { sql } = node.node.services
  const texts: string[] = []
  /** Long ones repeat it, so that every page that holds a part of them shows it. */
  const trace = (name: string, times = 1) => {
    const text = `canary_${name}_`
    texts.push(text)
    return text.repeat(times)
  }
  const agent = createClient({ ...stranger.connection, fetch: fetchWith({ 'user-agent': trace('agent') }) })
  const username = trace('username')
  const device_guid = trace('guid')
  await agent.accounts.registerPush({
    username,
    password: 'x',
    device_guid,
    alias: trace('alias'),
    push_token: trace('push'),
  })
  const session = await agent.tokens.signInByName({ name: username, password: 'x', device_guid })
  const user = agent.as(session.token)
  for (const round of ['old', 'new']) {
    await user.profiles.setProfile({
      nick_name: trace(`nick_${round}`),
      description: trace(`description_${round}`, 40),
      private_info: trace(`private_${round}`, 700),
      public_info: trace(`public_${round}`, 500),
    })
    await user.profiles.setAvatar({ avatar: trace(`avatar_${round}`, 80) })
    await user.settings.setSettings({
      user_id: session.user_id,
      auth_question: trace(`question_${round}`),
      auth_answer: trace(`answer_${round}`),
      push_nick_name: trace(`push_nick_${round}`),
      push_token: trace(`push_${round}`),
    })
    await user.push.setAlias({ alias: trace(`alias_${round}`) })
    await user.push.addTags({ tags: [trace(`tag_${round}`)] })
    const device_token = trace(`device_token_${round}`)
    await user.devices.bindDeviceToken({ device_sn: session.device_sn, device_token, notifier_name: 'capture' })
    await admin
      .actingFor(session.user_id)
      .accounts.setMobile({ mobile: `+4915100${round === 'old' ? 1111111 : 2222222}` })
    texts.push(`4915100${round === 'old' ? 1111111 : 2222222}`)
    const email = trace(`email_${round}`)
    await sql`update users set email = ${email} where app_id = ${appId} and user_id = ${session.user_id}`
  }
  const [row] = await sql<{ password_hash: string }>`
    select password_hash from users where app_id = ${appId} and user_id = ${session.user_id}`
  texts.push(row?.password_hash ?? '')
  return { texts, user, id: session.user_id }
}

test('no table has a row of a deleted user but its tombstone, which holds no personal data, and ids in the trail', async t => {
  const node = await testNode(t)
  const { user, id } = await leaveTraces(node)
  const before = new Set(await tablesOfUser(node, id))

  await user.accounts.deleteUser({ password: 'x' })

  const tombstone = await node.node.services.sql`select * from deleted_users where app_id = ${node.appId}`
  for (const table of ['users', 'settings', 'aliases', 'tags', 'devices', 'bindings', 'user_tokens', 'events'])
    assert.ok(before.has(table), `${table} had rows to lose`)
  // The trail keeps that admins acted on the id, and nothing else of it.
  const left = new Set(await tablesOfUser(node, id))
  const details = await node.node.services.sql`select distinct details, salt from audit_entries where user_id = ${id}`
  assert.deepEqual([...left].sort(), ['audit_entries', 'deleted_users'])
  assert.deepEqual(
    details.map(row => ({ ...row })),
    [{ details: '', salt: '' }],
  )
  assert.deepEqual(Object.keys(tombstone[0] ?? {}).sort(), ['app_id', 'deleted_at', 'user_id'])
})

// PostgreSQL keeps what was deleted until it vacuums, and its log longer: docs/deploy.md says so.
if (engine === 'sqlite')
  test('nothing that a deleted user ever wrote stays in the bytes of the database', async t => {
    const node = await testNode(t)
    const bystander = await node.signUp('bystander')
    const { texts, user } = await leaveTraces(node)
    const before = foundOnDisk(node, texts)

    await user.accounts.deleteUser({ password: 'x' })
    await until(() => foundOnDisk(node, texts).length === 0)

    assert.deepEqual(before, texts)
    assert.equal((await bystander.profiles.getProfile()).username, 'bystander')
  })
