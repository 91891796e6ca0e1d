import type { TSchema } from '@sinclair/typebox'
import fc from 'fast-check'
import type { Raw } from '../support/http.ts'
import { type Route, routes } from '../support/routes.ts'
import { anyJson, hostileTo, membersOf } from './values.ts'

/** The right input of a call, before it is spoiled. */
export type Members = Record<string, unknown>

/** One hostile request, as data: what is done to a right call of the route. */
export type Attack =
  | { on: 'parameter'; route: string; name: string; json: string; inQuery: boolean }
  | { on: 'body'; route: string; body: Buffer; type: string }
  | { on: 'query'; route: string; query: string }
  | { on: 'headers'; route: string; headers: Record<string, string>; method: string }

/** The route of an attack, which has only its name: so a counterexample can be read. */
export const routeOf = ({ route }: Attack) => routes.find(each => each.route === route) as Route

/** What the contract says of the parameter that is attacked. */
export function schemaOf(attack: Attack & { on: 'parameter' }): TSchema {
  const { query, body } = routeOf(attack).operation
  return { ...query?.properties, ...body?.properties }[attack.name] as TSchema
}

/** A trial push waits for its outcome, and where pushes are off none comes for ten seconds. */
const attacked = routes.filter(({ operation }) => operation.path !== '/push/test')

const parameters = attacked.flatMap(route => {
  const { query, body, methods } = route.operation
  const named = Object.entries({ ...query?.properties, ...body?.properties })
  return named.map(([name, schema]) => ({
    on: fc.constant('parameter' as const),
    route: fc.constant(route.route),
    name: fc.constant(name),
    json: hostileTo(schema),
    inQuery: methods[0] === 'GET' ? fc.constant(true) : fc.boolean(),
  }))
})

const onParameter = fc.oneof(...parameters.map(parameter => fc.record(parameter)))

const anyRoute = fc.constantFrom(...attacked.map(({ route }) => route))

const brokenBodies = [
  ['', ' ', '{', '}', '[]', 'null', '0', '"', '{"a":}', '{"a":1,}', "{'a':1}", '{"a":1}{"b":2}', '\ufeff{}', '{}\0'],
  ['\xff\xfe', '\xc0\x80', '\xed\xa0\x80', '\xf4\x90\x80\x80', '{"nick_name":"\xc3"}', '{"list":[\x80]}'],
]
  .flat()
  .map(text => Buffer.from(text, 'latin1'))

const deep = (open: string, close: string, levels: number) => Buffer.from(open.repeat(levels) + close.repeat(levels))
const largeBodies = [15, 16, 17, 1000, 30_000]
  .flatMap(levels => [deep('[', ']', levels), deep('{"a":', '}', levels), deep('{"list":[', ']}', levels)])
  .concat([65_535, 65_536, 65_537, 1_048_577].map(size => Buffer.alloc(size, ' ')))

const onBody = fc.record({
  on: fc.constant('body' as const),
  route: anyRoute,
  body: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...brokenBodies) },
    { weight: 1, arbitrary: fc.constantFrom(...largeBodies) },
    { weight: 4, arbitrary: fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)) },
    { weight: 4, arbitrary: anyJson.map(json => Buffer.from(json)) },
    {
      weight: 4,
      arbitrary: fc
        .array(fc.tuple(fc.constantFrom('user_id', 'list', 'value', '__proto__', 'toString'), anyJson), {
          maxLength: 6,
        })
        .map(members => Buffer.from(membersOf(members))),
    },
  ),
  type: fc.constantFrom(
    ...['application/json', 'application/json; charset=utf-8', 'application/json;charset=utf-7', 'text/plain'],
    ...['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/JSON', ';', ''],
  ),
})

const onQuery = fc.record({
  on: fc.constant('query' as const),
  route: anyRoute,
  query: fc.oneof(
    fc.constantFrom(
      ...['', '&', '=', '&&==&', '%', '%f', '%ff', 'a=%ed%a0%80', '%00=%00', '?', '#', 'a=b=c', '+', '[]=1'],
    ),
    fc.constantFrom(
      ...['value[]=1', 'value=1&value=2', 'user_id=1&user_id=2', '__proto__=1', 'device_sn=1;device_sn=2'],
    ),
    fc.webQueryParameters(),
    fc.constant(`a=${'x'.repeat(15_000)}`),
  ),
})

const printable = fc.string({ unit: 'binary-ascii', maxLength: 60 }).map(text => text.replace(/[^\x20-\x7e]/g, '~'))

const onHeaders = fc.record({
  on: fc.constant('headers' as const),
  route: anyRoute,
  headers: fc.dictionary(
    fc.constantFrom(
      'app_id',
      'access-token',
      'user_id',
      'group_id',
      'accept-language',
      'user-agent',
      'origin',
      'cookie',
    ),
    fc.oneof(
      printable,
      fc.constantFrom('0', '-1', '1e3', '9007199254740993', '9223372036854775808', ';q=,zh', 'ut_', 'at_'),
    ),
    { minKeys: 1, maxKeys: 3 },
  ),
  method: fc.constantFrom('', '', 'GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE'),
})

export const attack: fc.Arbitrary<Attack> = fc.oneof(
  { weight: 12, arbitrary: onParameter },
  { weight: 3, arbitrary: onBody },
  { weight: 1, arbitrary: onQuery },
  { weight: 2, arbitrary: onHeaders },
)

/** How a parameter of an attack stands in the query: a string by its characters, all else as JSON writes it. */
export function textInQuery(json: string): string {
  const value: unknown = JSON.parse(json)
  return (typeof value === 'string' ? value : json).toWellFormed()
}

/** The attack as it goes on the wire, made of a right call with these parameters and headers. */
export function wireOf(attack: Attack, right: Members, standing: Record<string, string>): Raw {
  const route = routeOf(attack)
  const { method, operation } = route
  const plain = { method, path: operation.path, headers: standing }
  if (attack.on === 'body') {
    const headers = { ...standing, 'content-type': attack.type }
    return { ...plain, headers, ...(method !== 'GET' && { body: attack.body }) }
  }
  if (attack.on === 'query') return { ...withMembers(plain, route, right), path: `${operation.path}?${attack.query}` }
  if (attack.on === 'headers') {
    const call = withMembers(plain, route, right)
    return { ...call, method: attack.method || method, headers: { ...call.headers, ...attack.headers } }
  }
  const { [attack.name]: _, ...others } = right
  const { path, body = '{}', headers } = withMembers(plain, route, others)
  if (attack.inQuery) {
    const query = `${attack.name}=${encodeURIComponent(textInQuery(attack.json))}`
    return { method, path: path.includes('?') ? `${path}&${query}` : `${path}?${query}`, body, headers }
  }
  const comma = body === '{}' ? '' : ','
  const sent = `${body.slice(0, -1)}${comma}${JSON.stringify(attack.name)}:${attack.json}}`
  return { method, path, body: sent, headers }
}

interface Plain {
  method: string
  path: string
  headers: Record<string, string>
}

/** Each parameter where the text puts it. */
function withMembers({ method, path, headers }: Plain, { operation }: Route, members: Members) {
  const entries = Object.entries(members)
  const query = entries.filter(([name]) => operation.query && name in operation.query.properties)
  const body = Object.fromEntries(entries.filter(([name]) => operation.body && name in operation.body.properties))
  return {
    method,
    path: query.length > 0 ? `${path}?${new URLSearchParams(query as [string, string][])}` : path,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(method !== 'GET' && { body: operation.text ? JSON.stringify(members.text ?? '') : JSON.stringify(body) }),
  }
}
