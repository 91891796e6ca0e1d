/** Two apps that have all alike: ids, names, aliases, tags, devices, tokens of push. What is done in one never shows in the other. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Who } from '../../contract/operation.ts'
import { takesNoToken } from '../../server/http/openapi.ts'
import { type Person, type TestNode, testNode } from '../harness.ts'
import { amount } from '../support/amount.ts'
import { join } from '../support/cast.ts'
import { rowsOfApp } from '../support/database.ts'
import { exampleOf } from '../support/examples.ts'
import { ask } from '../support/http.ts'
import { quickFolder } from '../support/quick-folder.ts'
import { hashQuickly } from '../support/quick-hashing.ts'
import { times } from '../support/races.ts'
import { rawOf, routes } from '../support/routes.ts'
import { type Attack, attack, routeOf, wireOf } from './requests.ts'

type App = Awaited<ReturnType<TestNode['otherApp']>>

interface Call {
  /** Whose app_id goes with our tokens. */
  app: 'ours' | 'theirs'
  asAdmin: boolean
  /** Whether an admin names a user in a header just where the operation is about one. */
  fits: boolean
  /** Who calls, and who is meant, by their places in the crowd. */
  actor: number
  subject: number
  spoiled: boolean
  attack: Attack
}

const calls = amount(10_000, 200_000)
const atOnce = 20
const people = 60
const canary = 'nobody elsewhere sees this'

const guests = new Set(routes.filter(({ operation }) => takesNoToken(operation.who)).map(({ route }) => route))

/** Nobody of one app may call them: that they refuse is tested with the console. */
const operators = new Set(
  routes
    .filter(({ operation }) => ['operator', 'operator_for_app', 'console', 'visitor'].includes(operation.who))
    .map(({ route }) => route),
)

/** Whose calls an admin makes for one user. */
const aboutOne = new Set<Who>(['self', 'admin_for_user'])

const anyCall: fc.Arbitrary<Call> = fc
  .record({
    app: fc.constantFrom<Call['app'][]>('ours', 'ours', 'ours', 'ours', 'theirs'),
    asAdmin: fc.boolean(),
    fits: fc.constantFrom(true, true, true, false),
    actor: fc.nat(people - 1),
    subject: fc.nat(people - 1),
    spoiled: fc.constantFrom(true, false, false),
    attack: attack.filter(({ on, route }) => on !== 'headers' && !operators.has(route)),
  })
  // Whoever registers or signs in under the app_id of the twin does so as anybody may.
  .filter(({ app, attack }) => app === 'ours' || !guests.has(attack.route))
  // Else nobody would be left soon.
  .filter(({ actor, attack }) => !attack.route.endsWith('/user/delete') || actor % 10 === 0)

test('every row of an app stays as it is, whatever is done with the tokens of its twin', async t => {
  const node = await testNode(t, { data: quickFolder(t), push: 'off', jobs: 'off', webhooks: 'off' })
  hashQuickly(node, 0)
  const [ours, theirs] = [await node.otherApp(), await node.otherApp()]
  const [own, twins] = [await populate(ours, 'ours'), await populate(theirs, canary)]
  const crowd = own.map(({ id, name, password, device }) => ({ id, name, password, device }))
  assert.deepEqual(
    crowd,
    twins.map(({ id, name, password, device }) => ({ id, name, password, device })),
  )
  const before = await rowsOfApp({ node: node.node, appId: theirs.appId })
  let succeeded = 0

  await inGroups(calls, async ({ app, asAdmin, fits, actor, subject, spoiled, attack }) => {
    const route = routeOf(attack)
    const { token } = own[actor] as Person
    const twin = crowd[subject] as (typeof crowd)[number]
    const headers = {
      app_id: app === 'ours' ? ours.appId : theirs.appId,
      'access-token': asAdmin ? ours.adminToken : token,
      ...(asAdmin && fits === aboutOne.has(route.operation.who) && { user_id: String(twin.id) }),
    }
    const input = withSharedNames(exampleOf(route, { ...twin, spare: twin.device }), twin.id)

    const { code, text } = await ask(node.url, spoiled ? wireOf(attack, input, headers) : rawOf(route, input, headers))

    assert.ok(!text.includes(canary), text)
    // 431: an address of more than 16 KiB is read by nobody.
    if (app === 'theirs') assert.ok(code === 10008 || code === 431, text)
    if (code === 200) succeeded++
    if (!asAdmin && code === 402) own[actor] = await join({ ...node, ...ours })
  })

  assert.deepEqual(await rowsOfApp({ node: node.node, appId: theirs.appId }), before)
  t.diagnostic(`${calls} calls with the tokens of one app, ${succeeded} of them successful; 0 rows of its twin changed`)
  assert.ok(succeeded > calls / 4, 'too few of the calls do anything')
})

/** One after the other, so that the ids of both apps are the same. */
async function populate(app: App, secret: string): Promise<Person[]> {
  const crowd: Person[] = []
  for (const i of times(people, i => i)) {
    const person = await app.signUp(`person_${i}`, 'x', 'phone')
    const names = namesOf(person.id)
    await person.push.setAlias({ alias: names.alias })
    await person.push.addTags({ tags: names.tags })
    await person.accounts.setMobile({ mobile: names.mobile })
    await person.settings.setSettings({ user_id: person.id, push_token: names.push_token, auth_answer: secret })
    await person.devices.bindDeviceToken({ device_sn: 1, device_token: names.device_token, notifier_name: 'capture' })
    await person.profiles.setProfile({ private_info: secret, public_info: secret, nick_name: secret })
    crowd.push(person)
  }
  return crowd
}

const namesOf = (id: number) => ({
  alias: `alias of ${id}`,
  tags: ['red', `tag of ${id}`],
  mobile: `+49151${String(id).padStart(7, '0')}`,
  push_token: `push token of ${id}`,
  device_token: `device token of ${id}`,
})

/** The same call, naming what both twins have. */
function withSharedNames(input: Record<string, unknown>, id: number): Record<string, unknown> {
  const names: Record<string, unknown> = namesOf(id)
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, names[name] ?? value]))
}

/** Calls of a long run are too many to be kept at once. */
const portion = 1000

async function inGroups(count: number, act: (each: Call) => Promise<void>) {
  for (let made = 0; made < count; made += portion) {
    const all = fc.sample(anyCall, portion)
    for (let i = 0; i < portion; i += atOnce) await Promise.all(all.slice(i, i + atOnce).map(act))
  }
}
