// Runs once: it is about the file that SQLite keeps.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNode } from '../server/node.ts'
import { eventually, folder, testNode } from './harness.ts'
import { afterwards } from './support/afterwards.ts'
import { launch, serving } from './support/program.ts'

test('a second server on one data folder is refused, and the first one keeps its connections', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const line = ann.realtime()
  const ready = new Promise(resolve => line.on('ready', resolve))
  line.connect()
  afterwards(t, () => line.close())
  await ready

  await assert.rejects(startNode({ ...node.config, port: 0 }), /another server serves the data folder/)

  assert.equal((await ann.presence.getOnlineStatus()).online, true)
})

test('the refusal is one sentence and exit code 1, and a server that was killed stands in nobody’s way', async t => {
  const data = folder(t)
  const { program } = await serving(t, data)

  const second = launch(t, data)
  const { code } = await second.ended
  program.child.kill('SIGKILL')
  await program.ended
  const third = await serving(t, data)

  assert.equal(code, 1)
  assert.match(second.errors, /another server serves the data folder .*: stop it, or set STONECHAT_DATA/)
  assert.doesNotMatch(second.errors, /^\s+at /m)
  await eventually(async () => assert.equal((await fetch(`${third.url}/readyz`)).status, 200))
})
