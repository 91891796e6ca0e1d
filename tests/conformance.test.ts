import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from '@sinclair/typebox/value'
import { type Connection, call, StonechatError } from '../client/call.ts'
import { contract } from '../contract/index.ts'
import type { Operation, Sent } from '../contract/operation.ts'
import { failureAnswer, successOf } from '../server/http/envelope.ts'
import { testNode } from './harness.ts'
import { exampleOf, freshName } from './support/examples.ts'
import { readEnvelope } from './support/http.ts'
import { type Route, routes, textRoutes } from './support/routes.ts'
import { type Staff, staffOf } from './support/staff.ts'
import { type Caller, headersFor } from './support/standing.ts'
import { strict } from './support/strict.ts'

type Node = Awaited<ReturnType<typeof testNode>>

test('the contract holds the 41 operations of the API text, on 64 routes', () => {
  const sections = new Set(textRoutes.map(({ operation }) => operation.section))
  const numbers = Array.from({ length: 41 }, (_, i) => `1.${i + 1}`)

  assert.deepEqual([...sections].sort(), numbers.sort())
  assert.equal(textRoutes.length, 64)
})

test('no two operations share a route', () => {
  const all = routes.map(({ route }) => route)

  assert.deepEqual(all, [...new Set(all)])
})

test('every route answers what the contract declares, no more and no less', async t => {
  const node = await testNode(t)
  const wire = recorder()

  for (const route of routes)
    await t.test(route.route, async () => {
      const person = await newcomer(node)

      await call(
        connectionFor(node, route, person, wire.fetch),
        route.operation,
        exampleOf(route, person),
        route.method,
      )

      mustMatch(strict(successOf(route.operation)), wire.last())
    })

  assert.deepEqual(wire.called(), routes.map(({ route }) => route).sort())
})

test('every route refuses with a code and a sentence, and nothing else', async t => {
  const node = await testNode(t)
  const wire = recorder()
  const person = await newcomer(node)

  for (const route of routes)
    await t.test(route.route, async () => {
      const connection = { ...connectionFor(node, route, person, wire.fetch), appId: 'nosuchapp' }

      const refused = call(connection, route.operation, exampleOf(route, person), route.method)

      await assert.rejects(refused, error => error instanceof StonechatError && error.code === 40000)
      mustMatch(strict(failureAnswer), wire.last())
    })

  assert.deepEqual(wire.called(), routes.map(({ route }) => route).sort())
})

test('what is only sometimes part of an answer keeps to the contract too', async t => {
  const node = await testNode(t)
  const wire = recorder()
  const person = await newcomer(node)
  await node.stranger.accounts.register({ username: freshName(), password: 'p' })
  const guest: Connection = { url: node.url, appId: node.appId, fetch: wire.fetch }
  const admin = { ...guest, token: node.adminToken }
  const keepsTo = async <O extends Operation>(operation: O, connection: Connection, input: Sent<O>) => {
    await call(connection, operation, input)
    mustMatch(strict(successOf(operation)), wire.last())
    return wire.last() as Record<string, unknown>
  }

  const { accounts, profiles, tokens } = contract
  const registered = await keepsTo(accounts.registerBatch, admin, { list: [{ username: '1', password: 'p' }] })
  const changed = await keepsTo(profiles.setProfileBatch, admin, { list: [{ user_id: 999, nick_name: 'nobody' }] })
  const firstPage = await keepsTo(accounts.listUsers, admin, { page_size: 1 })
  const lastPage = await keepsTo(accounts.listUsers, admin, { cursor: String(firstPage.cursor) })
  await node.admin.actingFor(person.id).accounts.changePasswordAdmin({ password: 'set for you', must_change: true })
  const session = await keepsTo(tokens.signInByName, guest, { name: person.name, password: 'set for you' })

  assert.equal((registered.data as { success: boolean }[])[0]?.success, false)
  assert.equal((changed.data as { success: boolean }[])[0]?.success, false)
  assert.ok('cursor' in firstPage && !('cursor' in lastPage))
  assert.equal((session.data as { must_change_password?: boolean }).must_change_password, true)
})

/** A new person with a second device and a tag, and those who are in charge. */
async function newcomer(node: Node) {
  const person = await node.signUp(freshName())
  await person.push.addTags({ tags: ['first'] })
  const { device } = await node.signIn(person.name, person.password)
  return {
    id: person.id,
    name: person.name,
    password: person.password,
    token: person.token,
    spare: device,
    staff: await staffOf(node),
  }
}

function connectionFor(node: Node, route: Route, person: Caller & { staff: Staff }, fetcher: typeof fetch): Connection {
  const { app_id: _, ...standing } = headersFor(route.operation, node, person, person.staff) as Record<string, string>
  return {
    url: node.url,
    appId: node.appId,
    fetch: (input, init) => fetcher(input, { ...init, headers: { ...init?.headers, ...standing } }),
  }
}

/** Takes note of what really went over the wire. */
function recorder() {
  const called = new Set<string>()
  let last: unknown
  return {
    async fetch(...[input, init]: Parameters<typeof fetch>) {
      called.add(`${init?.method} ${new URL(String(input)).pathname}`)
      const response = await fetch(input, init)
      assert.equal(response.status, 200)
      assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
      last = readEnvelope(response.status, await response.clone().text())
      return response
    },
    last: () => last,
    called: () => [...called].sort(),
  }
}

function mustMatch(schema: ReturnType<typeof strict>, answer: unknown) {
  const [broken] = Value.Errors(schema, answer)
  assert.equal(broken && `${broken.path}: ${broken.message}`, undefined)
}
