import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { codeOf, testNode } from './harness.ts'
import { afterwards } from './support/afterwards.ts'
import { captured, done, reachable } from './support/push.ts'

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(100)])
const jpeg = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(100)])

/** A place for images, which counts who asks. */
async function gallery(t: TestContext, answer: RequestListener) {
  let asked = 0
  const server = createServer((request, response) => {
    asked++
    answer(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  afterwards(t, () => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked }
}

test('an image is what its bytes say, not too large, and there; else the push is refused by name', async t => {
  const { origin, asked } = await gallery(t, ({ url }, response) => {
    if (url === '/a.png') response.end(png)
    else if (url === '/b.jpeg') response.end(jpeg)
    else if (url === '/page.png') response.end('<html>')
    else if (url === '/large.png') response.end(Buffer.concat([png, Buffer.alloc(1_000_000)]))
    else if (url === '/endless.jpg') response.write(jpeg, () => response.write(Buffer.alloc(1_100_000)))
    else if (url === '/moved.png') response.writeHead(302, { location: '/a.png' }).end()
    else response.writeHead(404).end()
  })
  const node = await testNode(t, { pushOrigins: [origin] })
  const ann = await reachable(node, 'ann')
  const push = (path: string, request_id = '') =>
    node.admin.delivery.notify({
      audience: { user_id: [ann.id] },
      message: { type: 'image', title: 'look', attachment_url: origin + path },
      ...(request_id && { setting: { request_id } }),
    })

  const good = await push('/a.png', 'once')
  const before = asked()
  assert.deepEqual(await push('/b.jpeg', 'once'), good)
  assert.equal(asked(), before, 'a repeated request fetches nothing')
  const other = await push('/b.jpeg')
  assert.equal(await codeOf(push('/page.png')), 12002)
  assert.equal(await codeOf(push('/large.png')), 12003)
  assert.equal(await codeOf(push('/endless.jpg')), 12003)
  for (const path of ['/gone.png', '/moved.png']) assert.equal(await codeOf(push(path)), 12004)
  for (const path of ['/a.gif', '/a.png.exe', '/']) assert.equal(await codeOf(push(path)), 10002)
  await done(node.admin, good.task_id)
  await done(node.admin, other.task_id)
  assert.deepEqual(
    (await captured(node.admin)).map(({ payload }) => payload.image),
    [`${origin}/a.png`, `${origin}/b.jpeg`],
  )
})

test('an image at an address of one’s own network is not asked for', async t => {
  const { origin, asked } = await gallery(t, (_, response) => response.end(png))
  const { port } = new URL(origin)
  const node = await testNode(t)
  const hosts = [
    ...['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '[2002:7f00:1::]', '0.0.0.0', '2130706433'],
    ...['0177.0.0.1', '0x7f.1', '169.254.169.254', '10.0.0.1', 'a:b@127.0.0.1'],
  ]

  for (const scheme of ['http', 'https'])
    for (const host of hosts) {
      const message = { type: 'image', title: 'look', attachment_url: `${scheme}://${host}:${port}/a.png` }
      assert.equal(await codeOf(node.admin.delivery.notify({ audience: 'all', message })), 12004, `${scheme} ${host}`)
    }

  assert.equal(asked(), 0)
})
