import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '../client/index.ts'
import { ban, deleteAccount } from '../server/accounts/ending.ts'
import { findApp, updateApp } from '../server/apps/apps.sql.ts'
import { memoryBus } from '../server/bus/memory.ts'
import { openInstallation } from '../server/installation.ts'
import { insertLease, insertNode } from '../server/presence/presence.sql.ts'
import type { Services } from '../server/services.ts'
import { BusyError } from '../server/storage/sql.ts'
import { Sessions } from '../server/tokens/sessions.ts'
import { folder, type TestNode, testNode } from './harness.ts'
import { day, stoppedClock } from './support/clock.ts'
import { engine } from './support/engine.ts'
import { until } from './support/outcomes.ts'
import { serving } from './support/program.ts'
import { bareReady, network, online } from './support/realtime.ts'

type Acting = Pick<Services, 'sql' | 'sessions' | 'bus' | 'now' | 'scrub'>

/** Acts as the command line does beside a running node: with sessions and a bus of its own. */
async function elsewhere({ config }: TestNode, act: (services: Acting) => Promise<unknown>) {
  const { store } = await openInstallation(config)
  const sessions = new Sessions(store, Date.now)
  await act({ sql: store.sql, sessions, bus: memoryBus(), now: Date.now, scrub: store.scrub })
  await store.close()
}

/** Of this many ms an event that must happen within `bound` may be late on a busy machine. */
const slack = 500

async function within(bound: number, event: () => Promise<unknown>) {
  const start = performance.now()
  await event()
  const took = performance.now() - start
  assert.ok(took < bound + slack, `it took ${took} ms`)
}

test('a ban by another process closes the connections within two seconds, and no others', async t => {
  const node = await testNode(t)
  const [ann, ben] = [await node.signUp('ann'), await node.signUp('ben')]
  const sockets = [await online(t, ann), await online(t, await node.signIn('ann', ann.password))]
  const watcher = await online(t, ben)
  watcher.socket.subscribe([ann.id])

  await elsewhere(node, services => ban(services, node.appId, [ann.id]))
  const { online: isOnline } = await node.admin.actingFor(ann.id).presence.getOnlineStatus()
  await within(2000, () => Promise.all(sockets.map(socket => socket.gone())))
  await until(() => watcher.presence.at(-1)?.online === false)

  assert.equal(isOnline, false)
  for (const { closed, notices } of sockets) {
    assert.deepEqual(closed, [{ code: 4002, reason: 'disabled', final: true }])
    assert.equal(notices.at(-1)?.type, 'disabled')
  }
  assert.equal(watcher.closed.length, 0)
})

test('a deletion by another process closes the connections within two seconds', async t => {
  const node = await testNode(t)
  const phone = await online(t, await node.signUp('ann'))

  await elsewhere(node, services => deleteAccount(services, node.appId, phone.ready[0]?.user_id as number))
  await within(2000, () => phone.gone())

  assert.deepEqual(phone.closed, [{ code: 4004, reason: 'deleted', final: true }])
})

test('an app that another process freezes loses its connections within two seconds, and other apps do not', async t => {
  const node = await testNode(t)
  const other = await node.otherApp()
  const [phone, bystander] = [await online(t, await node.signUp('ann')), await online(t, await other.signUp('ann'))]

  await elsewhere(node, async ({ sql }) => {
    const app = await findApp(sql, node.appId)
    assert.ok(app)
    await updateApp(sql, { ...app, frozen: 1 })
  })
  await within(2000, () => phone.gone())

  assert.deepEqual(
    phone.notices.map(notice => notice.type === 'error' && notice.code),
    [40003],
  )
  assert.equal(phone.closed[0]?.code, 1008)
  assert.equal(bystander.closed.length, 0)
})

test('a session that runs out closes with 4003 at the next heartbeat', async t => {
  const clock = stoppedClock()
  const node = await testNode(t, { heartbeatSeconds: 1 }, clock.now)
  const phone = await online(t, await node.signUp('ann'))

  clock.at += 30 * day
  await within(1000, () => phone.gone())

  assert.deepEqual(phone.closed, [{ code: 4003, reason: 'session_over', final: true }])
  assert.deepEqual(phone.notices, [])
})

test('a client whose network is gone is offline within two heartbeats, and itself notices; others stay', async t => {
  const node = await testNode(t, { heartbeatSeconds: 1 })
  const [ann, ben] = [await node.signUp('ann'), await node.signUp('ben')]
  const line = await network(t, node.url)
  const watcher = await online(t, ben)
  watcher.socket.subscribe([ann.id])
  const distant = await online(t, createClient({ ...ann.connection, url: line.url }))
  await until(() => watcher.presence.at(-1)?.online === true)

  line.vanish()
  await within(2000, () => until(async () => !(await ann.presence.getOnlineStatus()).online))
  await until(() => watcher.presence.at(-1)?.online === false)

  assert.equal((await distant.gone()).code, 1006)
  assert.equal(distant.waiting.length, 1)
  assert.equal(watcher.closed.length, 0)
})

test('a client that answers heartbeats stays, though it says nothing', async t => {
  const node = await testNode(t, { heartbeatSeconds: 1 })
  const phone = await bareReady(t, await node.signUp('ann'))
  let pings = 0
  phone.socket.on('ping', () => pings++)

  await until(() => pings === 4 || phone.code() !== undefined)

  assert.equal(phone.code(), undefined)
})

test('after a kill -9 and a restart nobody is online who has no connection, and tokens are good', async t => {
  const data = folder(t)
  const before = await serving(t, data)
  const sessions = []
  for (const name of ['ann', 'ben', 'cid']) {
    await before.stranger.accounts.register({ username: name, password: 'x' })
    sessions.push(await before.stranger.tokens.signInByName({ name, password: 'x' }))
  }
  const list = sessions.map(({ user_id }) => user_id)
  const sockets = await Promise.all(sessions.map(({ token }) => online(t, before.stranger.as(token))))
  const during = await before.admin.presence.presenceBatch({ list })

  before.program.child.kill('SIGKILL')
  await before.program.ended
  const killedAt = Date.now()
  const after = await serving(t, data)
  // Who has a file to itself knows at once that nobody else lives; on PostgreSQL the node might, until its time is over.
  if (engine === 'postgres')
    await until(async () => (await after.admin.presence.presenceBatch({ list })).every(({ online }) => !online))
  const statuses = await after.admin.presence.presenceBatch({ list })
  await online(t, after.stranger.as(sessions[0]?.token as string))
  const back = await after.admin.presence.presenceBatch({ list })

  const onlineOf = (found: typeof during) => found.map(each => each.online)
  assert.deepEqual(onlineOf(during), [true, true, true])
  assert.deepEqual(onlineOf(statuses), [false, false, false])
  assert.deepEqual(onlineOf(back), [true, false, false])
  // The node was last heard of at most one renewal before its end.
  for (const { last_seen } of statuses) assert.ok(killedAt - last_seen < 4000, `${killedAt - last_seen} ms`)
  for (const { closed } of sockets) assert.equal(closed[0]?.code, 1006)
})

test('what another node holds counts while that node renews, and stops counting nine seconds after', async t => {
  const clock = stoppedClock()
  const node = await testNode(t, {}, clock.now)
  const ann = await node.signUp('ann')
  const { sql } = node.node.services
  await insertNode(sql, 'elsewhere', clock.at)
  const lease = { user: ann.id, connection: 'c', device: ann.device, node: 'elsewhere', now: clock.at }
  await insertLease(sql, node.appId, lease)
  const status = async () => (await ann.presence.getOnlineStatus()).online

  const fresh = await status()
  clock.at += 8999
  const old = await status()
  clock.at += 1
  const dead = await status()
  await until(async () => (await sql`select 1 as held from leases`).length === 0)

  assert.deepEqual([fresh, old, dead], [true, true, false])
})

test('a lease that the storage cannot take back at once is taken back later', async t => {
  const node = await testNode(t)
  const [ann, ben] = [await node.signUp('ann'), await node.signUp('ben')]
  const [phone, watcher] = [await online(t, ann), await online(t, ben)]
  watcher.socket.subscribe([ann.id])
  await until(() => watcher.presence.length === 1)
  let failed = 0
  const { mock } = t.mock.method(node.node.services.sql, 'begin', async () => {
    failed++
    throw new BusyError(new Error('locked'))
  })

  phone.socket.close()
  await until(() => failed > 0)
  const during = await ann.presence.getOnlineStatus()
  mock.restore()
  await until(() => watcher.presence.length === 2)

  assert.equal(during.online, true)
  assert.deepEqual(
    watcher.presence.map(frame => frame.online),
    [true, false],
  )
})

test('the figures count connections by platform, hellos, closes by our own codes, and how fast notices are', async t => {
  const node = await testNode(t)
  const [ann, ben] = [await node.signUp('ann'), await node.signUp('ben')]
  await bareReady(t, ann, { platform: 1 })
  const odd = await bareReady(t, ben, { platform: 6 })
  const figures = async () => (await fetch(`${node.url}/metrics`)).text()

  const during = await figures()
  odd.socket.close(4999)
  await odd.gone()
  await node.admin.actingFor(ann.id).devices.kick({})
  await until(async () => (await figures()).includes('stonechat_closes_total{code="4001"} 1'))
  const after = await figures()

  assert.match(during, /^stonechat_connections\{platform="ios"\} 1$/m)
  assert.match(during, /^stonechat_connections\{platform="web"\} 1$/m)
  assert.match(after, /^stonechat_hellos_total 2$/m)
  assert.match(after, /^stonechat_closes_total\{code="other"\} 1$/m)
  assert.doesNotMatch(after, /"4999"/)
  assert.match(after, /^stonechat_notice_milliseconds_count\{about="ending"\} \d+$/m)
  assert.match(after, /^stonechat_sweep_milliseconds_count 0$/m)
  assert.match(after, /^stonechat_lease_sweeps_total [1-9]/m)
})
