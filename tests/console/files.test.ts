/** What a browser gets on /console: the built page and its files, under a policy that lets nothing else run. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { mountConsole } from '../../server/http/console.ts'
import { makeServer } from '../../server/http/server.ts'
import { folder, testNode } from '../harness.ts'
import { afterwards } from '../support/afterwards.ts'
import { exchange } from '../support/http.ts'

const script = `console.log(${JSON.stringify('x'.repeat(2000))})`
const page = `<!doctype html><script type="module" nonce="STONECHAT_NONCE" src="/console/assets/index-a1b2.js"></script>`

/** A build as Vite leaves it, served from a port of its own. */
async function served(t: TestContext) {
  const root = folder(t)
  const dist = join(root, 'dist')
  mkdirSync(join(dist, 'assets'), { recursive: true })
  writeFileSync(join(dist, 'index.html'), page)
  writeFileSync(join(dist, 'assets', 'index-a1b2.js'), script)
  writeFileSync(join(dist, 'assets', 'dot-c3d4.png'), 'png')
  writeFileSync(join(dist, 'favicon.svg'), '<svg/>')
  writeFileSync(join(root, 'secret.txt'), 'canary')
  const server = makeServer({ log: 'silent', proxies: [] })
  mountConsole(server, dist)
  await server.listen({ host: '127.0.0.1', port: 0 })
  afterwards(t, () => server.close())
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  return {
    url,
    get: (path: string, headers: Record<string, string> = {}) => exchange(url, { path, headers }),
    async bytes(path: string, coding: string) {
      const response = await fetch(url + path, { headers: { 'accept-encoding': coding } })
      return { coding: response.headers.get('content-encoding'), text: await response.text() }
    },
  }
}

test('the page is the same on every path below /console, with a nonce of its own and a policy that names it', async t => {
  const { get } = await served(t)
  const nonces = new Set<string>()

  for (const path of ['/console', '/console/', '/console/users/1001?tab=push', '/console/a/b/c']) {
    const { status, headers, text } = await get(path)

    const nonce = /nonce="([\w-]{22})"/.exec(text)?.[1] ?? ''
    nonces.add(nonce)
    assert.equal(status, 200)
    assert.equal(headers['cache-control'], 'no-store')
    assert.equal(
      headers['content-security-policy'],
      `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'`,
    )
    assert.match(String(headers['content-type']), /^text\/html/)
  }

  assert.equal(nonces.size, 4)
})

test('page and files say that nothing may be guessed, embedded or passed on', async t => {
  const { get } = await served(t)

  for (const path of ['/console', '/console/assets/index-a1b2.js', '/console/favicon.svg']) {
    const { headers } = await get(path)

    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin')
    assert.match(String(headers['permissions-policy']), /camera=\(\).*microphone=\(\)/)
  }
})

test('files with a hash in their name are kept by the browser for ever, and others are asked for again', async t => {
  const { get } = await served(t)

  assert.equal(
    (await get('/console/assets/index-a1b2.js')).headers['cache-control'],
    'public, max-age=31536000, immutable',
  )
  assert.equal((await get('/console/favicon.svg')).headers['cache-control'], 'no-cache')
})

test('text goes out as small as the browser can read it, and pictures as they are', async t => {
  const { get, bytes, url } = await served(t)
  const raw = async (coding: string) => {
    const { promise, resolve } = Promise.withResolvers<Buffer>()
    const { request } = await import('node:http')
    request(`${url}/console/assets/index-a1b2.js`, { headers: { 'accept-encoding': coding } }, async answer =>
      resolve(Buffer.concat(await answer.toArray())),
    ).end()
    return promise
  }

  const [br, gz] = [await raw('gzip, deflate, br'), await raw('gzip')]

  assert.equal(brotliDecompressSync(br).toString(), script)
  assert.equal(gunzipSync(gz).toString(), script)
  assert.ok(br.length < 200 && gz.length < 200)
  assert.deepEqual(await bytes('/console/assets/index-a1b2.js', 'identity'), { coding: null, text: script })
  assert.deepEqual(await bytes('/console/assets/index-a1b2.js', 'br;q=0'), { coding: null, text: script })
  assert.equal((await bytes('/console/assets/dot-c3d4.png', 'br')).coding, null)
  assert.equal((await get('/console/assets/index-a1b2.js')).headers.vary, 'accept-encoding')
})

test('no path reaches a file beside the build, and a file that is not there is no page', async t => {
  const { get } = await served(t)
  const tricks = [
    '../secret.txt',
    '..%2fsecret.txt',
    '%2e%2e/secret.txt',
    'assets/..%2f..%2fsecret.txt',
    '..\\secret.txt',
  ]

  for (const trick of tricks) {
    const { text } = await get(`/console/${trick}`)
    assert.ok(!text.includes('canary'), trick)
  }
  const missing = await get('/console/assets/gone-0000.js')
  assert.deepEqual([missing.status, JSON.parse(missing.text).code], [404, 404])
})

test('where nothing is built the page says which command does it; the API beside it is not in the way', async t => {
  const server = makeServer({ log: 'silent', proxies: [] })
  mountConsole(server, join(folder(t), 'nothing'))
  await server.listen({ host: '127.0.0.1', port: 0 })
  afterwards(t, () => server.close())
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  const node = await testNode(t)

  const { status, text } = await exchange(url, { path: '/console/users' })
  const api = await exchange(node.url, { path: '/console/session', headers: { app_id: node.appId } })

  assert.equal(status, 503)
  assert.match(text, /npm run build:console/)
  assert.equal(JSON.parse(api.text).code, 10003)
})
