import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, testNode } from './harness.ts'
import { commandLine } from './support/command-line.ts'
import { environmentOf } from './support/engine.ts'
import { Process } from './support/process.ts'
import { launcher } from './support/program.ts'
import { pushed, reachable } from './support/push.ts'

test('push tail shows what capture kept, one push a line, and nothing in it moves the terminal', async t => {
  const node = await testNode(t)
  const ann = await reachable(node, 'ann')
  const { text, json, run } = commandLine(t, node.config.data)
  const audience = { user_id: [ann.id] }

  const before = await text('push', 'tail')
  await pushed(node.admin, { audience, message: { title: 'Hello', body: 'two\nlines', ext: { room: 7 } } })
  await pushed(node.admin, { audience, message: { title: '\u202eturned' } })
  const after = await text('push', 'tail')
  const one = await json<{ pushes: { user_id: number; payload: { title: string } }[] }>('push', 'tail', '--lines', '1')
  const both = await run(['push', 'tail', '--follow', '--json'])

  assert.equal(before, 'Nothing was captured yet.\n')
  const lines = after.trimEnd().split('\n')
  assert.equal(lines.length, 2)
  assert.match(
    String(lines[0]),
    new RegExp(`user ${ann.id} device 1  capture  task \\d+  Hello: two\\\\u000alines  badge 1  {"room":7}$`),
  )
  assert.match(String(lines[1]), /\\u202eturned/)
  assert.deepEqual(
    one.pushes.map(({ user_id, payload }) => [user_id, payload.title]),
    [[ann.id, '\u202eturned']],
  )
  assert.equal(both.code, 2)
  assert.match(both.errors, /--follow has no end/)
})

test('push tail --follow goes on beside the running server', async t => {
  const node = await testNode(t)
  const ann = await reachable(node, 'ann')
  const words = ['push', 'tail', '--follow', '--lines', '0']
  const tail = new Process(t, process.execPath, [launcher, ...words], {
    env: { STONECHAT_DATA: node.config.data, ...environmentOf(node.config.data) },
  })
  const audience = { user_id: [ann.id] }

  await eventually(async () => {
    await pushed(node.admin, { audience, message: { title: 'are you there?' } })
    assert.match(tail.output, /are you there\?/)
  }, 20_000)
})
