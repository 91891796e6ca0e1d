// Runs once: it brings PostgreSQL servers of its own.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createClient } from '../../client/index.ts'
import { folder } from '../harness.ts'
import { outcome, until } from '../support/outcomes.ts'
import { newCluster } from '../support/own-cluster.ts'
import { Process } from '../support/process.ts'
import { launcher } from '../support/program.ts'

function serveWith(t: TestContext, workers: string, env: Record<string, string>) {
  const all = {
    PORT: '0',
    STONECHAT_DATA: join(folder(t), 'data'),
    STONECHAT_LIMITS: 'off',
    STONECHAT_LOG: 'error',
    ...env,
  }
  return new Process(t, process.execPath, [launcher, 'serve', '--workers', workers], { env: all, detached: true })
}

test('workers share a port, one that is killed is replaced, and SIGTERM stops all of them', async t => {
  const cluster = await newCluster(t)
  const key = randomBytes(32).toString('hex')
  const env = { DATABASE_URL: cluster.url, STONECHAT_MASTER_KEY: key, STONECHAT_POOL: '3' }
  const program = serveWith(t, '2', env)
  const [, url = ''] = await program.says(/Stonechat is ready at (\S+) \(2 workers\)/)
  const [, appId = ''] = await program.says(/STONECHAT_APP_ID=(\S+)/)
  const { accounts } = createClient({ url, appId })
  const workers = () =>
    execFileSync('pgrep', ['-P', String(program.child.pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')

  const first = await outcome(accounts.register({ username: 'ann', password: 'x' }))
  const before = workers()
  const victim = Number(before[0])
  process.kill(victim, 'SIGKILL')
  await program.says(new RegExp(`worker ${victim} ended \\(SIGKILL\\): another takes its place`))
  await until(() => workers().filter(pid => !before.includes(pid)).length === 1)
  const second = await outcome(accounts.register({ username: 'ben', password: 'x' }))
  const start = performance.now()
  program.child.kill('SIGTERM')
  const { code } = await program.ended

  assert.equal(before.length, 2)
  assert.deepEqual([first, second, code], [200, 200, 0])
  assert.ok(performance.now() - start < 10_000)
})

test('workers on a file are refused with a sentence, and so is a number that is none', async t => {
  const file = serveWith(t, '2', {})
  const number = serveWith(t, 'two', {})

  const codes = [(await file.ended).code, (await number.ended).code]

  assert.deepEqual(codes, [2, 2])
  assert.match(
    file.errors,
    /^stonechat: serve --workers needs PostgreSQL \(DATABASE_URL\): a file is served by one process\n$/,
  )
  assert.match(number.errors, /--workers must be a whole number from 1 to 128/)
})
