// Runs once: no storage takes part.
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { Http2Pool, type PoolRules, Unanswered } from '../server/senders/pool.ts'
import { webToken } from '../server/senders/tokens.ts'
import { afterwards } from './support/afterwards.ts'
import { amount } from './support/amount.ts'
import { appleService } from './support/vendors/apns.ts'
import { certificate } from './support/vendors/certificate.ts'
import { keyPair } from './support/vendors/senders.ts'

const team = 'A1B2C3D4E5'

async function stage(t: TestContext, mood: Parameters<typeof appleService>[2], rules: PoolRules = {}) {
  const { secret, open } = keyPair('ec')
  const service = await appleService(t, { key: { team, pem: open } }, mood)
  const pool = new Http2Pool(service.origin, { ca: certificate, ...rules })
  afterwards(t, () => pool.close())
  const jwt = webToken('ES256', secret, { kid: 'key' }, { iss: team, iat: Math.floor(Date.now() / 1000) })
  const headers = { authorization: `bearer ${jwt}` }
  const ask = (token: string) => pool.ask({ path: `/3/device/${token}`, headers, body: '{"aps":{}}' })
  /** How many of so many requests were answered with 200, and what became of the others. */
  const askMany = async (count: number) => {
    const results = await Promise.allSettled(Array.from({ length: count }, (_, i) => ask(`token-${i}`)))
    const failures = results.filter(result => result.status === 'rejected').map(({ reason }) => reason as Unanswered)
    return { answered: results.length - failures.length, failures }
  }
  return { service, pool, ask, askMany }
}

test('no request is lost, and none is sent twice, where the other side says goodbye every 1,000 requests', async t => {
  const count = amount(10_000, 200_000)
  const { service, askMany } = await stage(t, { goodbyeEvery: 1000 })

  const { answered } = await askMany(count)

  assert.equal(answered, count)
  assert.equal(new Set(service.received.map(({ token }) => token)).size, count)
  assert.equal(service.received.length, count)
  t.diagnostic(`${count} requests on ${service.connections()} connections: 0 lost, 0 twice`)
})

test('no more streams are opened than the other side takes', async t => {
  const { service, askMany } = await stage(t, { streams: 5, latency: 2 }, { sessions: 2 })

  const { answered } = await askMany(200)

  assert.equal(answered, 200)
  assert.ok(service.connections() <= 2)
})

test('a request that is reset fails by itself, and says that it may have been acted upon', async t => {
  const { askMany } = await stage(t, { resetEvery: 10 })

  const { answered, failures } = await askMany(100)

  assert.equal(answered, 90)
  assert.ok(failures.every(error => error instanceof Unanswered && !error.untouched))
})

test('who never answers is waited for no longer than was said', async t => {
  const { ask } = await stage(t, { isSilent: true }, { patience: 300 })

  await assert.rejects(ask('x'), Unanswered)
})

test('where nobody can be reached, whoever waits is told', async t => {
  const silent = createServer(socket => socket.on('error', () => {}))
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
  afterwards(t, () => silent.close())
  const { port } = silent.address() as { port: number }

  for (const origin of [`https://127.0.0.1:${port}`, 'https://127.0.0.1:1']) {
    const pool = new Http2Pool(origin, { grace: 300 })
    const asked = [1, 2, 3].map(() => pool.ask({ path: '/', headers: {}, body: '' }))
    const failures = await Promise.allSettled(asked)

    assert.ok(failures.every(result => result.status === 'rejected' && (result.reason as Unanswered).untouched))
    pool.close()
  }
})

test('a certificate that nobody vouches for is not spoken to', async t => {
  const { service } = await stage(t, {})
  const pool = new Http2Pool(service.origin)
  afterwards(t, () => pool.close())

  await assert.rejects(pool.ask({ path: '/', headers: {}, body: 'secret' }), /self.signed/i)
  assert.equal(service.received.length, 0)
})
