/** Where other services of this kind have been made to call addresses inside of their own networks. */
import assert from 'node:assert/strict'
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { OutgoingClient, OutgoingError } from '../../server/outgoing/client.ts'
import { testNode } from '../harness.ts'
import { afterwards } from '../support/afterwards.ts'
import { outcome } from '../support/outcomes.ts'
import { browserAt } from '../support/vendors/web.ts'

/** Somebody inside who counts connections, on every address of this host. */
async function insider(t: TestContext) {
  let connections = 0
  const server = createServer(socket => {
    connections++
    socket.destroy()
  })
  await new Promise<void>(resolve => server.listen(0, '::', resolve))
  afterwards(t, () => new Promise(resolve => server.close(resolve)))
  return { port: (server.address() as AddressInfo).port, connections: () => connections }
}

const inside = [
  ...[
    '127.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[2002:7f00:1::]',
    '0.0.0.0',
    '169.254.169.254',
    '2130706433',
    '0177.0.0.1',
  ],
  ...['0x7f.1', '127.1', 'localhost', 'localhost.', '[::]', '[64:ff9b::7f00:1]', 'fcm.googleapis.com.evil.example'],
  ...['fcm.googleapis.com@127.0.0.1', '127.0.0.1#fcm.googleapis.com', '127.0.0.1\\fcm.googleapis.com'],
]

// Row 39
test('no endpoint inside can be bound or pushed to, and no credential names one', async t => {
  const { port, connections } = await insider(t)
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  await node.admin.notifiers.createNotifier({
    name: 'web',
    provider: 'webpush',
    credentials: { subject: 'mailto:ann@example.com' },
  })
  const codes = new Set<number>()

  for (const host of inside)
    for (const scheme of ['https', 'http']) {
      const endpoint = `${scheme}://${host}:${port}/x`
      const device_token = browserAt(endpoint).token
      codes.add(await outcome(ann.devices.bindDeviceToken({ device_sn: 1, device_token, notifier_name: 'web' })))
      const credentials = {
        team_id: 'A1B2C3D4E5',
        key_id: 'F6G7H8I9J0',
        bundle_id: 'com.example.shop',
        key: 'x',
        endpoint,
      }
      codes.add(await outcome(node.admin.notifiers.createNotifier({ name: 'ios', provider: 'apns', credentials })))
    }
  const { task_id } = await node.admin.delivery.notify({ audience: 'all', message: { title: 'Hello' } })
  const { data } = await ann.devices.listDevices()

  assert.ok(task_id > 0 && data.length === 1)
  assert.deepEqual([...codes], [10002])
  assert.equal(connections(), 0)
})

// Row 39
test('a name that answers differently each time leads nowhere inside: what is called is what was looked at', async t => {
  const { port, connections } = await insider(t)
  const client = new OutgoingClient({ origins: new Set(), authorities: undefined }, 500)
  afterwards(t, () => client.close())
  let asked = 0
  const answers = ['127.0.0.1', '::ffff:127.0.0.1', '169.254.169.254', '::1']
  const { mock } = t.mock.method(dns, 'lookup', ((
    _: string,
    __: object,
    done: (error: null, all: object[]) => void,
  ) => {
    const address = answers[asked++ % answers.length] as string
    // A public one beside the one inside makes the name no better.
    done(null, [
      { address: '2606:4700::1111', family: 6 },
      { address, family: address.includes(':') ? 6 : 4 },
    ])
  }) as never)
  syncBuiltinESMExports()
  afterwards(t, () => {
    mock.restore()
    syncBuiltinESMExports()
  })

  for (const _ of answers)
    await assert.rejects(
      client.ask(`https://rebinding.example:${port}/`, { method: 'POST', body: 'x' }),
      error => error instanceof OutgoingError && error.forbidden,
    )

  assert.equal(asked, answers.length)
  assert.equal(connections(), 0)
})
