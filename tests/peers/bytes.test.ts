/** Where bytes alone have brought other services of this kind down. */
import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { test } from 'node:test'
import { realtimePath } from '../../contract/frames.ts'
import type { Who } from '../../contract/operation.ts'
import { folder, testNode } from '../harness.ts'
import { amount } from '../support/amount.ts'
import { ask, bytesFor } from '../support/http.ts'
import { outcome } from '../support/outcomes.ts'
import { frugal, serving } from '../support/program.ts'
import { times } from '../support/races.ts'
import { bare, helloOf } from '../support/realtime.ts'
import { rawOf, routes } from '../support/routes.ts'
import { readSource } from '../support/sources.ts'
import { headersFor } from '../support/standing.ts'

const upgrade = `GET ${realtimePath} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n`

// Row 36
test('an upgrade with 2,500 headers, or 16,000 fragments of a byte, costs its connection alone', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const { hostname, port } = new URL(node.url)

  const headers = await bytesFor(node.url, `${upgrade}${times(2500, i => `X${i}: 1\r\n`).join('')}\r\n`, 300)
  const socket = connect(Number(port), hostname)
  socket.on('error', error => assert.match(error.message, /ECONNRESET|EPIPE/))
  socket.write(`${upgrade}\r\n`)
  await once(socket, 'data')
  const closed = once(socket, 'close')
  socket.resume()
  // Text, not final, masked with zeros; then continuations of a byte each.
  const fragment = (opcode: number) => Buffer.from([opcode, 0x81, 0, 0, 0, 0, 0x20])
  socket.write(Buffer.concat([fragment(0x01), ...times(16_500, () => fragment(0x00))]))
  socket.write(fragment(0x80))
  await closed
  const later = await bare(t, node.url)
  later.send(helloOf(ann))

  assert.match(headers, /^(HTTP\/1\.1 (400|431) |$)/)
  assert.equal((await later.frame('ready')).user_id, ann.id)
  assert.equal(await outcome(ann.profiles.getProfile()), 200)
})

// Row 36
test('the library of sockets is none of the releases that could be brought down', () => {
  const { dependencies } = JSON.parse(readSource('package.json')) as { dependencies: { ws: string } }
  const [major = 0, minor = 0] = dependencies.ws.split('.').map(Number)

  assert.match(dependencies.ws, /^\d+\.\d+\.\d+$/)
  assert.ok(major > 8 || (major === 8 && minor >= 21), dependencies.ws)
})

// Row 37
test('JSON that nests 20,000 or 200,000 deep is refused on every route, with async hooks in use', async t => {
  const deep = [20_000, 200_000].flatMap(depth => [
    '['.repeat(depth) + ']'.repeat(depth),
    `{"list":${'['.repeat(depth)}${']'.repeat(depth)}}`,
    '{"a":'.repeat(depth),
    `{"message":{"ext":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}}`,
  ])
  await new AsyncLocalStorage<object>().run({}, async () => {
    const node = await testNode(t)
    const ann = await node.signUp('ann')
    // Operations of operators and of the console turn this caller away before a body is read.
    const own = new Set<Who>(['guest', 'guest_or_admin', 'self', 'user', 'admin_for_user', 'member', 'admin'])
    for (const { operation, route, ...rest } of routes.filter(
      ({ operation, method }) => !operation.text && method !== 'GET' && own.has(operation.who),
    ))
      for (const body of deep) {
        const raw = rawOf({ operation, route, ...rest }, {}, headersFor(operation, node, ann))
        const headers = { ...raw.headers, 'content-type': 'application/json', connection: 'close' }
        const code = await ask(node.url, { ...raw, headers, body }).then(
          answer => answer.code,
          (error: NodeJS.ErrnoException) => error.code,
        )
        // What is longer than a body may be is not read to its end.
        assert.ok([400, 413, 'ECONNRESET', 'EPIPE'].includes(code ?? ''), `${route} answers ${code}`)
      }
    assert.equal(await outcome(ann.profiles.getProfile()), 200)
  })
})

/** In kB. */
const residentOf = (pid: number) =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

// Row 38
test('whoever connects and goes leaves no memory behind, on HTTP and on sockets', async t => {
  const { program, url, stranger } = await serving(t, folder(t), {}, frugal)
  const { hostname, port } = new URL(url)
  const pid = program.child.pid as number
  const many = amount(3000, 100_000)
  const goes = async (said: string) => {
    const socket = connect(Number(port), hostname)
    socket.on('error', error => assert.match(error.message, /ECONNRESET|EPIPE/))
    await once(socket, 'connect')
    if (said) socket.write(said)
    if (said === `${upgrade}\r\n`) await once(socket, 'data')
    socket.destroy()
    await once(socket, 'close')
  }
  const flood = async () => {
    const ways = ['', 'GET /user/profile HTTP/1.1\r\nHost: x\r\n', `${upgrade}\r\n`]
    for (let i = 0; i < many; i += 50) await Promise.all(times(50, j => goes(ways[j % ways.length] as string)))
  }

  const sizes: number[] = []
  for (let i = 0; i < 4; i++) {
    await flood()
    sizes.push(residentOf(pid))
  }
  const [first = 0, ...later] = sizes

  t.diagnostic(`${4 * many} connections, ${many} each time: ${sizes.join(', ')} kB`)
  assert.ok(Math.max(...later) < first * 1.1, sizes.join(', '))
  assert.equal(await outcome(stranger.accounts.register({ username: 'ann', password: 'x' })), 200)
})
