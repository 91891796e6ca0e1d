import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deskOf } from './support/desk.ts'
import { bytes, readEnvelope } from './support/http.ts'

/** Sends bytes as they are, and reads the one answer that must come before the connection is closed. */
async function answerTo(url: string, sent: string | Buffer) {
  const [head = '', body = ''] = (await bytes(url, sent)).split('\r\n\r\n')
  const status = Number(head.split(' ')[1])
  assert.match(head, /^content-type: application\/json; charset=utf-8$/im)
  assert.match(head, new RegExp(`^content-length: ${Buffer.byteLength(body)}$`, 'im'))
  return { status, ...readEnvelope(status, body) }
}

test('what is not HTTP is answered with 400 and the envelope, and the connection is closed', async t => {
  const { node, ann } = await deskOf(t)
  const head = `POST /token/user HTTP/1.1\r\nHost: x\r\napp_id: ${node.appId}\r\ncontent-type: application/json\r\n`
  const broken: (string | Buffer)[] = [
    'hello\r\n\r\n',
    Buffer.from([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5]),
    'FOO / HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET / HTTP/3.7\r\nHost: x\r\n\r\n',
    'GET /\u7528 HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\napp_id: a\0b\r\n\r\n',
    'GET / HTTP/1.1\r\nno colon\r\n\r\n',
    `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
    `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${head}Content-Length: -2\r\n\r\n`,
    `${head}Content-Length: 0x2\r\n\r\n{}`,
    `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
  ]

  for (const sent of broken) {
    const { status, code, message } = await answerTo(node.url, sent)
    assert.deepEqual({ status, code, message }, { status: 400, code: 400, message: 'The request cannot be read' })
  }
  assert.equal((await ann.profiles.getProfile()).username, 'ann')
})

test('what cannot be read after a request is answered after it, and not in its place', async t => {
  const { node, ann } = await deskOf(t)
  const head = `PUT /user/nickname?nick_name=Ann HTTP/1.1\r\nHost: x\r\napp_id: ${node.appId}\r\naccess-token: ${ann.token}\r\n\r\n`

  const received = await bytes(node.url, `${head}${head}hello\r\n\r\n`)

  const codes = [...received.matchAll(/"code":(\d+)/g)].map(([, code]) => code)
  assert.deepEqual(codes, ['200', '200', '400'])
})

test('headers and addresses of more than 16 KiB are 431', async t => {
  const { node } = await deskOf(t)
  const large = 'x'.repeat(17 * 1024)
  const many = Array.from({ length: 2000 }, (_, i) => `header-${i}: value\r\n`).join('')

  for (const sent of [
    `GET /healthz HTTP/1.1\r\nHost: x\r\na: ${large}\r\n\r\n`,
    `GET /healthz?${large} HTTP/1.1\r\nHost: x\r\n\r\n`,
    `GET /healthz HTTP/1.1\r\nHost: x\r\n${many}\r\n`,
  ]) {
    const { status, code } = await answerTo(node.url, sent)
    assert.deepEqual({ status, code }, { status: 431, code: 431 })
  }
})

test('a path that cannot be decoded is 400', async t => {
  const { refused } = await deskOf(t)

  for (const path of ['/%', '/%zz', '/user/%ff', '/%e4%b8/profile']) await refused({ path }, 400, /cannot be read/)
})

test('a body that grows or claims to be too large is 413 before it has arrived', async t => {
  const { node, ann } = await deskOf(t)
  const head = `PUT /user/profile HTTP/1.1\r\nHost: x\r\napp_id: ${node.appId}\r\naccess-token: ${ann.token}\r\ncontent-type: application/json\r\n`
  const chunk = `2000\r\n${'x'.repeat(0x2000)}\r\n`

  for (const sent of [
    `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(9)}`,
    `${head}Content-Length: 65537\r\n\r\n`,
    `${head}Content-Length: 99999999999\r\n\r\n`,
  ]) {
    const { status, code } = await answerTo(node.url, sent)
    assert.deepEqual({ status, code }, { status: 413, code: 413 })
  }
})

test('a request without Host, in HTTP/1.0, or with an odd expectation is answered like any other', async t => {
  const { node } = await deskOf(t)
  const headers = `app_id: ${node.appId}\r\nConnection: close\r\n`

  for (const sent of [
    `GET /user/profile HTTP/1.1\r\n${headers}\r\n`,
    `GET /user/profile HTTP/1.0\r\n${headers}\r\n`,
    `GET /user/profile HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n${headers}\r\n`,
    `GET http://x/user/profile HTTP/1.1\r\nHost: x\r\n${headers}\r\n`,
  ]) {
    const { status, code } = await answerTo(node.url, sent)
    assert.deepEqual({ status, code }, { status: 200, code: 10003 })
  }
})
