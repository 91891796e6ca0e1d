import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, testNode } from './harness.ts'
import { exchange } from './support/http.ts'

type Node = Awaited<ReturnType<typeof testNode>>

/** The figures of a node: `name{labels}` → value. */
async function figuresOf(node: Node): Promise<Map<string, number>> {
  const { text } = await exchange(node.url, { path: '/metrics' })
  const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )
}

test('supervisors hear that the process answers, and that it can serve', async t => {
  const node = await testNode(t)

  const health = await exchange(node.url, { path: '/healthz' })
  const ready = await exchange(node.url, { path: '/readyz' })

  assert.deepEqual([health.status, JSON.parse(health.text)], [200, { status: 'ok' }])
  assert.deepEqual([ready.status, JSON.parse(ready.text)], [200, { status: 'ready' }])
})

test('requests are counted by operation and by the code of the answer', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')

  for (let i = 0; i < 3; i++) await ann.profiles.getProfile()
  await codeOf(node.stranger.profiles.getProfile())
  await codeOf(ann.settings.setAuthMode({ value: 9 }))
  const figures = await figuresOf(node)

  assert.equal(figures.get('stonechat_requests_total{operation="getProfile",code="200"}'), 3)
  assert.equal(figures.get('stonechat_requests_total{operation="getProfile",code="10003"}'), 1)
  assert.equal(figures.get('stonechat_requests_total{operation="setAuthMode",code="10002"}'), 1)
  assert.equal(figures.get('stonechat_requests_total{operation="register",code="200"}'), 1)
  assert.equal(figures.get('stonechat_request_milliseconds_count{operation="getProfile"}'), 4)
})

test('the figures tell how many users and devices there are', async t => {
  const node = await testNode(t)
  const before = await figuresOf(node)
  await node.signUp('ann')
  const bob = await node.signUp('bob')
  await node.signIn('bob', bob.password)
  await node.admin.actingFor((await node.signUp('gone')).id).accounts.deleteUser({})

  const after = await figuresOf(node)

  assert.deepEqual([before.get('stonechat_users'), before.get('stonechat_devices')], [0, 0])
  assert.deepEqual([after.get('stonechat_users'), after.get('stonechat_devices')], [2, 3])
})

test('the figures tell how batches, commits and hashes go', async t => {
  const node = await testNode(t)
  const before = await figuresOf(node)
  const ann = await node.signUp('ann')
  await Promise.all(Array.from({ length: 20 }, (_, i) => ann.profiles.setNickname({ nick_name: `Ann ${i}` })))

  const after = await figuresOf(node)
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0)

  assert.ok(grown('stonechat_commits_total') > 0)
  assert.equal(grown('stonechat_commits_total'), grown('stonechat_batch_size_count{kind="write"}'))
  assert.ok(grown('stonechat_batch_size_sum{kind="write"}') >= 20)
  assert.equal(after.get('stonechat_hash_queue'), 0)
  assert.equal(after.get('stonechat_hashes_running'), 0)
})

test('the figures hold nothing that a client chose', async t => {
  const node = await testNode(t)
  const canary = 'canary_canary'
  const ann = await node.signUp(canary)
  await ann.profiles.setNickname({ nick_name: canary })
  await exchange(node.url, { path: `/${canary}?${canary}=${canary}`, headers: { [canary]: canary, app_id: canary } })

  const { text, headers } = await exchange(node.url, { path: '/metrics' })

  assert.match(String(headers['content-type']), /^text\/plain/)
  assert.ok(!text.includes(canary))
})
