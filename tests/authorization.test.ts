import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { testNode } from './harness.ts'
import { type CallerKind, callers, closedRegistration, kindOf, kinds, otherPasswords } from './support/authorization.ts'
import { type Cast, type Clock, castOf, headersOf, join, subjectOf } from './support/cast.ts'
import { exampleOf } from './support/examples.ts'
import { ask } from './support/http.ts'
import { type Route, rawOf, textRoutes } from './support/routes.ts'
import { allRows } from './support/rows.ts'

type Codes = Partial<Record<CallerKind, number>>

test('each kind of caller may do on each route what it should, and a refusal changes nothing', async t => {
  const stage = await stageOf(t)
  let cells = 0

  for (const route of textRoutes)
    await t.test(route.route, async () => {
      const expected = expectedOf(route)

      const codes = await codesOf(stage, stage.open, route, expected)

      assert.deepEqual(codes, expected)
      cells += Object.keys(codes).length
    })

  assert.equal(cells, 1088)
})

test('where registration is closed only an admin registers', async t => {
  const stage = await stageOf(t)
  const closed = await stage.closed()
  const expected = codesByCaller(closedRegistration)

  for (const route of textRoutes.filter(route => kind(route) === 'register'))
    await t.test(route.route, async () => {
      const codes = await codesOf(stage, closed, route, expected)

      assert.deepEqual(codes, expected)
    })
})

test('a user that gives a wrong password, or none, changes nothing', async t => {
  const { node, open } = await stageOf(t)
  const wrong = { old_password: 'wrong', new_password: 'new', password: 'wrong' }

  for (const caller of ['user', 'user + own user_id'] as const)
    for (const route of textRoutes) {
      const outcomes: { wrong?: number; none?: number } = (otherPasswords as Record<string, object>)[kind(route)] ?? {}
      const [headers] = headersOf(open, caller)
      const before = await allRows(node.node.services.sql)

      if (outcomes.wrong) assert.equal((await ask(node.url, rawOf(route, wrong, headers))).code, outcomes.wrong)
      if (outcomes.none) assert.equal((await ask(node.url, rawOf(route, {}, headers))).code, outcomes.none)

      assert.deepEqual(await allRows(node.node.services.sql), before)
    }
})

test('an admin whose settings name an unknown, foreign or deleted user is told so', async t => {
  const { node, open } = await stageOf(t)
  const headers = { app_id: node.appId, 'access-token': node.adminToken }

  for (const route of textRoutes.filter(route => kind(route) === 'settings')) {
    const codeFor = async (user_id: number) => (await ask(node.url, rawOf(route, { user_id }, headers))).code

    assert.equal(await codeFor(999_999_999), 10000)
    assert.equal(await codeFor(open.foreign.id), 10000)
    assert.equal(await codeFor(open.gone.id), 10021)
  }
})

/** An app that is open, and one that is closed to newcomers, each with everybody who may turn up. */
async function stageOf(t: TestContext) {
  const clock: Clock = { now: Date.now() }
  const node = await testNode(t, {}, () => clock.now)
  const { sql, ids } = node.node.services
  const other = await node.otherApp({ open_registration: 0 })
  // Ids that nobody has in the first app: where user_id is another app's, there must be no such user in this one.
  for (let i = 0; i < 500; i++) await ids.next(other.appId)
  const elsewhere = { person: await join(other), adminToken: other.adminToken }
  const open = await castOf(node, elsewhere, sql, clock)
  const closed = () => castOf(other, { person: open.ann, adminToken: node.adminToken }, sql, clock)
  return { node, open, closed }
}

type Stage = Awaited<ReturnType<typeof stageOf>>

const kind = ({ domain, name }: Route) =>
  (kindOf as Record<string, Record<string, keyof typeof kinds>>)[domain]?.[name] ?? assert.fail(`${name} is of no kind`)

const codesByCaller = (codes: readonly number[]): Codes =>
  Object.fromEntries(callers.map((caller, i) => [caller, codes[i]]))

const expectedOf = (route: Route) => codesByCaller(kinds[kind(route)])

/** What each caller hears: first those who are to be refused, and no row may change; then the others. */
async function codesOf({ node }: Stage, cast: Cast, route: Route, expected: Codes): Promise<Codes> {
  const { sql } = node.node.services
  const allowed = callers.filter(caller => expected[caller] === 200)
  const refused = callers.filter(caller => expected[caller] !== 200)
  const codes: Codes = {}
  await Promise.all([subjectOf(cast, 'user'), subjectOf(cast, 'admin')])
  const before = await allRows(sql)
  for (const caller of refused) codes[caller] = await codeFor(node.url, cast, route, caller)
  assert.deepEqual(await allRows(sql), before)
  for (const caller of allowed) codes[caller] = await codeFor(node.url, await expendable(cast, route), route, caller)
  return codes
}

/** All ways in which a caller of this kind may come must hear the same. */
async function codeFor(url: string, cast: Cast, route: Route, caller: CallerKind): Promise<number> {
  const codes = new Set<number>()
  for (const headers of headersOf(cast, caller)) {
    const input = exampleOf(route, await subjectOf(cast, caller))
    codes.add((await ask(url, rawOf(route, input, headers))).code)
  }
  assert.equal(codes.size, 1, `${caller} hears ${[...codes]}`)
  return [...codes][0] as number
}

/** Whoever deletes, or is deleted, does so once. */
async function expendable(cast: Cast, { name }: Route): Promise<Cast> {
  if (name !== 'deleteUser') return cast
  const [ann, bob] = await Promise.all([join(cast.app), join(cast.app)])
  return { ...cast, ann, bob }
}
