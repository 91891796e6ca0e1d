// Runs once: it brings PostgreSQL servers of its own.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import postgres from 'postgres'
import { type Company, company } from '../support/nodes.ts'
import { outcome } from '../support/outcomes.ts'
import { newCluster } from '../support/own-cluster.ts'
import { online } from '../support/realtime.ts'
import { newRedis } from '../support/redis.ts'

const conditions = { timeout: 120_000 }

/** Kicks through the first node whom the second holds: how long the connection lives on (ms). Old tokens get in nowhere. */
async function kickAcross(t: TestContext, { nodes, adminToken }: Company, name: string): Promise<number> {
  const [here, there] = nodes
  await here.stranger.accounts.register({ username: name, password: 'x' })
  const { token, user_id } = await here.stranger.tokens.signInByName({ name, password: 'x' })
  const line = await online(t, there.stranger.as(token))

  await here.stranger.as(adminToken).actingFor(user_id).devices.kick({})
  const answered = performance.now()
  const codes = await Promise.all(nodes.map(({ stranger }) => outcome(stranger.as(token).profiles.getProfile())))
  const { code } = await line.gone()

  assert.deepEqual(new Set(codes), new Set([402]))
  assert.equal(code, 4001)
  return performance.now() - answered
}

test(
  'with Redis killed, or hanging, people sign in, and kicks reach other nodes within five seconds',
  conditions,
  async t => {
    const [cluster, redis] = [await newCluster(t), await newRedis(t)]
    const all = await company(t, cluster.url, 2, { REDIS_URL: redis.url, STONECHAT_LIMITS: 'on' })

    const well = await kickAcross(t, all, 'well')
    redis.server.child.kill('SIGSTOP')
    const hanging = await kickAcross(t, all, 'hanging')
    redis.server.child.kill('SIGCONT')
    redis.server.child.kill('SIGKILL')
    const killed = await kickAcross(t, all, 'killed')

    assert.ok(well < 1000, `${well} ms`)
    assert.ok(hanging < 5000 && killed < 5000, `${hanging} and ${killed} ms`)
    t.diagnostic(
      `a kick crossed in ${Math.round(well)} ms by Redis, ${Math.round(hanging)} ms while it hung, ${Math.round(killed)} ms after it was killed`,
    )
  },
)

test(
  'with the listening connections ended by the database, kicks reach other nodes within five seconds',
  conditions,
  async t => {
    const cluster = await newCluster(t)
    const all = await company(t, cluster.url, 2)
    const sql = postgres(cluster.url, { max: 1 })

    const gone =
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'stonechat bus'`
    await sql.end()
    const took = await kickAcross(t, all, 'ann')

    assert.ok(gone.length >= 2)
    assert.ok(took < 5000, `${took} ms`)
    t.diagnostic(`a kick crossed in ${Math.round(took)} ms after ${gone.length} connections of the bus were ended`)
  },
)
