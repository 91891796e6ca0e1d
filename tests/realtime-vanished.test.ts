import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folder } from './harness.ts'
import { noHosts, otherHost } from './support/hosts.ts'
import { until } from './support/outcomes.ts'
import { Process } from './support/process.ts'
import { serving } from './support/program.ts'
import { online } from './support/realtime.ts'

const distant = fileURLToPath(new URL('support/distant.ts', import.meta.url))
const heartbeat = 1
/** Of this many ms an event may be late on a busy machine. */
const slack = 700

test('a host whose wire is cut is offline within two heartbeats, though no packet says so', {
  skip: noHosts(),
}, async t => {
  const host = otherHost(t)
  const { url, first, stranger } = await serving(t, folder(t), {
    HOST: host.address,
    STONECHAT_HEARTBEAT: String(heartbeat),
  })
  const [ann, ben] = await Promise.all(['ann', 'ben'].map(name => signUp(stranger, name)))
  assert.ok(ann && ben)
  const watcher = await online(t, stranger.as(ben.token))
  watcher.socket.subscribe([ann.user_id])
  const [command, ...words] = host.command as [string, ...string[]]
  const client = new Process(t, command, [...words, process.execPath, distant, url, first.app_id, ann.token])
  await client.says(/^ready/m)
  await until(() => watcher.presence.at(-1)?.online === true)

  host.cut()
  const start = performance.now()
  await until(() => watcher.presence.at(-1)?.online === false)
  const noticed = performance.now() - start
  const [, heard = ''] = await client.says(/^closed (.*)/m)

  t.diagnostic(`offline ${noticed.toFixed(0)} ms after the cut, with a heartbeat every ${heartbeat} s`)
  assert.ok(noticed < 2 * heartbeat * 1000 + slack, `${noticed} ms`)
  assert.equal(JSON.parse(heard).code, 1006)
  assert.equal(watcher.closed.length, 0)
})

async function signUp(stranger: Awaited<ReturnType<typeof serving>>['stranger'], name: string) {
  await stranger.accounts.register({ username: name, password: 'x' })
  return stranger.tokens.signInByName({ name, password: 'x' })
}
