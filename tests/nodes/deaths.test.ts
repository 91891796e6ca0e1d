// Runs once: it brings PostgreSQL servers of its own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { createClient } from '../../client/index.ts'
import { amount } from '../support/amount.ts'
import { type Member, makeCrowd } from '../support/crowd.ts'
import { company, type Node } from '../support/nodes.ts'
import { until } from '../support/outcomes.ts'
import { newCluster } from '../support/own-cluster.ts'
import { type Bare, bare, helloOf } from '../support/realtime.ts'

const crowd = amount(1000, 5000)
const conditions = { timeout: amount(3, 20) * 60_000 }
const page = 500

test(
  'when a node is killed its users are offline within ten seconds, and connect to another one',
  conditions,
  async t => {
    const cluster = await newCluster(t)
    const { nodes, appId, adminToken, data, masterKey } = await company(t, cluster.url, 2)
    const [here, there] = nodes
    const members = await makeCrowd(data, appId, crowd, { database: cluster.url, masterKey })
    const admin = here.stranger.as(adminToken)
    const connectAll = async ({ url }: Node) => {
      const ready = async ({ token }: Member): Promise<Bare> => {
        const socket = await bare(t, url)
        socket.send(helloOf(createClient({ url, appId }).as(token)))
        await socket.frame('ready')
        return socket
      }
      for (let i = 0; i < members.length; i += 100) await Promise.all(members.slice(i, i + 100).map(ready))
    }
    const countOnline = async () => {
      let count = 0
      for (let i = 0; i < members.length; i += page) {
        const list = members.slice(i, i + page).map(({ id }) => id)
        count += (await admin.presence.presenceBatch({ list })).filter(({ online }) => online).length
      }
      return count
    }

    await connectAll(there)
    const before = await countOnline()
    there.program.child.kill('SIGKILL')
    const killed = performance.now()
    await there.program.ended
    await until(async () => (await countOnline()) === 0)
    const offline = performance.now() - killed
    const start = performance.now()
    await connectAll(here)
    const again = performance.now() - start
    const after = await countOnline()

    assert.equal(before, crowd)
    assert.ok(offline <= 10_000, `${offline} ms`)
    assert.equal(after, crowd)
    t.diagnostic(
      `a node with ${crowd} connections killed: all offline after ${(offline / 1000).toFixed(1)} s, all connected elsewhere in ${(again / 1000).toFixed(1)} s`,
    )
  },
)

test('a node that was suspended and taken for dead has its leases again once it goes on', conditions, async t => {
  const cluster = await newCluster(t)
  const { nodes, adminToken } = await company(t, cluster.url, 2)
  const [here, there] = nodes
  for (const username of ['ann', 'ben']) await here.stranger.accounts.register({ username, password: 'x' })
  const ann = await here.stranger.tokens.signInByName({ name: 'ann', password: 'x' })
  const ben = await here.stranger.tokens.signInByName({ name: 'ben', password: 'x' })
  const hello = async (token: string) => {
    const socket = await bare(t, there.url)
    socket.send(helloOf(there.stranger.as(token)))
    await socket.frame('ready')
    return socket
  }
  const [stays, goes] = [await hello(ann.token), await hello(ben.token)]
  const admin = here.stranger.as(adminToken)
  const online = async () =>
    (await admin.presence.presenceBatch({ list: [ann.user_id, ben.user_id] })).map(({ online }) => online)

  const sql = postgres(cluster.url, { max: 1 })

  there.program.child.kill('SIGSTOP')
  const stopped = performance.now()
  // Swept, and not only silent: then the leases are gone, and have to be taken again.
  const held = async () => (await sql`select 1 from leases`).length
  while ((await held()) > 0 && performance.now() - stopped < 20_000) await pause(200)
  const during = await online()
  await admin.actingFor(ben.user_id).devices.kick({})
  there.program.child.kill('SIGCONT')
  await until(async () => (await online())[0] === true)
  const code = await goes.gone()

  await sql.end()

  assert.deepEqual(during, [false, false])
  assert.equal(code, 4001)
  assert.equal(stays.code(), undefined)
  assert.deepEqual(await online(), [true, false])
})
