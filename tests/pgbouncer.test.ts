// Runs once: it makes servers of its own.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createClient } from '../client/index.ts'
import { readConfig } from '../server/config.ts'
import { type Node, startNode } from '../server/node.ts'
import { openPostgres } from '../server/storage/postgres.ts'
import { codeOf, eventually, folder } from './harness.ts'
import { afterwards } from './support/afterwards.ts'
import { type Cluster, freePort, newCluster } from './support/own-cluster.ts'
import { Process } from './support/process.ts'
import { missing } from './support/programs.ts'

/** PgBouncer in transaction mode before the server, which it may use two connections of. It refuses to run as root. */
async function bouncer(t: TestContext, cluster: Cluster): Promise<string> {
  const [place, port] = [folder(t), await freePort()]
  chmodSync(place, 0o755)
  const file = join(place, 'pgbouncer.ini')
  const lines = [
    '[databases]',
    `* = host=127.0.0.1 port=${cluster.port} user=postgres`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    'default_pool_size = 2',
  ]
  writeFileSync(file, lines.join('\n'), { mode: 0o644 })
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres']))
  const user = process.getuid?.() === 0 ? { uid: id('-u'), gid: id('-g') } : {}
  new Process(t, 'pgbouncer', ['-q', file], { ...user, cwd: '/', env: { PATH: `${process.env.PATH}:/usr/sbin` } })
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  await eventually(async () => {
    const store = await openPostgres({ url, pool: 3, prepare: 'auto' })
    assert.equal(store.isPooled, true)
    await store.close()
  }, 10_000)
  return url
}

test('two nodes work through PgBouncer in transaction mode', {
  skip: missing('pgbouncer'),
}, async t => {
  const cluster = await newCluster(t)
  const database = await bouncer(t, cluster)
  const [data, masterKey] = [folder(t), '7'.repeat(64)]
  const config = {
    ...readConfig({}),
    ...{ port: 0, data, masterKey, database, listen: cluster.url, pool: 6 },
    ...({ log: 'silent', limits: 'off' } as const),
  }
  const nodes: Node[] = []
  for (let i = 0; i < 2; i++) {
    const node = await startNode(config)
    afterwards(t, () => node.stop())
    nodes.push(node)
  }
  const [a, b] = nodes as [Node, Node]
  const appId = a.firstRun?.app_id ?? ''
  const [onA, onB] = [createClient({ url: a.url, appId }), createClient({ url: b.url, appId })]

  const people = await Promise.all(
    Array.from({ length: 6 }, async (_, i) => {
      await onA.accounts.register({ username: `user${i}x`, password: 'x' })
      return onB.tokens.signInByName({ name: `user${i}x`, password: 'x', device_guid: 'phone' })
    }),
  )
  await Promise.all(people.map(({ token }, i) => onA.as(token).profiles.setNickname({ nick_name: `Number ${i}` })))
  const names = await Promise.all(people.map(({ token }) => onB.as(token).profiles.getProfile()))
  const admin = onA.as(a.firstRun?.admin_token ?? '')
  await Promise.all(people.map(({ user_id }) => admin.actingFor(user_id).devices.kick({})))
  const codes = await Promise.all(people.map(({ token }) => codeOf(onB.as(token).profiles.getProfile())))

  assert.deepEqual(
    names.map(({ nick_name }) => nick_name),
    people.map((_, i) => `Number ${i}`),
  )
  assert.deepEqual(new Set(codes), new Set([402]))
})
