import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type TestNode, testNode } from './harness.ts'
import { commandLine } from './support/command-line.ts'
import { exampleOf, freshName } from './support/examples.ts'
import { ask } from './support/http.ts'
import { outcome, outcomes, until } from './support/outcomes.ts'
import { hashQuickly } from './support/quick-hashing.ts'
import { rawOf, routes } from './support/routes.ts'
import { allRows } from './support/rows.ts'
import { staffOf } from './support/staff.ts'
import { headersFor } from './support/standing.ts'

const trailOf = async (
  { admin }: Pick<TestNode, 'admin'>,
  filter: Parameters<TestNode['admin']['audit']['listAudit']>[0] = {},
) => (await admin.audit.listAudit(filter)).data

test('an admin’s act is in the trail: who, for whom, what it was before and after, when and from where', async t => {
  const clock = { now: 1_800_000_000_000 }
  const node = await testNode(t, {}, () => clock.now)
  const ann = await node.signUp('ann')
  await node.admin.actingFor(ann.id).profiles.setProfile({ nick_name: 'Anna' })

  clock.now += 5000
  await node.admin.actingFor(ann.id).profiles.setProfile({ nick_name: 'Annie', private_info: 'hers' })

  const [latest] = await trailOf(node, { about_user: ann.id })
  const [token] = (await commandLine(t, node.config.data).json<{ tokens: { token_id: string }[] }>('token', 'list'))
    .tokens
  assert.deepEqual(
    { ...latest, seq: 0, hash: '' },
    {
      ...{ seq: 0, hash: '', at: clock.now, act: 'setProfile', user_id: ann.id, subject: '', address: '127.0.0.1' },
      actor: { kind: 'admin', id: token?.token_id, name: 'first-run' },
      before: { nick_name: 'Anna', private_info: '' },
      after: { nick_name: 'Annie', private_info: '(not shown)' },
      erased: false,
    },
  )
})

test('whatever an admin changes is in the trail, in whichever operation', async t => {
  const node = await testNode(t)
  hashQuickly(node, 0)
  const { sql } = node.node.services
  const changed: string[] = []

  const notAdmins = ['guest', 'user', 'operator', 'operator_for_app', 'console', 'visitor']
  for (const route of routes.filter(({ operation }) => !notAdmins.includes(operation.who)))
    await t.test(route.route, async () => {
      const person = await node.signUp(freshName())
      await person.push.addTags({ tags: ['blue'] })
      const { device } = await node.signIn(person.name, person.password)
      const subject = {
        id: person.id,
        name: person.name,
        password: person.password,
        spare: device,
        staff: await staffOf(node),
      }
      const byAdmin = headersFor({ ...route.operation, who: asAdmin(route.operation.who) }, node, person)
      const before = { trail: (await trailOf(node)).length, rows: await domainRows(sql) }

      const { code, text } = await ask(node.url, rawOf(route, exampleOf(route, subject), byAdmin))

      assert.equal(code, 200, text)
      await until(async () => !(await allRows(sql)).some(row => /^admin_jobs .*"state":0/.test(row)))
      const rows = await domainRows(sql)
      const isChanged = JSON.stringify(rows) !== JSON.stringify(before.rows)
      const trail = await trailOf(node, { page_size: 500 })
      if (isChanged) changed.push(route.name)
      if (isChanged) assert.equal(trail[0]?.act, route.name)
      else if (route.method === 'GET' && !route.operation.noted)
        assert.equal(trail.filter(({ act }) => act === route.name).length, 0)
    })

  assert.ok(changed.length > 50, `${changed.length} routes changed something`)
  assert.equal((await node.admin.audit.verifyAudit()).intact, true)
})

const asAdmin = (who: string) => (who === 'self' || who === 'admin_for_user' ? 'admin_for_user' : 'admin')

const domainRows = async (sql: TestNode['node']['services']['sql']) =>
  (await allRows(sql)).filter(row => !/^(audit_|id_blocks)/.test(row))

test('a list is noted for each of its users, and what a refused call wanted is not noted', async t => {
  const node = await testNode(t)
  const [ann, ben] = [await node.signUp('ann'), await node.signUp('ben')]
  const seqBefore = (await trailOf(node))[0]?.seq ?? 0

  await node.admin.accounts.disable({ list: [ann.id, ben.id] })
  const refused = await outcomes([
    node.admin.accounts.enable({ list: [ann.id, 999_999] }),
    node.admin.actingFor(ann.id).devices.kick({ device_sn: 77 }),
    ann.profiles.setNickname({ nick_name: 'Ann' }),
    node.stranger.accounts.register({ username: 'ann', password: 'x' }),
  ])

  const trail = (await trailOf(node)).filter(({ seq }) => seq > seqBefore)
  assert.deepEqual(refused, [10000, 13002, 402, 10004])
  assert.deepEqual(
    trail.map(({ act, user_id, before, after }) => ({ act, user_id, before, after })),
    [ben, ann].map(({ id }) => ({
      act: 'disable',
      user_id: id,
      before: { status: 0, signed_in: [1] },
      after: { status: 1, signed_in: [] },
    })),
  )
})

test('the trail holds no secret of what it tells', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const forAnn = node.admin.actingFor(ann.id)
  const secrets = ['canary_password', 'canary_private', 'canary_answer', 'canary_device_token']
  await forAnn.accounts.changePasswordAdmin({ password: 'canary_password' })
  await forAnn.profiles.setPrivateInfo({ text: 'canary_private' })
  await forAnn.settings.setSettings({ user_id: ann.id, auth_answer: 'canary_answer' })
  await forAnn.devices.bindDeviceToken({ device_sn: 1, device_token: 'canary_device_token', notifier_name: 'capture' })
  const made = await commandLine(t, node.config.data).json<{ token: string }>('token', 'create', '--name', 'x')

  const rows = (await node.node.services.sql`select * from audit_entries`).map(row => JSON.stringify(row)).join()

  for (const secret of [...secrets, made.token, node.adminToken]) assert.ok(!rows.includes(secret), secret)
  assert.match(rows, /password/)
})

test('filters narrow by user, actor, act and time, and pages hold together', async t => {
  const clock = { now: 1_800_000_000_000 }
  const node = await testNode(t, {}, () => clock.now)
  const [ann, ben] = [await node.signUp('ann'), await node.signUp('ben')]
  for (let i = 0; i < 6; i++) {
    clock.now += 1000
    await node.admin.actingFor(i % 2 ? ann.id : ben.id).profiles.setNickname({ nick_name: `name ${i}` })
  }
  await node.admin.actingFor(ann.id).devices.kick({})
  const start = 1_800_000_000_000

  const aboutAnn = await trailOf(node, { about_user: ann.id })
  const kicks = await trailOf(node, { act: 'kick' })
  const timed = await trailOf(node, { from: start + 2000, until: start + 4000 })
  const pages = []
  let cursor: string | undefined
  do {
    const page = await node.admin.audit.listAudit({ act: 'setNickname', page_size: 4, ...(cursor && { cursor }) })
    pages.push(page.data.map(({ after }) => after.nick_name))
    cursor = page.cursor
  } while (cursor)

  assert.equal(aboutAnn.length, 4)
  assert.deepEqual(
    kicks.map(({ user_id, after }) => [user_id, after.signed_in]),
    [[ann.id, []]],
  )
  assert.deepEqual(
    timed.map(({ at }) => at - start),
    [4000, 3000, 2000],
  )
  assert.deepEqual(pages, [
    ['name 5', 'name 4', 'name 3', 'name 2'],
    ['name 1', 'name 0'],
  ])
  assert.deepEqual(await trailOf(node, { actor: 'nobody' }), [])
  assert.equal(await outcome(node.admin.audit.listAudit({ cursor: 'x' })), 10002)
})

test('a deletion erases what the trail told of the user, keeps that something was done, and the chain holds', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  await node.admin.actingFor(ann.id).profiles.setNickname({ nick_name: 'canary of ann' })

  await node.admin.actingFor(ann.id).accounts.deleteUser({})

  const trail = await trailOf(node, { about_user: ann.id })
  assert.deepEqual(
    trail.map(({ act, erased, before, after }) => ({ act, erased, before, after })),
    ['deleteUser', 'setNickname'].map(act => ({ act, erased: true, before: {}, after: {} })),
  )
  assert.ok(!(await allRows(node.node.services.sql)).join().includes('canary of ann'))
  assert.equal((await node.admin.audit.verifyAudit()).intact, true)
})

const tampering: [name: string, why: string, by: (sql: TestNode['node']['services']['sql']) => PromiseLike<unknown>][] =
  [
    ['an entry that was changed', 'changed', sql => sql`update audit_entries set user_id = 5 where seq = 5`],
    ['details that were changed', 'details_changed', sql => sql`update audit_entries set details = '{}' where seq = 5`],
    ['an entry that was taken out', 'missing', sql => sql`delete from audit_entries where seq = 5`],
    ['an end that was cut off', 'cut_off', sql => sql`delete from audit_entries where seq > 4`],
  ]

for (const [name, why, tamper] of tampering)
  test(`the chain shows ${name}`, async t => {
    const node = await testNode(t)
    const ann = await node.signUp('ann')
    for (let i = 0; i < 8; i++) await node.admin.actingFor(ann.id).profiles.setNickname({ nick_name: `name ${i}` })
    const whole = await node.admin.audit.verifyAudit()

    await tamper(node.node.services.sql)

    const verdict = await node.admin.audit.verifyAudit()
    assert.deepEqual([whole.intact, whole.checked, whole.more], [true, 10, false])
    assert.deepEqual([verdict.intact, verdict.broken_at, verdict.why], [false, 5, why])
    const { sentence } = await commandLine(t, node.config.data).refusal('audit', 'verify')
    assert.match(sentence, /^the trail of app \w+ is broken: entry 5 /)
  })

test('many at once leave a chain without a gap', async t => {
  const node = await testNode(t)
  const people = await Promise.all(Array.from({ length: 20 }, () => node.signUp(freshName())))

  await Promise.all(
    people.flatMap(({ id }) => {
      const { profiles, devices } = node.admin.actingFor(id)
      return [profiles.setNickname({ nick_name: 'x' }), profiles.setAvatar({ avatar: 'y' }), devices.kick({})]
    }),
  )

  const { intact, checked } = await node.admin.audit.verifyAudit()
  assert.deepEqual([intact, checked], [true, 62])
})

test('the command line is in the trail as its operator, lists it, exports it, and knows an old head again', async t => {
  const node = await testNode(t)
  await node.signUp('ann')
  const { text, json, refusal } = commandLine(t, node.config.data)
  await text('user', 'ban', 'ann')
  const { head } = await json<{ head: string }>('audit', 'verify')
  await text('app', 'set', 'token-days=7')

  const [latest, earlier] = await trailOf(node)
  const listed = await text('audit', 'list', '--act', 'user ban')
  const lines = (await text('audit', 'export')).trimEnd().split('\n')

  assert.deepEqual(
    [latest?.act, latest?.subject, latest?.before, latest?.after],
    ['app set', 'app', { token_days: 30 }, { token_days: 7 }],
  )
  assert.deepEqual([earlier?.act, earlier?.actor.kind, earlier?.after.status], ['user ban', 'operator', 1])
  assert.match(listed, /user ban +user 1001 +status, signed_in\n$/)
  assert.deepEqual(
    lines.map(line => (JSON.parse(line) as { seq: number }).seq),
    [1, 2, 3, 4],
  )
  assert.match(await text('audit', 'verify', '--head', head), /^The trail is intact: 4 entries\.\nhead {2}4:/)
  assert.match((await refusal('audit', 'verify', '--head', '3:other')).sentence, /entry 3 was written anew$/)
})

test('only an admin reads the trail, and only of its own app', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const other = await node.otherApp()
  await other.admin.accounts.register({ username: 'elsewhere', password: 'x' })

  assert.deepEqual(
    await outcomes([ann.audit.listAudit(), ann.audit.verifyAudit(), node.stranger.audit.listAudit()]),
    [10010, 10010, 10003],
  )
  assert.ok(!JSON.stringify(await trailOf(node)).includes('elsewhere'))
  assert.equal((await trailOf(other))[0]?.after.username, 'elsewhere')
})
