import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { folder } from '../harness.ts'
import { afterwards } from '../support/afterwards.ts'
import { makeCrowd, type Written, writeNicknames } from '../support/crowd.ts'
import { KeepAlive } from '../support/keep-alive.ts'
import { until } from '../support/outcomes.ts'
import { serving } from '../support/program.ts'

/** What must be enough for everything that was accepted, in ms. */
const soon = 10_000

async function crowded(t: TestContext, size: number) {
  const data = join(folder(t), 'data')
  const first = await serving(t, data)
  first.program.child.kill('SIGTERM')
  await first.program.ended
  const members = await makeCrowd(data, first.first.app_id, size)
  return { data, members, app: first.first.app_id, ...(await serving(t, data)) }
}

const hashesWaiting = async (url: string) => {
  const metrics = await (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text()
  return Number(/^stonechat_hash_queue (\d+)$/m.exec(metrics)?.[1])
}

function nicknames(data: string): Map<number, string> {
  const database = new DatabaseSync(join(data, 'stonechat.db'))
  const rows = database.prepare('select user_id, nick_name from users').all() as {
    user_id: number
    nick_name: string
  }[]
  database.close()
  return new Map(rows.map(({ user_id, nick_name }) => [user_id, nick_name]))
}

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  test(`${signal} under load: what was accepted is answered, what was not has changed nothing, and the end is clean`, async t => {
    const { data, members, app, url, program } = await crowded(t, 64)
    const written: Written[] = members.map(({ id }) => ({ id, sent: 0, acknowledged: 0 }))
    let acknowledged = 0

    const writing = writeNicknames(url, app, members, written, () => acknowledged++)
    const registrations = Array.from({ length: 24 }, (_, i) =>
      new KeepAlive(url, { app_id: app }).call('POST', '/user/register/v2', { username: `ann${i}`, password: 'x' }),
    )
    await until(async () => acknowledged > 500 && (await hashesWaiting(url)) > 0)
    const start = performance.now()
    program.child.kill(signal)
    const { code } = await program.ended
    const took = performance.now() - start
    await writing
    const answers = await Promise.all(registrations)

    const kept = nicknames(data)
    const wrong = written.filter(({ id, acknowledged }) => kept.get(id) !== String(acknowledged || ''))
    assert.deepEqual(wrong, [], 'a write is there if and only if it was acknowledged')
    assert.deepEqual(
      answers.map(reply => reply?.code),
      Array(24).fill(200),
    )
    assert.equal(code, 0)
    assert.ok(took < soon, `it took ${took} ms`)
    assert.equal(program.errors.replace(/^WARNING: .*\n/gm, ''), '')
    t.diagnostic(`${acknowledged} writes acknowledged, 0 lost, 0 requests reset; gone after ${took.toFixed(0)} ms`)
  })

test('clients that say nothing, or never finish what they say, do not keep the program from stopping', async t => {
  const { url, program, app } = await crowded(t, 1)
  const { hostname, port } = new URL(url)
  const open = (text: string) => {
    const socket = connect(Number(port), hostname)
    afterwards(t, () => socket.destroy())
    let received = ''
    socket.on('data', data => {
      received += data
    })
    // The program cuts these off, as it should.
    socket.on('error', () => {})
    socket.write(text)
    return () => received
  }
  const half = `PUT /user/nickname HTTP/1.1\r\nhost: x\r\napp_id: ${app}\r\n`
  open('')
  open(half)
  const idle = open('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n')
  const waiting = open(
    `POST /user/register/v2 HTTP/1.1\r\nhost: x\r\napp_id: ${app}\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n`,
  )
  await until(() => idle().includes('200 OK') && waiting().includes('100 Continue'))

  const start = performance.now()
  program.child.kill('SIGTERM')
  const { code } = await program.ended
  const took = performance.now() - start

  assert.equal(code, 0)
  assert.ok(took < soon, `it took ${took} ms`)
})

test('a Ctrl-C that arrives twice, from the terminal and from what started the program, still stops it gently', async t => {
  const { url, program, app } = await crowded(t, 1)
  const registrations = Array.from({ length: 24 }, (_, i) =>
    new KeepAlive(url, { app_id: app }).call('POST', '/user/register/v2', { username: `ann${i}`, password: 'x' }),
  )
  await until(async () => (await hashesWaiting(url)) > 0)

  program.child.kill('SIGINT')
  await program.says(/SIGINT: finishing/)
  program.child.kill('SIGINT')
  const { code } = await program.ended

  const answers = await Promise.all(registrations)
  assert.deepEqual(
    answers.map(reply => reply?.code),
    Array(24).fill(200),
  )
  assert.equal(code, 0)
})
