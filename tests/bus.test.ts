// Runs once: it brings PostgreSQL servers of its own.
import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import postgres from 'postgres'
import type { Announcement } from '../server/bus/announcements.ts'
import { Exchange } from '../server/bus/exchange.ts'
import type { OpenLine } from '../server/bus/line.ts'
import { Parcels } from '../server/bus/parcels.ts'
import { postgresLine } from '../server/bus/postgres.ts'
import { redisLine } from '../server/bus/redis.ts'
import { redisClients } from '../server/redis.ts'
import { afterwards } from './support/afterwards.ts'
import { until } from './support/outcomes.ts'
import { type Cluster, newCluster } from './support/own-cluster.ts'
import { newRedis } from './support/redis.ts'

const key = randomBytes(32)
const push = (text: string, user = 1): Announcement => ({
  about: 'notice',
  notice: { app: 'app', user, frame: { type: 'info_updated', fields: [text] } },
})

/** A node's end of the bus; `users` are those whose connections each node holds. */
function node(t: TestContext, lines: { name: string; open: OpenLine }[], users: Map<number, string[]>, signing = key) {
  const heard: Announcement[] = []
  const own: Announcement[] = []
  const lost: string[] = []
  let missed = 0
  const bus = new Exchange({
    node: randomUUID(),
    key: signing,
    lines,
    holders: async () => users,
    isAlone: () => false,
    report: () => {},
    watch: { sent: () => {}, heard: () => {}, lost: (why, count) => void lost.push(...Array<string>(count).fill(why)) },
  })
  bus.subscribe(
    (announcement, isForeign) => (isForeign ? heard : own).push(announcement),
    () => missed++,
  )
  afterwards(t, () => bus.close())
  return { bus, heard, own, lost, missed: () => missed, isWell: () => bus.lines.every(({ isWell }) => isWell) }
}

type Make = (
  t: TestContext,
) => Promise<{ lines: { name: string; open: OpenLine }[]; foreign(to: string, text: string): Promise<unknown> }>

const overPostgres: Make = async t => {
  const cluster = await newCluster(t)
  return {
    lines: [{ name: 'postgres', open: postgresLine(cluster.url) }],
    foreign: (to, text) => speak(cluster, sql => sql`select pg_notify(${`stonechat_${to}`}, ${text})`),
  }
}

async function speak(cluster: Cluster, say: (sql: postgres.Sql) => PromiseLike<unknown>) {
  const sql = postgres(cluster.url, { max: 1 })
  await say(sql)
  await sql.end()
}

const overRedis: Make = async t => {
  const { url } = await newRedis(t)
  const connect = redisClients(url)
  return {
    lines: [{ name: 'redis', open: redisLine(connect, 'test') }],
    async foreign(to, text) {
      const client = connect()
      await client.connect()
      await client.publish(`test:${to}`, text)
      client.disconnect()
    },
  }
}

for (const [name, make] of Object.entries({ PostgreSQL: overPostgres, Redis: overRedis })) {
  test(`over ${name} an announcement reaches the nodes that hold the user, and this one before publish returns`, async t => {
    const { lines } = await make(t)
    const users = new Map<number, string[]>()
    const [a, b, c] = [node(t, lines, users), node(t, lines, users), node(t, lines, users)]
    users.set(1, [a.bus.node, b.bus.node])
    users.set(2, [c.bus.node])
    await until(() => [a, b, c].every(each => each.isWell()))

    a.bus.publish(push('held by b', 1))
    const atOnce = a.own.length
    a.bus.publish(push('held by c', 2))
    a.bus.publish(push('named', 1), [c.bus.node])
    a.bus.publish({ about: 'presence', change: { app: 'app', user: 9 } })
    await until(() => b.heard.length >= 2 && c.heard.length >= 3)

    assert.equal(atOnce, 1)
    assert.equal(a.own.length, 4)
    assert.deepEqual(a.heard, [])
    assert.deepEqual(b.heard.map(({ about }) => about).sort(), ['notice', 'presence'])
    assert.deepEqual(c.heard.map(({ about }) => about).sort(), ['notice', 'notice', 'presence'])
  })

  test(`over ${name} ten thousand announcements arrive in their order, however large they are`, async t => {
    const { lines } = await make(t)
    const [a, b] = [node(t, lines, new Map()), node(t, lines, new Map())]
    await until(() => a.isWell() && b.isWell())

    for (let i = 0; i < 10_000; i++) a.bus.publish(push(`${i} ${'é'.repeat(i % 300)}`), [b.bus.node])
    a.bus.publish(push('x'.repeat(300_000)), [b.bus.node])
    const start = performance.now()
    await until(() => b.heard.length === 10_000)

    const order = b.heard.map(each =>
      each.about === 'notice' && each.notice.frame.type === 'info_updated'
        ? Number.parseInt(each.notice.frame.fields[0] ?? '', 10)
        : -1,
    )
    assert.deepEqual(
      order,
      Array.from({ length: 10_000 }, (_, i) => i),
    )
    assert.deepEqual(a.lost, ['too_large'])
    t.diagnostic(`10,000 announcements over ${name} in ${Math.round(performance.now() - start)} ms`)
  })

  test(`over ${name} nothing is believed that no node of the installation has signed, or that no node says`, async t => {
    const { lines, foreign } = await make(t)
    const a = node(t, lines, new Map())
    const stranger = node(t, lines, new Map(), randomBytes(32))
    await until(() => a.isWell() && stranger.isWell())
    const signed = (announcement: object) =>
      new Parcels(key, 'b').pack([announcement as Announcement], 7999, () => {})[0] as string
    const texts = [
      'no parcel at all',
      signed(push('damaged')).replace('damaged', 'changed'),
      signed({ about: 'unheard of' }),
      signed({ about: 'notice', notice: { app: 'app', user: 'ann', frame: { type: 'kicked', device_sn: 1 } } }),
    ]

    for (const text of texts) await foreign(a.bus.node, text)
    stranger.bus.publish(push('from a stranger'), [a.bus.node])
    await foreign(a.bus.node, signed(push('good')))
    await until(() => a.heard.length > 0 && a.lost.length >= 5)

    assert.deepEqual(a.heard, [push('good')])
    assert.deepEqual(a.lost, Array(5).fill('refused'))
  })
}

test('a listener whose connection is ended comes back, and says that something may have been missed', async t => {
  const cluster = await newCluster(t)
  const lines = [{ name: 'postgres', open: postgresLine(cluster.url) }]
  const [a, b] = [node(t, lines, new Map()), node(t, lines, new Map())]
  await until(() => a.isWell() && b.isWell())
  const before = b.missed()

  await speak(
    cluster,
    sql => sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'stonechat bus'`,
  )
  const start = performance.now()
  await until(() => b.missed() > before)
  await until(() => {
    a.bus.publish(push('again'), [b.bus.node])
    return b.heard.length > 0
  })

  const took = performance.now() - start
  assert.ok(took < 5000, `${took} ms`)
  t.diagnostic(`heard again ${Math.round(took)} ms after the connections were ended`)
})

test('where Redis is killed or hangs announcements go over PostgreSQL, and over Redis again once it is back', async t => {
  const [cluster, redis] = [await newCluster(t), await newRedis(t)]
  const lines = [
    { name: 'redis', open: redisLine(redisClients(redis.url), 'test') },
    { name: 'postgres', open: postgresLine(cluster.url) },
  ]
  const [a, b] = [node(t, lines, new Map()), node(t, lines, new Map())]
  await until(() => a.isWell() && b.isWell())
  const arrives = async () => {
    const start = performance.now()
    const before = b.heard.length
    a.bus.publish(push('there?'), [b.bus.node])
    await until(() => b.heard.length > before)
    return Math.round(performance.now() - start)
  }

  redis.server.child.kill('SIGSTOP')
  const hanging = await arrives()
  redis.server.child.kill('SIGCONT')
  await until(() => a.isWell() && b.isWell())
  redis.server.child.kill('SIGKILL')
  await redis.server.ended
  const killed = await arrives()
  await newRedis(t, redis.port)
  await until(() => a.isWell() && b.isWell())

  assert.ok(hanging < 5000 && killed < 5000, `${hanging} and ${killed} ms`)
  t.diagnostic(`announced ${hanging} ms after Redis hung, ${killed} ms after it was killed`)
})
