/** Where other services of this kind have let a text become a part of a statement. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TObject, TSchema } from '@sinclair/typebox'
import { testNode } from '../harness.ts'
import { rowsOfApp } from '../support/database.ts'
import { exampleOf, freshName } from '../support/examples.ts'
import { ask } from '../support/http.ts'
import { hashQuickly } from '../support/quick-hashing.ts'
import { type Route, rawOf, routes } from '../support/routes.ts'
import { headersFor } from '../support/standing.ts'

const payloads = [
  ...["'", "''", '"', '`', '\\', "'--", "' or '1'='1", "' or 1=1 --", '1 or 1=1', '1) or (1=1', "') or ('1'='1"],
  ...["'; drop table users; --", "'; update users set status = 1; --", "' union select password_hash from users --"],
  ...['1 union select null, null, null --', "'||(select token_hash from user_tokens limit 1)||'", "' and sleep(5) --"],
  ...["'; select pg_sleep(5); --", "' and 1=(select count(*) from pg_tables) --", '$1', '?', ':app', '%', '_', '%27'],
  ...[
    '1;pragma writable_schema=1',
    "x' or exists(select 1) or 'x'='x",
    '{{7*7}}',
    '<%= 7 * 7 %>',
    '1 order by 9',
    '1 limit 1',
  ],
]

/** Each place in the input that may hold a payload: its path. */
function places(schema: TSchema | undefined, path: string[] = []): string[][] {
  if (!schema) return []
  if (schema.type === 'object')
    return Object.entries((schema as TObject).properties).flatMap(([name, field]) => places(field, [...path, name]))
  if (schema.type === 'array') return [path, ...places(schema.items, [...path, '0'])]
  return [path]
}

/** The input with something else in one place of it. */
function spoiled(input: unknown, [name, ...rest]: string[], payload: string): unknown {
  if (name === undefined) return payload
  if (name === '0') return [spoiled((input as unknown[] | undefined)?.[0], rest, payload)]
  return {
    ...(input as object | undefined),
    [name]: spoiled((input as Record<string, unknown> | undefined)?.[name], rest, payload),
  }
}

const placesOf = ({ operation: { query, body, text } }: Route) => [
  ...places(query),
  ...places(body),
  ...(text ? [['text']] : []),
]

// Row 22
test('no text in any parameter, cursors and page numbers included, reads or changes what is not the caller’s', async t => {
  const node = await testNode(t)
  hashQuickly(node, 0)
  const other = await node.otherApp()
  const elsewhere = { ...node, ...other }
  await elsewhere.signUp('ann', 'x')
  const bystander = await node.signUp('ben')
  const rowsOf = async () => {
    const rows = await rowsOfApp(node)
    return [...rows.filter(row => row.includes(`"user_id":${bystander.id},`)), ...(await rowsOfApp(elsewhere))]
  }
  const before = await rowsOf()
  const hashes = [...before.join().matchAll(/"(?:password_hash|token_hash)":"([^"]+)"/g)].map(
    ([, hash]) => hash as string,
  )
  let count = 0
  let caller = await node.signUp(freshName())

  for (const route of routes)
    for (const place of placesOf(route)) {
      for (const payload of payloads) {
        const subject = { id: caller.id, name: caller.name, password: caller.password, spare: caller.device }
        const input = spoiled(exampleOf(route, subject), place, payload) as Record<string, unknown>
        const { status, code, text } = await ask(
          node.url,
          rawOf(route, input, headersFor(route.operation, node, caller)),
        )
        const what = `${route.route} with ${payload} as ${place.join('.')}`
        assert.ok(status < 500, `${what}: ${text}`)
        assert.ok(!/syntax|sqlite|near "|constraint|relation/i.test(text), `${what}: ${text}`)
        assert.ok(!hashes.some(hash => text.includes(hash)), what)
        count++
        if (code === 402 || route.operation.path.endsWith('/delete')) caller = await node.signUp(freshName())
      }
    }

  assert.ok(hashes.length >= 4)
  assert.deepEqual(await rowsOf(), before)
  t.diagnostic(`${count} calls: nothing of others read or changed`)
})
