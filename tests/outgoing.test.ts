// Runs once: no storage takes part.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { isPublic } from '../server/outgoing/addresses.ts'
import { OutgoingClient, OutgoingError } from '../server/outgoing/client.ts'
import { afterwards } from './support/afterwards.ts'

/** Somebody here who counts connections. */
async function insider(
  t: TestContext,
  answer: (path: string) => { status: number; headers?: Record<string, string>; body?: string },
) {
  let connections = 0
  const server = createServer((request, response) => {
    const { status, headers = {}, body = '' } = answer(String(request.url))
    if (status > 0) response.writeHead(status, headers).end(body)
  })
  server.on('connection', () => connections++)
  await new Promise<void>(resolve => server.listen(0, resolve))
  afterwards(t, () => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  })
  return { port: (server.address() as AddressInfo).port, connections: () => connections }
}

const clientOf = (t: TestContext, origins: string[] = [], milliseconds?: number) => {
  const client = new OutgoingClient({ origins: new Set(origins), authorities: undefined }, milliseconds)
  afterwards(t, () => client.close())
  return client
}

test('addresses of private, local, shared and translated networks are not public', () => {
  const closed = [
    ...[
      '0.0.0.0',
      '10.1.2.3',
      '100.64.0.1',
      '127.0.0.1',
      '127.255.255.255',
      '169.254.169.254',
      '172.16.0.1',
      '172.31.9.9',
    ],
    ...[
      '192.0.0.8',
      '192.0.2.1',
      '192.168.1.1',
      '198.18.0.1',
      '198.51.100.7',
      '203.0.113.9',
      '224.0.0.1',
      '255.255.255.255',
    ],
    ...[
      '::',
      '::1',
      '::ffff:127.0.0.1',
      '::ffff:8.8.8.8',
      '64:ff9b::7f00:1',
      '64:ff9b:1::1',
      '100::1',
      '2001::1',
      '2001:db8::1',
    ],
    ...[
      '2002:7f00::',
      '2002:0808:0808::1',
      '3fff::1',
      '5f00::1',
      'fc00::1',
      'fd12::1',
      'fe80::1',
      'fec0::1',
      'ff02::1',
    ],
    ...['', 'localhost', '1.2.3', '0x7f.1'],
  ]
  const open = [
    '1.1.1.1',
    '8.8.8.8',
    '100.63.255.255',
    '172.32.0.1',
    '192.167.0.1',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450::1',
  ]

  assert.deepEqual(closed.filter(isPublic), [])
  assert.deepEqual(
    open.filter(address => !isPublic(address)),
    [],
  )
})

test('no connection is made to an address inside, however it is written', async t => {
  const { port, connections } = await insider(t, () => ({ status: 200 }))
  const client = clientOf(t)
  const hosts = [
    ...['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[2002:7f00:1::]', '0.0.0.0', '0'],
    ...['2130706433', '0x7f000001', '0177.0.0.1', '127.1', '169.254.169.254', '[64:ff9b::7f00:1]', '[::]'],
  ]

  for (const host of hosts)
    for (const scheme of ['https', 'http'])
      await assert.rejects(
        client.ask(`${scheme}://${host}:${port}/`, { method: 'POST', body: 'x' }),
        error => error instanceof OutgoingError && error.forbidden,
        `${scheme}://${host}`,
      )
  for (const address of [
    'https://user:password@example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'no address',
  ])
    await assert.rejects(
      client.ask(address, { method: 'GET' }),
      error => error instanceof OutgoingError && error.forbidden,
    )

  assert.equal(connections(), 0)
})

test('an origin that the operator allows is called, and a redirect is an answer like any other', async t => {
  const inside = await insider(t, () => ({ status: 200, body: 'inside' }))
  const front = await insider(t, path =>
    path === '/moved'
      ? { status: 302, headers: { location: `http://127.0.0.1:${inside.port}/` } }
      : { status: 200, body: 'front' },
  )
  const origin = `http://127.0.0.1:${front.port}`
  const client = clientOf(t, [origin])

  const plain = await client.ask(`${origin}/`, { method: 'POST', body: '{}' })
  const moved = await client.ask(`${origin}/moved`, { method: 'GET' })

  assert.deepEqual([plain.status, plain.body, moved.status], [200, 'front', 302])
  assert.equal(inside.connections(), 0)
})

test('who answers too much, or not at all, is not waited for', async t => {
  const front = await insider(t, path => (path === '/long' ? { status: 200, body: 'x'.repeat(70_000) } : { status: 0 }))
  const origin = `http://127.0.0.1:${front.port}`
  const client = clientOf(t, [origin], 300)

  await assert.rejects(client.ask(`${origin}/long`, { method: 'GET' }), /longer than 65536 bytes/)
  await assert.rejects(client.ask(`${origin}/never`, { method: 'GET' }), /no answer in time/)
})
