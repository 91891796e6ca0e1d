/** Connections and what ends them, at the same moment. From the answer on nothing gets through with the old token. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Person, type TestNode, testNode } from './harness.ts'
import { outcome, until } from './support/outcomes.ts'
import { hashing, rounds } from './support/races.ts'
import { type Bare, bare, helloOf, online } from './support/realtime.ts'

const moment = (most = 4) => new Promise(resolve => setTimeout(resolve, Math.random() * most))

interface Round {
  person: Person
  /** Ends the person's session. */
  act(): Promise<unknown>
  /** How long `act` takes at the most until it ends the session (ms). */
  lasts?: number
}

/** Says hello at about the moment at which the session ends; checks what must hold from the answer on. */
async function helloWhile(t: TestContext, node: TestNode, { person, act, lasts = 4 }: Round, code: number) {
  const socket = await bare(t, node.url)

  await Promise.all([moment(lasts).then(() => socket.send(helloOf(person))), moment().then(act)])
  const [status, http] = await Promise.all([
    node.admin.presence.presenceBatch({ list: [person.id] }),
    outcome(person.profiles.getProfile()),
  ])
  socket.send({ type: 'subscribe', user_ids: [person.id] })
  const update = { type: 'info_updated' as const, fields: ['after'] }
  node.node.services.bus.publish({ about: 'notice', notice: { app: node.appId, user: person.id, frame: update } })
  const closed = await socket.gone()

  assert.deepEqual([status[0]?.online, http], [false, 402])
  // 1008: the subscription came while the hello was being looked at.
  assert.ok([code, 4003, 1008].includes(closed), `closed with ${closed}`)
  assert.ok(!socket.frames.some(({ type }) => type === 'presence' || type === 'info_updated'))
  return socket.frames.some(({ type }) => type === 'ready')
}

/** Says how often the hello came first, so that a run of many rounds shows whether both orders were seen. */
async function race(t: TestContext, code: number, round: (node: TestNode, i: number) => Promise<Round>) {
  const node = await testNode(t, hashing)
  let letIn = 0
  for (let i = 0; i < rounds; i++) if (await helloWhile(t, node, await round(node, i), code)) letIn++
  t.diagnostic(`the hello came first in ${letIn} of ${rounds} rounds`)
  assert.deepEqual(await node.node.services.sql`select 1 as held from leases`, [])
}

const again = (node: TestNode, i: number) =>
  i === 0 ? node.signUp('ann', 'x', 'phone') : node.signIn('ann', 'x', 'phone')

test('a kick and a hello at once leave nobody connected', async t => {
  await race(t, 4001, async (node, i) => {
    const person = await again(node, i)
    return { person, act: () => node.admin.actingFor(person.id).devices.kick({ device_sn: person.device }) }
  })
})

test('a ban and a hello at once leave nobody connected', async t => {
  await race(t, 4002, async (node, i) => {
    const person = await node.signUp(`user_${i}`)
    return { person, act: () => node.admin.accounts.disable({ list: [person.id] }) }
  })
})

test('a deletion and a hello at once leave nobody connected', async t => {
  await race(t, 4004, async (node, i) => {
    const person = await node.signUp(`user_${i}`)
    return { person, act: () => node.admin.actingFor(person.id).accounts.deleteUser({}) }
  })
})

test('a sign-in on the same device and a hello with its old token leave nobody connected', async t => {
  await race(t, 4005, async (node, i) => {
    const person = await again(node, i)
    return { person, lasts: 50, act: () => again(node, 1) }
  })
})

test('of connections of one device that come at once one stays, and nobody sees the device flicker', async t => {
  const node = await testNode(t, hashing)
  const [ann, ben] = [await node.signUp('ann'), await node.signUp('ben')]
  const watcher = await online(t, ben)
  watcher.socket.subscribe([ann.id])
  await until(() => watcher.presence.length === 1)

  for (let i = 0; i < rounds; i++) {
    const sockets = await Promise.all([bare(t, node.url), bare(t, node.url), bare(t, node.url)])
    await Promise.all(sockets.map(socket => moment().then(() => socket.send(helloOf(ann)))))
    await until(() => closedOf(sockets).length === 2)
    const stays = sockets.find(socket => socket.code() === undefined) as Bare
    await stays.frame('ready')
    const [codes, { online: isOnline }] = [closedOf(sockets), await ann.presence.getOnlineStatus()]
    stays.socket.close()
    await until(() => watcher.presence.length >= 3 + 2 * i)

    assert.deepEqual([codes, isOnline], [[4005, 4005], true])
  }

  const seen = watcher.presence.map(frame => frame.online)
  assert.deepEqual(seen, [false, ...Array.from({ length: rounds }, () => [true, false]).flat()])
})

const closedOf = (sockets: Bare[]) => sockets.map(socket => socket.code()).filter(code => code !== undefined)

test('whatever people do at random, soon after it presence says what the sockets say', async t => {
  const node = await testNode(t, hashing)
  const people = await Promise.all(['ann', 'ben', 'cid'].map(name => node.signUp(name)))
  const open = new Map<Person, Bare>()
  const any = <T>(list: T[]) => list[Math.floor(Math.random() * list.length)] as T
  const watcher = await online(t, await node.signUp('dan'))
  watcher.socket.subscribe(people.map(({ id }) => id))
  const acts: ((person: Person, i: number) => Promise<unknown>)[] = [
    async person => {
      const socket = await bare(t, node.url)
      socket.send(helloOf(person))
      await until(() => socket.frames.length > 0)
      if (socket.frames[0]?.type === 'ready') open.set(person, socket)
    },
    async person => open.get(person)?.socket.close(),
    async person => open.get(person)?.socket.terminate(),
    person => node.admin.actingFor(person.id).devices.kick({}),
    async (person, i) => {
      people[i] = await node.signIn(person.name, person.password, 'phone')
    },
  ]

  for (let step = 0; step < rounds * 5; step++) {
    const i = Math.floor(Math.random() * people.length)
    await any(acts)(people[i] as Person, i)
    await until(async () => {
      const ids = people.map(({ id }) => id)
      const found = await node.admin.presence.presenceBatch({ list: ids })
      const isOpen = (id: number) =>
        [...open].some(([person, socket]) => person.id === id && socket.code() === undefined)
      const told = (id: number) => watcher.presence.filter(({ user_id }) => user_id === id).at(-1)?.online
      return found.every(({ user_id, online }) => online === isOpen(user_id) && online === told(user_id))
    })
  }

  for (const { id } of people) {
    const told = watcher.presence.filter(({ user_id }) => user_id === id).map(frame => frame.online)
    assert.ok(
      told.every((online, i) => online !== told[i - 1]),
      'nothing is told twice',
    )
  }
})
