/** Where other services of this kind have believed what came with a request, or had a door that nobody watched. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '../../client/index.ts'
import { realtimePath } from '../../contract/frames.ts'
import { folder, testNode } from '../harness.ts'
import { exampleOf, freshName } from '../support/examples.ts'
import { ask, exchange, type Raw } from '../support/http.ts'
import { outcome } from '../support/outcomes.ts'
import { serving } from '../support/program.ts'
import { hashQuickly } from '../support/quick-hashing.ts'
import { rawOf, routes } from '../support/routes.ts'
import { headersFor } from '../support/standing.ts'
import { fetchWith, send } from '../support/wire.ts'

const forged = {
  'x-forwarded-for': '198.51.100.7',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  'x-forwarded-port': '31337',
  'x-real-ip': '198.51.100.7',
  forwarded: 'for=198.51.100.7;host=evil.example;proto=https',
  'x-original-url': '/evil.example',
  'x-rewrite-url': '/evil.example',
  'true-client-ip': '198.51.100.7',
  'cf-connecting-ip': '198.51.100.7',
}

// Row 17
test('the node has no route beyond the contract but five open ones, and each of the contract asks who calls', async t => {
  const node = await testNode(t)
  hashQuickly(node, 0)
  const ann = await node.signUp('ann')
  const subject = { id: ann.id, name: 'ann', password: ann.password, spare: 1 }
  const open = ['/docs', '/healthz', '/metrics', '/openapi.json', '/readyz']

  for (const route of routes) {
    const input = exampleOf(route, subject)
    const call = async (token?: string) => {
      const headers = { app_id: node.appId, ...(token !== undefined && { 'access-token': token }) }
      return (await ask(node.url, rawOf(route, input, headers))).code
    }
    const { who } = route.operation
    if (who === 'guest' || who === 'guest_or_admin') continue
    // Its own tests say who may enter: without its header nobody is let in.
    if (who === 'visitor') {
      assert.deepEqual([await call(), await call('garbage')], [10010, 10010], route.route)
      continue
    }
    assert.deepEqual([await call(), await call('garbage')], [10003, 10008], route.route)
    if (who === 'admin' || who === 'admin_for_user') assert.equal(await call(ann.token), 10010, route.route)
    if (who === 'user') assert.equal(await call(node.adminToken), 10010, route.route)
  }
  for (const path of open) assert.equal((await exchange(node.url, { path })).status, 200, path)
  const promised = JSON.parse((await exchange(node.url, { path: '/openapi.json' })).text) as { paths: object }
  assert.deepEqual(
    new Set(Object.keys(promised.paths)),
    new Set([...routes.map(({ operation }) => operation.path), '/admin/events/live']),
  )
  const guesses = [
    '/admin',
    '/debug',
    '/debug/pprof',
    '/env',
    '/.git/config',
    '/.env',
    '/api',
    '/v1',
    '/graphql',
    '/server-status',
    '/trace',
    '/config',
    realtimePath,
  ]
  for (const path of guesses)
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])
      assert.ok([404, 405].includes((await exchange(node.url, { method, path })).status), `${method} ${path}`)
})

// Row 33
test('nothing that the server says is made from a header that says where it is', async t => {
  const node = await testNode(t)
  hashQuickly(node, 0)
  const ann = await node.signUp('ann')
  const paths = ['/docs', '/healthz', '/openapi.json', '/nobody', '/metrics', realtimePath]
  const raws: Raw[] = [
    ...paths.map(path => ({ path })),
    ...routes.map(route => {
      const subject = { id: ann.id, name: freshName(), password: ann.password, spare: ann.device }
      return rawOf(route, exampleOf(route, subject), headersFor(route.operation, node, ann))
    }),
  ]

  for (const raw of raws) {
    const answer = await exchange(node.url, {
      ...raw,
      headers: { ...raw.headers, ...forged, host: 'evil.example' },
    })
    assert.doesNotMatch(JSON.stringify(answer), /evil\.example|198\.51\.100\.7|31337/, raw.path)
  }
})

// Row 34
test('a forged address changes neither the limit, the audit trail nor the log', async t => {
  const { program, first, url } = await serving(t, folder(t), {
    STONECHAT_LOG: 'debug',
    STONECHAT_LIMITS: 'on',
    STONECHAT_TRIES_PER_ADDRESS: '2',
  })
  const codes = []
  for (let i = 0; i < 4; i++) {
    const headers = Object.fromEntries(
      Object.entries(forged).map(([name, value]) => [name, value.replaceAll('100.7', `100.${i}`)]),
    )
    const client = createClient({ url, appId: first.app_id, fetch: fetchWith(headers) })
    codes.push(await outcome(client.tokens.signInByName({ name: `nobody_${i}`, password: 'x' })))
  }
  const admin = createClient({ url, appId: first.app_id, fetch: fetchWith(forged) }).as(first.admin_token)
  const { id } = await admin.accounts.register({ username: 'ann', password: 'x' })
  await admin.actingFor(id).profiles.setNickname({ nick_name: 'Ann' })
  const { data } = await admin.audit.listAudit({ act: 'setNickname' })

  assert.deepEqual(codes, [402, 402, 10028, 10028])
  assert.deepEqual(
    data.map(({ address }) => address),
    ['127.0.0.1'],
  )
  assert.match(program.output, /"route":"\/user\/nickname"/)
  assert.doesNotMatch(program.output + program.errors, /198\.51\.100|evil\.example/)
})

const media = [
  'application/json',
  'text/plain',
  'text/json',
  'application/xml',
  'multipart/form-data',
  'application/x-www-form-urlencoded',
  'application/jsonx',
  'application/json5',
  'application/ld+json',
  '*/*',
  'json',
  '',
]
const spoilt = (type: string) => [
  ...[
    type,
    type.toUpperCase(),
    ` ${type}`,
    `\t${type}`,
    `${type} `,
    `${type}\t`,
    `${type};`,
    `${type} ;`,
    `${type}\t;`,
    `${type};charset=utf-8`,
  ],
  ...[
    `${type}; charset=utf-16`,
    `${type}; charset=latin1`,
    `${type};charset="utf-8"`,
    `${type};a=b;c=d`,
    `${type},text/html`,
    `x/y,${type}`,
    `${type};;`,
  ],
  ...[`${type}\u00a0`, `"${type}"`],
]

// Row 35
test('whatever Content-Type a body has, it is read by its rules or not at all', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const types = media.flatMap(spoilt)
  const taken = new Set<string>()

  for (const type of types)
    for (const [body, isRight] of [
      ['{"nick_name":5}', false],
      ['{"nick_name":"Ann"}', true],
      ['nick_name=Ann', false],
    ] as const) {
      const headers = {
        app_id: node.appId,
        'access-token': ann.token,
        'content-type': Buffer.from(type, 'utf8').toString('latin1'),
      }
      const { status, code, text } = await ask(node.url, { method: 'PUT', path: '/user/nickname', headers, body })
      assert.ok([200, 400, 415].includes(status), `${JSON.stringify(type)}: ${text}`)
      assert.ok(code !== 200 || isRight, `${JSON.stringify(type)} with ${body}`)
      if (code === 200) taken.add(type.trim().toLowerCase())
    }

  assert.ok(types.length > 200)
  assert.ok(taken.has('application/json'))
  assert.deepEqual(
    [...taken].filter(type => !/^application\/json\s*(;|$)/.test(type)),
    [],
  )
  assert.equal((await send(ann.connection, 'GET', '/user/profile')).code, 200)
})
