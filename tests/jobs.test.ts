import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, folder, type Person, type TestNode, testNode } from './harness.ts'
import { freshName } from './support/examples.ts'
import { until } from './support/outcomes.ts'
import { serving } from './support/program.ts'

type Input = Parameters<TestNode['admin']['jobs']['startJob']>[0]
type Admin = Pick<TestNode, 'admin'>

/** Starts a job and waits for its end. */
async function finished({ admin }: Admin, input: Input) {
  const { job_id } = await admin.jobs.startJob(input)
  await until(async () => (await admin.jobs.getJob({ job_id })).finished_at > 0)
  return admin.jobs.getJob({ job_id })
}

async function many({ admin }: Admin, count: number): Promise<number[]> {
  const ids: number[] = []
  for (let left = count; left > 0; left -= 100) {
    const list = Array.from({ length: Math.min(left, 100) }, () => ({ username: freshName(), password: 'p' }))
    ids.push(...(await admin.accounts.registerBatch({ list })).map(({ user_id }) => user_id))
  }
  return ids
}

const pair = async (node: TestNode): Promise<[Person, Person]> => [await node.signUp('ann'), await node.signUp('ben')]

test('a job bans each of its users by itself, in the name of the admin, and says what it could not do', async t => {
  const node = await testNode(t)
  const [ann, ben] = await pair(node)

  const job = await finished(node, { act: 'ban', user_ids: [ann.id, 999_999, ben.id, ann.id] })

  assert.deepEqual([job.state, job.total, job.total_exact, job.done, job.failed], ['done', 3, true, 3, 1])
  const { data: rows } = await node.admin.jobs.jobRows({ job_id: job.job_id })
  assert.deepEqual(
    rows.map(({ user_id, success, reason }) => [user_id, success, reason]),
    [
      [ann.id, true, ''],
      [ben.id, true, ''],
      [999_999, false, 'There is no such user'],
    ],
  )
  assert.deepEqual((await node.admin.jobs.jobRows({ job_id: job.job_id, failed: true })).data.length, 1)
  assert.equal(await codeOf(ann.profiles.getProfile()), 402)
  const [entry] = (await node.admin.audit.listAudit({ about_user: ann.id })).data
  assert.deepEqual(
    [entry?.act, entry?.actor.name, entry?.after],
    ['job ban', 'first-run', { status: 1, signed_in: [] }],
  )
})

test('unban, kick, tag and untag do to many what a call does to one', async t => {
  const node = await testNode(t)
  const [ann, ben] = await pair(node)
  const user_ids = [ann.id, ben.id]

  await finished(node, { act: 'tag', user_ids, tags: ['red', 'blue'] })
  await finished(node, { act: 'untag', user_ids, tags: ['blue'] })
  const tags = await ann.push.listTags()
  await finished(node, { act: 'kick', user_ids })
  const kicked = await codeOf(ann.profiles.getProfile())
  await finished(node, { act: 'ban', user_ids })
  await finished(node, { act: 'unban', user_ids })

  assert.deepEqual(tags, ['red'])
  assert.equal(kicked, 402)
  assert.equal((await node.signIn('ben', ben.password)).id, ben.id)
})

test('a job over a filter reaches all whom it means, also those whom its own act takes out of it', async t => {
  const node = await testNode(t)
  const ids = await many(node, 130)
  await node.admin.accounts.disable({ list: ids.slice(0, 5) })

  const job = await finished(node, { act: 'ban', filter: { status: 0 } })

  assert.deepEqual([job.total, job.done, job.failed], [125, 125, 0])
  assert.deepEqual(await node.admin.users.countUsers({ status: 1 }), { users: 130, exact: true })
})

test('an export is handed out page by page, as lines of JSON and as a table, and without who was deleted', async t => {
  const node = await testNode(t)
  const [ann, ben] = await pair(node)
  await ann.profiles.setNickname({ nick_name: '=1+1, "Ann"' })
  const gone = await node.signUp('gone')
  const { job_id } = await finished(node, { act: 'export', filter: {} })
  await node.admin.actingFor(gone.id).accounts.deleteUser()

  const first = await node.admin.jobs.jobExport({ job_id, page_size: 1 })
  const second = await node.admin.jobs.jobExport({ job_id, page_size: 1, cursor: String(first.cursor) })
  const table = await node.admin.jobs.jobExport({ job_id, format: 'csv' })

  assert.equal(JSON.parse(first.data.text).username, 'ann')
  assert.equal(JSON.parse(second.data.text).user_id, ben.id)
  assert.equal(second.cursor, undefined)
  const [heading, row, ...others] = table.data.text.trimEnd().split('\r\n')
  assert.match(heading ?? '', /^user_id,username,nick_name,/)
  assert.match(row ?? '', new RegExp(`^${ann.id},ann,"'=1\\+1, ""Ann""",`))
  assert.equal(others.length, 1)
  assert.ok((await node.admin.audit.listAudit({ act: 'jobExport' })).data.length >= 1)
})

test('a job that is cancelled stops, and what was done stays done', async t => {
  const node = await testNode(t)
  const user_ids = await many(node, 400)

  const { job_id } = await node.admin.jobs.startJob({ act: 'ban', user_ids })
  await until(async () => (await node.admin.jobs.getJob({ job_id })).done > 0)
  await node.admin.jobs.cancelJob({ job_id })
  const { state, done } = await node.admin.jobs.getJob({ job_id })

  const banned = await node.admin.users.countUsers({ status: 1 })
  assert.equal(state, 'cancelled')
  assert.ok(done < 400)
  assert.equal(banned.users, (await rowsOf(node, job_id)).length)
})

test('a program that is killed in a job goes on with it, and does no user twice', async t => {
  const data = folder(t)
  const before = await serving(t, data)
  const user_ids = await many(before, 250)
  const { job_id } = await before.admin.jobs.startJob({ act: 'ban', user_ids })
  await until(async () => (await before.admin.jobs.getJob({ job_id })).done > 0)
  before.program.child.kill('SIGKILL')
  await before.program.ended

  const after = await serving(t, data)
  await until(async () => (await after.admin.jobs.getJob({ job_id })).finished_at > 0)

  const job = await after.admin.jobs.getJob({ job_id })
  assert.deepEqual([job.state, job.done, job.failed], ['done', 250, 0])
  const entries = await after.admin.audit.listAudit({ act: 'job ban', page_size: 500 })
  assert.equal(new Set(entries.data.map(({ user_id }) => user_id)).size, 250)
  assert.equal(entries.data.length, 250)
})

test('a job needs one selection, tags where they belong, and an admin of the app', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const other = await node.otherApp()
  const { job_id } = await finished(node, { act: 'ban', user_ids: [ann.id] })

  assert.equal(await codeOf(node.admin.jobs.startJob({ act: 'ban' })), 10002)
  assert.equal(await codeOf(node.admin.jobs.startJob({ act: 'ban', user_ids: [1], filter: {} })), 10002)
  assert.equal(await codeOf(node.admin.jobs.startJob({ act: 'tag', user_ids: [1] })), 10002)
  assert.equal(await codeOf(node.admin.jobs.startJob({ act: 'kick', user_ids: [1], tags: ['x'] })), 10002)
  assert.equal(await codeOf(ann.jobs.startJob({ act: 'ban', user_ids: [1] })), 402)
  assert.equal(await codeOf(other.admin.jobs.getJob({ job_id })), 13008)
  assert.equal(await codeOf(node.admin.jobs.jobExport({ job_id })), 10002)
})

async function rowsOf({ admin }: Admin, job_id: number) {
  const rows = []
  let cursor: string | undefined
  do {
    const page = await admin.jobs.jobRows({ job_id, page_size: 500, ...(cursor && { cursor }) })
    rows.push(...page.data)
    cursor = page.cursor
  } while (cursor)
  return rows
}
