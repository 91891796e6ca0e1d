import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createClient } from '../client/index.ts'
import type { FirstRun } from '../server/first-run.ts'
import { folder } from './harness.ts'
import { outcome } from './support/outcomes.ts'
import { launch, serving } from './support/program.ts'

const modeOf = (path: string) => statSync(path).mode & 0o777
const stackLine = /^\s+at /m

test('the first start prints what a shell needs, once, and keeps it in first-run.json for its user alone', async t => {
  const data = join(folder(t), 'data')

  const { program, url } = await serving(t, data)

  const file = join(data, 'first-run.json')
  const first = JSON.parse(readFileSync(file, 'utf8')) as FirstRun
  const exported = Object.fromEntries(
    [...program.output.matchAll(/^export (\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]),
  )
  assert.deepEqual(Object.keys(first), ['url', 'app_id', 'app_secret', 'admin_token'])
  assert.equal(first.url, url)
  assert.deepEqual(exported, {
    STONECHAT_URL: first.url,
    STONECHAT_APP_ID: first.app_id,
    STONECHAT_APP_SECRET: first.app_secret,
    STONECHAT_ADMIN_TOKEN: first.admin_token,
  })
  assert.equal(program.output.split(first.admin_token).length, 2, 'the token is printed once')
  assert.equal(modeOf(file), 0o600)
})

test('what the first start prints works: an admin can list the users of the app', async t => {
  const { program } = await serving(t, join(folder(t), 'data'))
  const exported = (name: string) =>
    new RegExp(`^export STONECHAT_${name}=(\\S+)$`, 'm').exec(program.output)?.[1] ?? ''

  const admin = createClient({ url: exported('URL'), appId: exported('APP_ID'), token: exported('ADMIN_TOKEN') })

  assert.equal(await outcome(admin.accounts.listUsers()), 200)
})

test('the second start says nothing secret again, and what was handed out goes on working', async t => {
  const data = join(folder(t), 'data')
  const once = await serving(t, data)
  await once.stranger.accounts.register({ username: 'ann', password: 'a password' })
  once.program.child.kill('SIGTERM')
  await once.program.ended

  const again = await serving(t, data)
  const session = await again.stranger.tokens.signInByName({ name: 'ann', password: 'a password' })

  const said = again.program.output + again.program.errors
  for (const secret of [once.first.app_secret, once.first.admin_token, 'export '])
    assert.ok(!said.includes(secret), `the second start says ${secret}`)
  assert.deepEqual(again.first, once.first, 'first-run.json is as it was')
  assert.ok(session.token)
  assert.equal(await outcome(again.admin.accounts.listUsers()), 200)
})

test('two fresh installations have no secret in common', async t => {
  const [one, other] = await Promise.all([1, 2].map(() => serving(t, join(folder(t), 'data'))))

  const secretsOf = (place: Awaited<ReturnType<typeof serving>> | undefined) => {
    assert.ok(place)
    return [place.first.app_id, place.first.app_secret, place.first.admin_token]
  }
  assert.equal(new Set([...secretsOf(one), ...secretsOf(other)]).size, 6)
  assert.equal(
    await outcome(
      createClient({
        ...one?.admin.connection,
        url: other?.url ?? '',
        appId: other?.first.app_id ?? '',
      }).accounts.listUsers(),
    ),
    10008,
  )
})

test('the data folder and all that is in it belong to their user alone', async t => {
  const data = join(folder(t), 'deeper', 'data')

  await serving(t, data)

  const files = readdirSync(data)
  assert.equal(modeOf(data), 0o700)
  assert.ok(files.includes('stonechat.db-wal') && files.includes('master.key'))
  for (const file of files) assert.equal(modeOf(join(data, file)), 0o600, file)
})

test('in a folder that was there before and is open to others, the files are still private', async t => {
  const data = join(folder(t), 'data')
  mkdirSync(data)
  chmodSync(data, 0o755)
  writeFileSync(join(data, 'first-run.json'), '{}', { mode: 0o644 })

  const { first } = await serving(t, data)

  assert.ok(first.admin_token)
  for (const file of readdirSync(data)) assert.equal(modeOf(join(data, file)), 0o600, file)
})

test('a start that cannot be is one sentence that says what to do, and exit code 1', async t => {
  const { url } = await serving(t, join(folder(t), 'data'))
  const { port } = new URL(url)
  const file = join(folder(t), 'file')
  writeFileSync(file, '')
  const cases: { env: Record<string, string>; data?: string; says: RegExp }[] = [
    { env: { PORT: port }, says: new RegExp(`port ${port} of 127\\.0\\.0\\.1 is in use.*PORT`) },
    { env: {}, data: join(file, 'data'), says: /the data folder .*file\/data cannot be used.*STONECHAT_DATA/ },
    { env: { PORT: 'eighty' }, says: /PORT must be a whole number from 0 to 65535, and is "eighty"/ },
    { env: { STONECHAT_LIMITS: 'no' }, says: /STONECHAT_LIMITS must be one of on, off, and is "no"/ },
    { env: { HOST: '192.0.2.1' }, says: /cannot listen on port 0 of 192\.0\.2\.1.*HOST/ },
    { env: { STONECHAT_MASTER_KEY: 'abc' }, says: /STONECHAT_MASTER_KEY must hold 64 hex digits/ },
  ]

  const ends = await Promise.all(
    cases.map(async ({ env, data }) => {
      const program = launch(t, data ?? join(folder(t), 'data'), env)
      return { ...(await program.ended), program }
    }),
  )

  ends.forEach(({ code, program }, i) => {
    const said = program.errors.trim()
    assert.match(said, cases[i]?.says as RegExp)
    assert.equal(code, 1, said)
    assert.doesNotMatch(said, stackLine)
    assert.equal(said.split('\n').length, 1, said)
    assert.doesNotMatch(program.output, /ready at/)
  })
})
