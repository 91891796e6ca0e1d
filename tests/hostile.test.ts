import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { deskOf } from './support/desk.ts'
import { ask } from './support/http.ts'
import { routes } from './support/routes.ts'

/** What nobody should send, and everything that might look like a value. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '\0', '\ud800', '__proto__'),
)
const value = fc.oneof(
  text,
  fc.jsonValue({ maxDepth: 4 }),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(null, true, '1e3', '0x10', '9007199254740993', -0, 2 ** 53, '-9223372036854775809', {}, [[]]),
)

const call = fc.constantFrom(...routes).chain(route => {
  const { query, body } = route.operation
  const names = [...Object.keys({ ...query?.properties, ...body?.properties }), 'user_id', '__proto__', 'toString']
  const members = fc.dictionary(fc.constantFrom(...names), fc.oneof(value, fc.array(value, { maxLength: 5 })))
  const raw = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)),
    fc.json(),
    members.map(json),
  )
  return fc.record({
    method: fc.oneof(
      { weight: 9, arbitrary: fc.constant(route.method as string) },
      fc.constantFrom('GET', 'POST', 'DELETE'),
    ),
    path: fc.dictionary(fc.constantFrom(...names), text).map(query => `${route.operation.path}?${encoded(query)}`),
    body: raw,
    type: fc.constantFrom('application/json', 'application/json', 'application/json', 'text/plain', ''),
    language: fc.constantFrom('en', 'zh', ';q=,zh'),
  })
})

test('hostile input is refused with a reason, and never with a failure of the server', async t => {
  const { node, ann, admin } = await deskOf(t)

  const property = fc.asyncProperty(call, fc.boolean(), async ({ method, path, body, type, language }, asUser) => {
    const headers = {
      app_id: node.appId,
      'access-token': asUser ? ann.token : node.adminToken,
      'content-type': type,
      'accept-language': language,
    }
    const { status, text } = await ask(node.url, { method, path, body, headers })
    assert.ok(status < 500, text)
  })
  await fc.assert(property, { numRuns: 1500 })

  assert.equal((await admin({ path: '/user/list' })).code, 200)
})

const json = (members: unknown) => JSON.stringify(members)

/** Percent-encoded, lone surrogates and all. */
const encoded = (query: Record<string, string>) =>
  Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`)
    .join('&')
