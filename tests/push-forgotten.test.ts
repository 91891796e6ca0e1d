import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, type TestNode, testNode } from './harness.ts'
import { captured, done, pushed, reachable } from './support/push.ts'

const message = { title: 'Hello' }

/** Everything that is kept of pushes, but for counts, as one text. */
async function keptOf({ node }: TestNode): Promise<string> {
  const { sql } = node.services
  const results = await sql`select first_user, last_user, outcomes from push_results`
  const jobs = await sql`select devices from push_jobs`
  const tasks = await sql`select audience from push_tasks`
  return JSON.stringify([results, jobs, tasks])
}

test('who is deleted is taken out of results, of jobs that wait, and of the lists that named it', async t => {
  const node = await testNode(t)
  const [ann, ben] = [await reachable(node, 'ann'), await reachable(node, 'ben')]
  await ben.push.setAlias({ alias: 'the navigator' })
  const { push_token } = await ben.settings.getSettings()
  const { delivery } = node.admin
  const show_begin_time = Math.ceil(Date.now() / 1000) + 2
  const first = await pushed(node.admin, { audience: { user_id: [ben.id, ann.id] }, message })
  await pushed(node.admin, { audience: 'all', message })
  await pushed(node.admin, { audience: { alias: ['the navigator'] }, message })
  await pushed(node.admin, { audience: { push_token: [push_token] }, message })
  const later = await delivery.notify({
    audience: { user_id: [ben.id, ann.id] },
    message: { ...message, show_begin_time },
  })
  await node.admin.notifiers.changeNotifier({ name: 'capture', disabled: false })
  const marks = [String(ben.id), 'the navigator', push_token]
  const before = await keptOf(node)
  for (const mark of marks) assert.ok(before.includes(mark), mark)

  await node.admin.actingFor(ben.id).accounts.deleteUser()
  const after = await keptOf(node)
  await done(node.admin, later.task_id)

  for (const mark of marks) assert.ok(!after.includes(mark), mark)
  assert.ok(!(await keptOf(node)).includes(String(ben.id)))
  assert.ok(after.includes(String(ann.id)))
  assert.deepEqual((await delivery.taskProgress({ task_id: first.task_id })).outcomes, { sent: 2 })
  assert.deepEqual([...new Set((await captured(node.admin)).map(({ user_id }) => user_id))], [ann.id])
})

test('who is deleted while a job waits is not brought back by what becomes of the job', async t => {
  const node = await testNode(t)
  const [ann, ben] = [await reachable(node, 'ann'), await reachable(node, 'ben')]
  const { sql } = node.node.services
  const { task_id } = await pushed(node.admin, { audience: { user_id: [ann.id] }, message })
  // A job that another node works on, which holds what it has read before.
  await sql`
    insert into push_jobs (app_id, job_id, task_id, route, lane, due_at, devices, region)
    values (${node.appId}, ${'0'}, ${task_id}, ${'capture'}, ${1}, ${Date.now() + 3_000_000},
            ${JSON.stringify([ann.id, 1, 1, ben.id, 1, 1])}, ${''})`

  await node.admin.actingFor(ben.id).accounts.deleteUser()
  const [waiting] = await sql<{ devices: string }>`select devices from push_jobs`
  await sql`update push_jobs set due_at = ${0}, devices = ${JSON.stringify([ann.id, 1, 1, ben.id, 1, 1])}`
  node.node.services.outbox.wake()
  await eventually(async () => assert.deepEqual(await sql`select job_id from push_jobs`, []), 10_000)

  assert.equal(waiting?.devices, JSON.stringify([ann.id, 1, 1]))
  assert.ok(!(await keptOf(node)).includes(String(ben.id)))
})
