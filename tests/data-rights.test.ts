import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { codeOf, type TestNode, testNode } from './harness.ts'
import { leftOf } from './support/database.ts'
import { until } from './support/outcomes.ts'
import { online } from './support/realtime.ts'

const page = readFileSync(new URL('../docs/data-rights.md', import.meta.url), 'utf8')

/** Somebody of whom every table has something. */
async function everywhere(t: Parameters<typeof testNode>[0], node: TestNode) {
  const ann = await node.signUp('ann', 'a password', 'anns-phone')
  const other = await node.signIn('ann', 'a password')
  await ann.profiles.setProfile({ nick_name: 'Ann', private_info: 'mine' })
  await ann.settings.setSettings({ user_id: ann.id, auth_answer: 'an answer' })
  await ann.push.setAlias({ alias: 'annie' })
  await ann.push.addTags({ tags: ['red'] })
  await ann.devices.bindDeviceToken({ device_sn: ann.device, device_token: 'a-token', notifier_name: 'capture' })
  await node.admin.delivery.notify({ audience: { user_id: [ann.id] }, message: { title: 'Hello' } })
  await until(async () => (await node.admin.delivery.listCaptures()).data.length > 0)
  await ann.devices.kick({ device_sn: other.device })
  await node.admin.actingFor(ann.id).accounts.setMobile({ mobile: '+4915112345678' })
  const { job_id } = await node.admin.jobs.startJob({ act: 'tag', user_ids: [ann.id], tags: ['blue'] })
  await until(async () => (await node.admin.jobs.getJob({ job_id })).finished_at > 0)
  await online(t, ann)
  return ann
}

test('one call hands out everything that is kept about a user, to the user and to an admin', async t => {
  const node = await testNode(t)
  const ann = await everywhere(t, node)

  const own = await ann.rights.exportUser()
  const byAdmin = await node.admin.actingFor(ann.id).rights.exportUser()

  assert.deepEqual([own.user.private_info, own.settings.auth_answer], ['mine', 'an answer'])
  assert.deepEqual([own.alias, own.tags], ['annie', ['blue', 'red']])
  assert.deepEqual(
    own.devices.map(({ device_sn }) => device_sn),
    [2, 1],
  )
  assert.equal(own.bindings[0]?.device_token, 'a-token')
  assert.equal(own.sessions.length, 2)
  assert.equal(own.connections.length, 1)
  assert.deepEqual(
    own.events.map(({ kind, device_sn }) => [kind, device_sn]),
    [['kicked', 2]],
  )
  assert.match(own.pushes_captured[0]?.payload ?? '', /Hello/)
  assert.deepEqual(
    own.jobs.map(({ success, reason }) => [success, reason]),
    [[true, '']],
  )
  assert.deepEqual(
    own.audit.map(({ act }) => act),
    ['job tag', 'setMobile'],
  )
  assert.deepEqual(own.cut, [])
  assert.deepEqual({ ...byAdmin, exported_at: 0 }, { ...own, exported_at: 0 })
  const [noted] = (await node.admin.audit.listAudit({ about_user: ann.id })).data
  assert.equal(noted?.act, 'exportUser')
  for (const secret of ['argon2', ann.token, 'token_hash']) assert.ok(!JSON.stringify(own).includes(secret), secret)
})

test('every table that names a user is in the export, or docs/data-rights.md says why not', async t => {
  const { config } = await testNode(t)
  const database = new DatabaseSync(join(config.data, 'stonechat.db'), { readOnly: true })
  t.after(() => database.close())
  const tables = database
    .prepare(
      "select m.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and c.name = 'user_id'",
    )
    .all()
    .map(({ name }) => name as string)

  const missing = tables.filter(name => !page.includes(`\`${name}\``))

  assert.ok(tables.length > 12)
  assert.deepEqual(missing, [])
})

test('a purge says what it removed from each table, and what stays', async t => {
  const node = await testNode(t)
  const ann = await everywhere(t, node)
  const entries = (await node.admin.audit.listAudit({ about_user: ann.id })).data.length

  const report = await node.admin.actingFor(ann.id).rights.purgeUser()

  const removed = Object.fromEntries(report.removed.map(({ table, rows }) => [table, rows]))
  assert.deepEqual(removed, {
    ...{ users: 1, settings: 1, aliases: 1, tags: 2, devices: 2, bindings: 1, user_tokens: 2, leases: 1 },
    ...{ events: 1, captures: 1, admin_job_rows: 1, 'audit_entries (details)': entries },
  })
  for (const { table, why } of report.remains) assert.ok(why !== '', table)
  assert.deepEqual(
    report.remains.map(({ table }) => table).filter(table => table !== 'dismissals'),
    ['deleted_users', 'audit_entries'],
  )
  await until(async () => (await leftOf(node, ann.id)).length === 1)
  assert.deepEqual(await leftOf(node, ann.id), ['deleted_users'])
  assert.equal(await codeOf(node.admin.actingFor(ann.id).rights.exportUser()), 10021)
})

test('nobody gets the export of another', async t => {
  const node = await testNode(t)
  const [ann, ben] = [await node.signUp('ann'), await node.signUp('ben')]

  assert.equal(await codeOf(ann.actingFor(ben.id).rights.exportUser()), 10010)
  assert.equal(await codeOf(ann.rights.purgeUser()), 10010)
  assert.equal(await codeOf(node.admin.rights.purgeUser()), 10002)
})
