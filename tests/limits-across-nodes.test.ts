// Runs once: what it counts in is named by each test.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { ApiError } from '../contract/errors.ts'
import { databaseLimits } from '../server/limits/database.ts'
import { purgeBuckets } from '../server/limits/limits.sql.ts'
import type { Limits, Rules } from '../server/limits/limits.ts'
import { memoryLimits } from '../server/limits/memory.ts'
import { RedisLimits } from '../server/limits/redis.ts'
import { redisClients } from '../server/redis.ts'
import { testNode } from './harness.ts'
import { afterwards } from './support/afterwards.ts'
import { until } from './support/outcomes.ts'
import { newRedis } from './support/redis.ts'
import { openStore } from './support/store.ts'

const rule = { count: 6, seconds: 60 }
const rules: Rules = { account: rule, address: { count: 100, seconds: 60 }, registration: { count: 1, seconds: 3600 } }

/** 0 where one was taken, else the seconds to wait. */
async function take(limits: Limits, key = 'ann', name: keyof Rules = 'account', app = 'app'): Promise<number> {
  try {
    await limits.take(name, app, key)
    return 0
  } catch (error) {
    if (error instanceof ApiError && error.failure === 'too_many_tries') return error.retryAfter ?? -1
    throw error
  }
}

const takeMany = async (limits: Limits[], times: number) =>
  (await Promise.all(Array.from({ length: times }, (_, i) => take(limits[i % limits.length] as Limits)))).filter(
    wait => wait === 0,
  ).length

const schema = readFileSync(new URL('../server/migrations/0056_tries.sql', import.meta.url), 'utf8')

/** Two nodes that count in one database. */
function inDatabase(t: TestContext, now: () => number) {
  const { sql } = openStore(t, schema)
  return { sql, nodes: [databaseLimits(sql, rules, now), databaseLimits(sql, rules, now)] }
}

function inRedis(t: TestContext, url: string) {
  const said: (string | undefined)[] = []
  const limits = new RedisLimits(redisClients(url), {
    rules,
    prefix: 'test',
    meanwhile: memoryLimits(rules, () => performance.now()),
    alone: because => said.push(because && 'alone'),
  })
  afterwards(t, () => limits.close())
  return { limits, said }
}

test('nodes that count in one database let through what one would, however many ask at once', async t => {
  const { nodes } = inDatabase(t, () => 1_000_000)

  const taken = await takeMany(nodes, 40)
  const wait = await take(nodes[0] as Limits)
  const others = [await take(nodes[0] as Limits, 'ben'), await take(nodes[1] as Limits, 'ann', 'account', 'other app')]

  assert.deepEqual([taken, wait, others], [6, 10, [0, 0]])
})

test('in the database what was taken comes back evenly, and a clock that is set back locks nobody out', async t => {
  let now = 0
  const { nodes } = inDatabase(t, () => now)

  const taken = []
  for (const at of [3_600_000, 3_609_999, 3_610_000, 3_630_000, 7_200_000, 0]) {
    now = at
    taken.push(await takeMany(nodes, 12))
  }

  assert.deepEqual(taken, [6, 0, 1, 2, 6, 6])
})

test('a bucket is forgotten once it is full, and its name tells nobody whom it counts', async t => {
  let now = 1_000_000
  const { sql, nodes } = inDatabase(t, () => now)
  await take(nodes[0] as Limits, 'ann')

  const rows = JSON.stringify(await sql`select * from tries`)
  const early = await purgeBuckets(sql, 'app', now * 1000)
  now += 60_000
  const late = await purgeBuckets(sql, 'app', now * 1000)

  assert.doesNotMatch(rows, /ann/)
  assert.deepEqual([early, late], [0, 1])
})

test('nodes that count in one Redis let through what one would, and its keys name nobody and run out', async t => {
  const { url } = await newRedis(t)
  const nodes = [inRedis(t, url).limits, inRedis(t, url).limits]

  const taken = await takeMany(nodes, 40)
  const wait = await take(nodes[0] as Limits)
  const client = redisClients(url)()
  await client.connect()
  const keys = await client.keys('*')
  const lives = await Promise.all(keys.map(key => client.pttl(key)))
  client.disconnect()

  assert.equal(taken, 6)
  assert.ok(wait > 8 && wait <= 10, `${wait} s`)
  assert.equal(keys.length, 1)
  assert.doesNotMatch(keys.join(), /ann/)
  for (const life of lives) assert.ok(life > 50_000 && life <= 60_000, `${life} ms`)
})

test('where Redis hangs or is killed a node counts alone, says so once, and comes back to it', async t => {
  const redis = await newRedis(t)
  const { limits, said } = inRedis(t, redis.url)
  await take(limits)

  redis.server.child.kill('SIGSTOP')
  const start = performance.now()
  const hanging = await takeMany([limits], 40)
  const took = performance.now() - start
  redis.server.child.kill('SIGCONT')
  redis.server.child.kill('SIGKILL')
  await redis.server.ended
  const killed = await takeMany([limits], 40)
  await newRedis(t, redis.port)
  await until(async () => (await take(limits, 'ben', 'address')) === 0 && said.length === 2)

  assert.deepEqual([hanging, killed], [6, 0])
  assert.deepEqual(said, ['alone', undefined])
  assert.ok(took < 2500, `${took} ms`)
})

test('a node with REDIS_URL counts there, and its figures say when it counts alone', async t => {
  const redis = await newRedis(t)
  const node = await testNode(t, { limits: 'on', triesPerAccount: 2, redis: redis.url })
  const guess = () => node.stranger.tokens.signInByName({ name: 'nobody', password: 'x' }).catch(error => error.code)
  const alone = async () => /^stonechat_limits_alone (\d)/m.exec(await (await fetch(`${node.url}/metrics`)).text())?.[1]

  const codes = [await guess(), await guess(), await guess()]
  const before = await alone()
  redis.server.child.kill('SIGKILL')
  await redis.server.ended
  const after = [await guess(), await guess(), await guess()]

  assert.deepEqual([codes, before], [[402, 402, 10028], '0'])
  assert.deepEqual([after, await alone()], [[402, 402, 10028], '1'])
})
