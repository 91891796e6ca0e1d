/** One hostile request after the other, derived from the contract: every operation, route and parameter. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { type TestNode, testNode } from '../harness.ts'
import { amount } from '../support/amount.ts'
import { exampleOf, freshName } from '../support/examples.ts'
import { type Exchange, exchange, type Raw, readEnvelope } from '../support/http.ts'
import { quickFolder } from '../support/quick-folder.ts'
import { hashQuickly } from '../support/quick-hashing.ts'
import type { Route } from '../support/routes.ts'
import { staffOf } from '../support/staff.ts'
import { headersFor } from '../support/standing.ts'
import { isRight } from './oracle.ts'
import { type Attack, attack, routeOf, schemaOf, textInQuery, wireOf } from './requests.ts'
import { Witness } from './witness.ts'

const rounds = amount(7, 220)
const casesEach = 4000

test('hostile requests never fail the server, are refused by name, and change nothing where they are refused', async t => {
  let refused = 0

  for (let i = 0; i < rounds; i++) refused += await round(t)

  const ran = rounds * casesEach
  t.diagnostic(`${ran} hostile requests, ${refused} of them refused; 0 answers of 5xx`)
  assert.ok(refused > ran / 4, 'too few of the requests are hostile')
  assert.ok(refused < (ran * 9) / 10, 'too few of the requests get beyond the reading of parameters')
})

/** On a node of its own, so that its rows stay few; returns how many were refused. */
async function round(t: TestContext): Promise<number> {
  const node = await testNode(t, { data: quickFolder(t), push: 'off', jobs: 'off', webhooks: 'off' })
  hashQuickly(node, 0)
  const witness = new Witness(t, node)
  let victim = await newcomer(node)
  let refused = 0
  // What an operator does to an app is done to another, so that this one goes on taking people in.
  const other = await node.otherApp()
  const standing = ({ operation }: Route) => ({
    ...headersFor(operation, node, victim, victim.staff),
    ...(operation.who === 'operator_for_app' && { app_id: other.appId }),
  })

  const property = fc.asyncProperty(attack, async attack => {
    const route = routeOf(attack)
    const raw = wireOf(attack, exampleOf(route, victim), standing(route) as Record<string, string>)
    witness.look()

    const code = codeIn(raw, await exchange(node.url, raw))

    if (code !== 200) assert.deepEqual(witness.changes(), [], `refused with ${code}`)
    if (code === 402 || code === 10021 || code === 13001) victim = await newcomer(node)
    else if (attack.on === 'parameter') judge(attack, raw, code)
    if (code !== 200) refused++
  })
  await fc.assert(property, { numRuns: casesEach })

  await node.node.stop()
  return refused
}

/** The code of an answer that keeps to the rules of all answers. */
function codeIn({ method }: Raw, { status, headers, text }: Exchange): number {
  assert.ok(status < 500, `${status} ${text}`)
  if (method === 'HEAD' || (method === 'OPTIONS' && status === 204)) return status
  assert.match(headers['content-type'] ?? '', /^application\/json/)
  return readEnvelope(status, text).code
}

/** What the oracle says of the parameter is what the server must have said. */
function judge(attack: Attack & { on: 'parameter' }, { path, body = '' }: Raw, code: number) {
  const { name, json, inQuery } = attack
  const isLarge = path.length > 15_000 || Buffer.byteLength(body) > 65_536
  if (isLarge && (code === 431 || code === 413)) return
  if (!inQuery && levelsOf(JSON.parse(`${body}`)) > 16)
    return assert.equal(code, 400, `${name} was read at a depth of more than 16`)
  const right = isRight(schemaOf(attack), inQuery ? JSON.stringify(textInQuery(json)) : json)
  if (!right) assert.equal(code, 10002, `${name} was taken`)
  else if (!isAlsoRefused(attack)) assert.notEqual(code, 10002, `${name} was refused`)
}

/**
 * Parameters of which more is asked than their schema says, and where: cursors are ours, tags are counted, tokens depend
 * on the notifier, zones and tasks have to be there, an app's policy has rules of its own, messages are read in full,
 * what a provider gives out has a form of its own, a job has one selection, a webhook's address must be one that may be
 * called, and an app has sixteen of them.
 */
const alsoRefused: [paths: string, names: string[]][] = [
  ['/', ['cursor']],
  ['/user/push/tag', ['tags']],
  ['/user/token/bind', ['device_token', 'notifier_name']],
  ['/user/settings', ['time_zone']],
  ['/push/notifier', ['name', 'provider', 'credentials']],
  ['/push/', ['audience', 'message', 'task_id', 'push_token']],
  ['/operator/app', ['name', 'registration', 'origins', 'time_zone']],
  ['/admin/app', ['name', 'registration', 'origins', 'time_zone']],
  ['/admin/webhook', ['url', 'description', 'events']],
  ['/admin/job', ['act', 'user_ids', 'filter', 'tags']],
]

const isAlsoRefused = ({ name, route }: Attack & { on: 'parameter' }) =>
  alsoRefused.some(([paths, names]) => route.includes(` ${paths}`) && names.includes(name))

/** Of lists and objects within each other. */
function levelsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(levelsOf))
}

async function newcomer(node: TestNode) {
  const person = await node.signUp(freshName())
  const { device } = await node.signIn(person.name, person.password)
  return { ...person, spare: device, staff: await staffOf(node) }
}
