// Runs once: it is about the file that SQLite keeps.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { findApp, updateApp } from '../server/apps/apps.sql.ts'
import type { Policy } from '../server/apps/apps.ts'
import { openInstallation } from '../server/installation.ts'
import type { Sql } from '../server/storage/sql.ts'
import { hashToken } from '../server/tokens/secrets.ts'
import { endTokensOfDevice, endUserToken } from '../server/tokens/tokens.sql.ts'
import { codeOf, type Person, type TestNode, testNode } from './harness.ts'
import { afterwards } from './support/afterwards.ts'
import { outcome, outcomes, until } from './support/outcomes.ts'

/** Does what the command line does beside a running node: opens the same data folder, works, and is gone. */
async function elsewhere({ config }: TestNode, work: (sql: Sql) => Promise<unknown>) {
  const { store } = await openInstallation(config)
  await work(store.sql)
  await store.close()
}

const setPolicy = (node: TestNode, change: Partial<Policy>) =>
  elsewhere(node, async sql => {
    const app = await findApp(sql, node.appId)
    assert.ok(app)
    await updateApp(sql, { ...app, ...change })
  })

test('a token that another process ended is refused by the next request, and others go on', async t => {
  const node = await testNode(t)
  const [ann, bob] = [await node.signUp('ann'), await node.signUp('bob')]
  const before = await outcomes([ann.profiles.getProfile(), bob.profiles.getProfile()])

  await elsewhere(node, async sql => await endUserToken(sql, node.appId, hashToken(ann.token), Date.now()))

  assert.deepEqual(before, [200, 200])
  assert.deepEqual(await outcomes([ann.profiles.getProfile(), bob.profiles.getProfile()]), [402, 200])
})

test('an app that another process freezes refuses the next request, and serves again when it is thawed', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const other = await node.otherApp()
  const bob = await other.signUp('bob')

  await setPolicy(node, { frozen: 1 })
  const frozen = await outcomes([ann.profiles.getProfile(), node.admin.accounts.listUsers(), bob.profiles.getProfile()])
  await setPolicy(node, { frozen: 0 })
  const thawed = await outcome(ann.profiles.getProfile())

  assert.deepEqual(frozen, [40003, 40003, 200])
  assert.equal(thawed, 200)
})

test('a policy that another process changes holds for the next request', async t => {
  const node = await testNode(t)
  const register = (username: string, password = 'short') =>
    outcome(node.stranger.accounts.register({ username, password }))

  const open = await register('ann')
  await setPolicy(node, { open_registration: 0 })
  const closed = await register('bob')
  await setPolicy(node, { open_registration: 1, password_minimum: 12 })
  const tooShort = await register('bob')
  const longEnough = await register('bob', 'twelve letters')
  await setPolicy(node, { user_cap: 2, password_minimum: 1 })
  const tooMany = await register('cid')

  assert.deepEqual([open, closed, tooShort, longEnough, tooMany], [200, 40001, 10002, 200, 40002])
})

test('no request that is sent after a token ended elsewhere gets through, under load', async t => {
  const node = await testNode(t)
  const people = await Promise.all(['ann', 'bob', 'cid'].map(name => node.signUp(name)))
  const ended = new Set<string>()
  const wrong: string[] = []
  let working = true

  const load = people.flatMap(person =>
    Array.from({ length: 8 }, async () => {
      while (working) {
        const wasEnded = ended.has(person.name)
        const code = await outcome(person.profiles.getProfile())
        if (wasEnded && code !== 402) wrong.push(`${person.name}: ${code}`)
        if (!ended.has(person.name) && code !== 200) wrong.push(`${person.name}: ${code} before its end`)
      }
    }),
  )
  for (const { name, id, device } of people) {
    await elsewhere(node, async sql => {
      // From the commit on it is over; from before it, it may be.
      ended.add(name)
      ended.delete(await endTokensOfDevice(sql, node.appId, id, device, Date.now()).then(() => ''))
    })
  }
  working = false
  await Promise.all(load)

  assert.deepEqual(wrong, [])
  assert.deepEqual(await outcomes(people.map(person => person.profiles.getProfile())), [402, 402, 402])
})

/** A call whose body is still on its way: the node has let the caller in, and waits. */
async function slowly(t: TestContext, node: TestNode, { token }: Person, nickname: string) {
  const body = JSON.stringify({ nick_name: nickname })
  const { hostname, port } = new URL(node.url)
  const socket: Socket = connect(Number(port), hostname)
  afterwards(t, () => socket.destroy())
  let received = ''
  socket.on('data', data => {
    received += data
  })
  socket.write(
    `PUT /user/nickname HTTP/1.1\r\nhost: x\r\napp_id: ${node.appId}\r\naccess-token: ${token}\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`,
  )
  await until(() => received.includes('100 Continue'))
  return async (): Promise<number> => {
    socket.write(body)
    await once(socket, 'close')
    return JSON.parse(received.slice(received.lastIndexOf('\r\n\r\n'))).code
  }
}

test('a call that was let in before its session ended does nothing when its body comes after', async t => {
  const node = await testNode(t)
  const [ann, bob, cid] = [await node.signUp('ann'), await node.signUp('bob'), await node.signUp('cid')]
  const [finishAnn, finishBob, finishCid] = [
    await slowly(t, node, ann, 'late'),
    await slowly(t, node, bob, 'late'),
    await slowly(t, node, cid, 'in time'),
  ]

  const inTime = await finishCid()
  await node.admin.actingFor(ann.id).devices.kick({ device_sn: ann.device })
  const kicked = await finishAnn()
  await elsewhere(node, async sql => await endUserToken(sql, node.appId, hashToken(bob.token), Date.now()))
  const endedElsewhere = await finishBob()

  assert.deepEqual([inTime, kicked, endedElsewhere], [200, 402, 402])
  for (const { id } of [ann, bob])
    assert.equal((await node.admin.actingFor(id).profiles.getProfile()).nick_name, '', 'nothing was changed')
  assert.equal(await codeOf(ann.profiles.getProfile()), 402)
})
