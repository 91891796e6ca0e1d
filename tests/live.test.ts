import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, type TestNode, testNode } from './harness.ts'
import { commandLine } from './support/command-line.ts'
import { until } from './support/outcomes.ts'
import { online } from './support/realtime.ts'

/** Reads along; `seen` fills. */
async function reading({ admin }: Pick<TestNode, 'admin'>) {
  const seen: string[] = []
  const events = await admin.overview.liveEvents()
  const over = (async () => {
    for await (const { kind, user_id, count, detail } of events)
      seen.push([kind, user_id, ...(kind === 'pushed' ? [count, detail] : [])].join(' '))
  })()
  await until(() => seen.includes('ready 0'))
  return { seen, over }
}

test('an admin sees what happens in its app, as it happens', async t => {
  const node = await testNode(t)
  const { seen } = await reading(node)

  const ann = await node.signUp('ann')
  const connection = await online(t, ann)
  await until(() => seen.includes(`online ${ann.id}`))
  await node.admin.actingFor(ann.id).devices.kick()
  await until(() => seen.includes(`offline ${ann.id}`))
  await node.admin.accounts.disable({ list: [ann.id] })
  await node.admin.accounts.enable({ list: [ann.id] })
  await node.admin.delivery.notify({ audience: { user_id: [ann.id] }, message: { title: 'Hello' } })
  await node.admin.actingFor(ann.id).accounts.deleteUser()

  await until(() => seen.includes(`deleted ${ann.id}`))
  for (const kind of ['registered', 'signed_in', 'kicked', 'disabled', 'enabled'])
    assert.ok(seen.includes(`${kind} ${ann.id}`), `${kind} is not among ${seen}`)
  assert.ok(connection)
})

test('what happens in another app is not seen, and a user sees nothing', async t => {
  const node = await testNode(t)
  const other = await node.otherApp()
  const { seen } = await reading(node)

  await other.signUp('ann')
  const ben = await node.signUp('ben')

  await until(() => seen.includes(`signed_in ${ben.id}`))
  assert.deepEqual(seen, ['ready 0', `registered ${ben.id}`, `signed_in ${ben.id}`])
  assert.equal(await codeOf(ben.overview.liveEvents()), 10010)
})

test('a reader that falls behind is told how many events it did not get', async t => {
  const node = await testNode(t)
  const { live, bus } = node.node.services
  const events = live.follow(node.appId, async () => false)
  await events.next()
  for (let i = 0; i < 1500; i++)
    bus.publish({
      about: 'activity',
      activity: { app: node.appId, kind: 'signed_in', user: i, device: 1, count: 1, detail: '' },
    })

  for (let i = 0; i < 1000; i++) await events.next()
  const { value } = await events.next()
  await events.return(undefined)

  assert.deepEqual([value?.kind, value?.count], ['dropped', 500])
})

test('a stream ends when the node stops', async t => {
  const node = await testNode(t)
  const { over, seen } = await reading(node)

  await node.node.stop()

  await over
  assert.deepEqual(seen, ['ready 0'])
})

test('a stream ends with the token that opened it, within two seconds', async t => {
  const node = await testNode(t)
  const { over } = await reading(node)

  const shell = commandLine(t, node.config.data)
  const { tokens } = await shell.json<{ tokens: { token_id: string }[] }>('token', 'list')
  await shell.json('token', 'revoke', tokens[0]?.token_id ?? '')
  const revoked = performance.now()
  await over

  assert.ok(performance.now() - revoked < 2000)
})
