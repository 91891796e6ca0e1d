/** Where other services of this kind have let one user, or one app, reach what is another's. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Person, type TestNode, testNode } from '../harness.ts'
import { amount } from '../support/amount.ts'
import { rowsOfApp } from '../support/database.ts'
import { exampleOf } from '../support/examples.ts'
import { ask, bytes, exchange } from '../support/http.ts'
import { outcome, outcomes } from '../support/outcomes.ts'
import { hashQuickly } from '../support/quick-hashing.ts'
import { type Route, rawOf, routes, textRoutes } from '../support/routes.ts'

const calls = amount(2000, 50_000)
const looksAtToken = ({ operation }: Route) => !operation.who.startsWith('guest')
const subjectOf = ({ id, name, password, device }: Person) => ({ id, name, password, spare: device })

/** The rows of these users, with everything that stands in them. */
async function rowsOf(node: TestNode, users: Person[]) {
  const rows = await rowsOfApp(node)
  return rows.filter(row => users.some(({ id }) => new RegExp(`"user_id":${id}\\b`).test(row)))
}

/** Somebody who has something in every table. */
async function settled(node: TestNode, name: string): Promise<Person> {
  const person = await node.signUp(name, `password of ${name}`, 'phone')
  await person.push.setAlias({ alias: `alias of ${name}` })
  await person.push.addTags({ tags: ['red'] })
  await person.accounts.setMobile({ mobile: `+49${String(person.id).padStart(9, '0')}` })
  await person.devices.bindDeviceToken({
    device_sn: person.device,
    device_token: `token of ${name}`,
    notifier_name: 'capture',
  })
  await person.profiles.setPrivateInfo({ text: `canary of ${name}` })
  return person
}

// Row 12
test('no call of a user changes a row of another, whomever it names and however', async t => {
  const node = await testNode(t)
  hashQuickly(node, 0)
  const victims = [await settled(node, 'ann'), await settled(node, 'ben')]
  const callers = [await settled(node, 'eve'), await settled(node, 'mallory')]
  const before = await rowsOf(node, victims)
  const call = fc.record({
    route: fc.constantFrom(...textRoutes.filter(looksAtToken)),
    caller: fc.nat(1),
    victim: fc.nat(1),
    names: fc.constantFrom('nobody', 'itself', 'the victim'),
  })

  for (const { route, caller, victim, names } of fc.sample(call, calls)) {
    const [eve, ann] = [callers[caller] as Person, victims[victim] as Person]
    const named = { nobody: {}, itself: { user_id: String(eve.id) }, 'the victim': { user_id: String(ann.id) } }
    const headers = { app_id: node.appId, 'access-token': eve.token, ...named[names] }
    const { code, text } = await ask(node.url, rawOf(route, exampleOf(route, subjectOf(ann)), headers))
    assert.ok(names !== 'the victim' || code === 10010 || code === 402, `${route.route} answers ${text}`)
    assert.ok(!text.includes('canary of ann') && !text.includes('canary of ben'), text)
    if (code === 402)
      eve.token = (await node.stranger.tokens.signInById({ user_id: eve.id, password: eve.password })).token
  }

  assert.deepEqual(await rowsOf(node, victims), before)
})

// Row 13
test('no id of another app leads to anything of it, for its users and for its admins', async t => {
  const node = await testNode(t)
  hashQuickly(node, 0)
  const here = await node.signUp('here')
  const other = await node.otherApp()
  const elsewhere = { ...node, ...other }
  const there = [await settled(elsewhere, 'ann'), await settled(elsewhere, 'ben')]
  const before = await rowsOfApp(elsewhere)
  const answers: string[] = []

  for (const route of routes)
    for (const person of there)
      for (const headers of [
        { 'access-token': here.token },
        { 'access-token': node.adminToken },
        { 'access-token': node.adminToken, user_id: String(person.id) },
      ] as Record<string, string>[]) {
        const input = exampleOf(route, subjectOf(person))
        answers.push((await ask(node.url, rawOf(route, input, { app_id: node.appId, ...headers }))).text)
      }

  assert.deepEqual(await rowsOfApp(elsewhere), before)
  assert.deepEqual(
    answers.filter(text => text.includes('canary of')),
    [],
  )
})

// Row 14
test('under the id of another app a token is garbage, to the byte', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const other = await node.otherApp()
  const garbage = [`ut_${'x'.repeat(43)}`, `at_${'x'.repeat(43)}`, 'garbage']

  for (const route of routes.filter(looksAtToken)) {
    const texts = new Set<string>()
    for (const token of [ann.token, node.adminToken, ...garbage]) {
      const headers = { app_id: other.appId, 'access-token': token }
      const { status, text } = await exchange(node.url, rawOf(route, exampleOf(route, subjectOf(ann)), headers))
      texts.add(`${status} ${text}`)
    }
    assert.equal(texts.size, 1, `${route.route}: ${[...texts].join(' | ')}`)
  }
})

// Row 15
test('a user that names another in the header is refused on every route, and nothing changes', async t => {
  const node = await testNode(t)
  const [ann, eve] = [await settled(node, 'ann'), await node.signUp('eve')]
  const before = await rowsOfApp(node)

  for (const route of textRoutes.filter(looksAtToken)) {
    const headers = { app_id: node.appId, 'access-token': eve.token, user_id: String(ann.id) }
    const { code } = await ask(node.url, rawOf(route, exampleOf(route, subjectOf(ann)), headers))
    assert.equal(code, 10010, route.route)
  }

  assert.deepEqual(await rowsOfApp(node), before)
})

// Row 16
test('a header that says who is there is refused when it comes twice, in any case and also with the same value', async t => {
  const node = await testNode(t)
  const [ann, eve] = [await node.signUp('ann'), await node.signUp('eve')]
  const once: Record<string, string> = { app_id: node.appId, 'access-token': eve.token, user_id: String(eve.id) }
  const twice: [name: string, value: string][] = [
    ...[node.appId, 'other'].map((value): [string, string] => ['APP_ID', value]),
    ...[eve.token, ann.token].map((value): [string, string] => ['Access-Token', value]),
    ...[eve.id, ann.id].map((value): [string, string] => ['User_ID', String(value)]),
  ]
  const lines = Object.entries(once).map(([name, value]) => `${name}: ${value}\r\n`)

  for (const route of textRoutes.filter(looksAtToken))
    for (const [name, value] of twice)
      for (const extra of [
        [`${name}: ${value}\r\n`, ...lines],
        [...lines, `${name}: ${value}\r\n`],
      ]) {
        const head = `${route.method} ${route.operation.path} HTTP/1.1\r\nHost: x\r\n${extra.join('')}`
        const answer = await bytes(node.url, `${head}Content-Length: 0\r\nConnection: close\r\n\r\n`)
        assert.match(answer, /^HTTP\/1\.1 400 .*"code":400,/s, `${route.route} with ${name} twice`)
      }
})

// Row 44
test("another's device_sn removes, kicks and unbinds nothing but a device of one's own", async t => {
  const node = await testNode(t)
  const ann = await settled(node, 'ann')
  const second = await node.signIn('ann', ann.password, 'tablet')
  const eve = await node.signUp('eve')
  const before = await rowsOf(node, [ann])

  const codes = await outcomes([
    eve.devices.removeDevice({ device_sn: second.device }),
    eve.devices.kick({ device_sn: second.device }),
    eve.devices.unbindDeviceToken({ deviceSn: second.device }),
    eve.devices.bindDeviceToken({ device_sn: second.device, device_token: 'x', notifier_name: 'capture' }),
  ])
  // The number of ann's first device is that of eve's own.
  const own = await outcome(eve.devices.removeDevice({ device_sn: ann.device }))

  assert.deepEqual([...codes, own], [13002, 13002, 200, 13002, 200])
  assert.deepEqual(await rowsOf(node, [ann]), before)
})
