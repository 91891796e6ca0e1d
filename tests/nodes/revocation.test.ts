// Runs once: it brings PostgreSQL servers of its own.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Client } from '../../client/index.ts'
import { amount } from '../support/amount.ts'
import { type Company, company, way } from '../support/nodes.ts'
import { outcome, until } from '../support/outcomes.ts'
import { newCluster } from '../support/own-cluster.ts'
import { online } from '../support/realtime.ts'

const rounds = amount(5, 100)
const conditions = { timeout: amount(3, 60) * 60_000 }

/** What an admin, through the first node, can do to end a user's sessions. */
const acts: Record<string, (admin: Client, user: number) => Promise<unknown>> = {
  kick: (admin, user) => admin.actingFor(user).devices.kick({}),
  ban: (admin, user) => admin.accounts.disable({ list: [user] }),
  'new password': (admin, user) => admin.actingFor(user).accounts.changePasswordAdmin({ password: 'new one' }),
  deletion: (admin, user) => admin.actingFor(user).accounts.deleteUser({}),
}

interface Figures {
  uses: number
  slowest: number
}

/** Ends a session through the first node, while its connection is held by the second: who still gets in, and for how long? */
async function endOnce(
  t: TestContext,
  { nodes, adminToken }: Company,
  name: string,
  end: (admin: Client, user: number) => Promise<unknown>,
): Promise<Figures> {
  const [here, there] = nodes
  await here.stranger.accounts.register({ username: name, password: 'x' })
  const session = await here.stranger.tokens.signInByName({ name, password: 'x' })
  const line = await online(t, there.stranger.as(session.token))

  await end(here.stranger.as(adminToken), session.user_id)
  const answered = performance.now()
  const tries = nodes.flatMap(({ stranger }) =>
    Array.from({ length: 5 }, () => outcome(stranger.as(session.token).profiles.getProfile())),
  )
  const codes = await Promise.all(tries)
  await line.gone()
  const took = performance.now() - answered
  const { online: still } = await there.stranger
    .as(adminToken)
    .presence.presenceBatch({ list: [session.user_id] })
    .then(([found]) => found ?? { online: true })

  assert.equal(still, false)
  return { uses: codes.filter(code => code === 200).length, slowest: took }
}

async function endAll(t: TestContext, all: Company, prefix: string, times: number): Promise<Figures> {
  const figures: Figures = { uses: 0, slowest: 0 }
  for (let i = 0; i < times; i++)
    for (const [act, end] of Object.entries(acts)) {
      const { uses, slowest } = await endOnce(t, all, `${prefix}_${act.replace(' ', '_')}_${i}`, end)
      figures.uses += uses
      figures.slowest = Math.max(figures.slowest, slowest)
    }
  return figures
}

test(
  'what ends a session through one node ends it on all: nobody gets in, and the connection is closed',
  conditions,
  async t => {
    const cluster = await newCluster(t)
    const all = await company(t, cluster.url, 3)

    const { uses, slowest } = await endAll(t, all, 'a', rounds)

    assert.equal(uses, 0)
    assert.ok(slowest <= 1000, `${slowest} ms`)
    t.diagnostic(
      `${4 * rounds} endings across 3 nodes: ${uses} uses afterwards, closed after ${Math.round(slowest)} ms at the most`,
    )
  },
)

test('likewise where the bus is cut, within five seconds', conditions, async t => {
  const cluster = await newCluster(t)
  const listening = await way(t, cluster.port)
  const direct = cluster.url.replace(String(cluster.port), String(listening.port))
  const all = await company(t, cluster.url, 3, { STONECHAT_LISTEN_URL: direct })
  listening.cut()

  const { uses, slowest } = await endAll(t, all, 'b', 1)

  assert.equal(uses, 0)
  assert.ok(slowest <= 5000, `${slowest} ms`)
  t.diagnostic(
    `4 endings with the bus cut: ${uses} uses afterwards, closed after ${Math.round(slowest)} ms at the most`,
  )
})

test('a second connection of a device on another node takes the place of the first', conditions, async t => {
  const cluster = await newCluster(t)
  const { nodes } = await company(t, cluster.url, 2)
  const [here, there] = nodes
  await here.stranger.accounts.register({ username: 'ann', password: 'x' })
  const { token } = await here.stranger.tokens.signInByName({ name: 'ann', password: 'x' })
  const first = await online(t, there.stranger.as(token))

  const second = await online(t, here.stranger.as(token))
  const start = performance.now()
  const { code } = await first.gone()
  const took = performance.now() - start
  const status = await there.stranger.as(token).presence.getOnlineStatus()

  assert.equal(code, 4005)
  assert.ok(took < 1000, `${took} ms`)
  assert.equal(status.online, true)
  assert.deepEqual(second.notices, [])
})

test('notices and presence cross nodes, to those who are concerned', conditions, async t => {
  const cluster = await newCluster(t)
  const { nodes } = await company(t, cluster.url, 2)
  const [here, there] = nodes
  for (const username of ['ann', 'ben']) await here.stranger.accounts.register({ username, password: 'x' })
  const ann = await here.stranger.tokens.signInByName({ name: 'ann', password: 'x' })
  const ben = await here.stranger.tokens.signInByName({ name: 'ben', password: 'x' })
  const watcher = await online(t, here.stranger.as(ben.token))
  watcher.socket.subscribe([ann.user_id])
  await until(() => watcher.presence.length === 1)

  const line = await online(t, there.stranger.as(ann.token))
  await until(() => watcher.presence.length === 2)
  await here.stranger.as(ann.token).profiles.setNickname({ nick_name: 'Ann' })
  await until(() => line.notices.length === 1)
  line.socket.close()
  await until(() => watcher.presence.length === 3)

  assert.deepEqual(
    watcher.presence.map(({ online }) => online),
    [false, true, false],
  )
  assert.deepEqual(line.notices[0], { type: 'info_updated', fields: ['nick_name'] })
  assert.deepEqual(watcher.notices, [])
})
