import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { eventually, folder, type TestNode, testNode } from './harness.ts'
import { commandLine } from './support/command-line.ts'
import { environmentOf } from './support/engine.ts'
import { outcome } from './support/outcomes.ts'
import { Process } from './support/process.ts'
import { launcher } from './support/program.ts'

const scrypt = '$scrypt$ln=12,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$kwq6N9vjXiLLR2BtFs/BQN6KZJUi0wPyxUwGwJpcXb4'
const password = 'correct horse 密码'

interface Run {
  imported: number
  existed: number
  failed: number
  failures: { line: number; username: string; reason: string }[]
}

async function stage(t: TestContext) {
  const node = await testNode(t)
  const line = commandLine(t, node.config.data)
  const place = folder(t)
  const importing = async (lines: (object | string)[], ...words: string[]) => {
    const file = join(place, 'users.ndjson')
    writeFileSync(file, lines.map(each => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n'))
    const { output, errors } = await line.run(['import', 'users', file, ...words, '--json'])
    return errors === '' ? (JSON.parse(output) as Run) : assert.fail(errors)
  }
  return { node, place, importing }
}

const countsOf = ({ imported, existed, failed }: Run) => [imported, existed, failed]

const hashOf = async ({ node, appId }: TestNode, user: number) => {
  const [row] = await node.services.sql<{ password_hash: string }>`
    select password_hash from users where app_id = ${appId} and user_id = ${user}`
  return row?.password_hash
}

test('a user who was brought along signs in with the old password, beside a running server; the hash is replaced then', async t => {
  const { node, importing } = await stage(t)
  const ann = {
    username: 'Ann',
    user_id: 42,
    password_hash: scrypt,
    mobile: '+4915112345678',
    email: 'Ann@Example.com',
  }

  const run = await importing([{ ...ann, nick_name: 'Änn', description: 'At sea', created_at: 1_600_000_000_000 }])
  const before = await hashOf(node, 42)
  const session = await node.signIn('ann', password)
  const after = await hashOf(node, 42)

  assert.deepEqual(countsOf(run), [1, 0, 0])
  const profile = await session.profiles.getProfile()
  assert.deepEqual(
    [profile.user_id, profile.username, profile.nick_name, profile.mobile, profile.email],
    [42, 'Ann', 'Änn', '+4915112345678', 'ann@example.com'],
  )
  assert.equal(before, scrypt)
  assert.match(String(after), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  assert.equal(await outcome(node.stranger.tokens.signInByName({ name: 'ann', password: 'wrong' })), 402)
  assert.equal(await outcome(node.stranger.tokens.signInByLogin({ login_name: 'ann@example.com', password })), 200)
})

test('each line is answered for itself, with its number and what is wrong; the others come', async t => {
  const { node, importing } = await stage(t)
  const ben = await node.signUp('ben')
  await node.admin.actingFor(ben.id).accounts.setMobile({ mobile: '+4915100000001' })

  const run = await importing([
    { username: 'good', password: 'plain text' },
    'not JSON',
    '',
    { username: 'two words', password: 'x' },
    { username: 'nohash' },
    { username: 'md5', password_hash: '5f4dcc3b5aa765d61d8327deb882cf99' },
    { username: 'BEN', user_id: 7, password: 'x' },
    { username: 'cay', password: 'x', mobile: '+4915100000001' },
    { username: 'dan', password: 'x', user_id: ben.id },
    { username: 'eve', password: 'x', role: 'admin' },
    { username: 'also_good', password_hash: scrypt },
  ])

  assert.deepEqual(countsOf(run), [2, 0, 8])
  assert.deepEqual(
    run.failures.map(({ line, username }) => `${line} ${username}`),
    ['2 ', '4 two words', '5 nohash', '6 md5', '7 BEN', '8 cay', '9 dan', '10 eve'],
  )
  assert.match(run.failures[3]?.reason ?? '', /no known kind \(bcrypt, argon2, scrypt, pbkdf2, scram-sha-256\)/)
  assert.equal(await outcome(node.signIn('good', 'plain text')), 200)
  assert.equal(await outcome(node.signIn('also_good', password)), 200)
})

test('the same file again changes nothing, and brings what failed before', async t => {
  const { node, importing } = await stage(t)
  const good = { username: 'good', user_id: 5, password_hash: scrypt }
  await importing([good, { username: 'bad', password_hash: 'unknown' }])
  await (await node.signIn('good', password)).profiles.setNickname({ nick_name: 'Mine' })

  const again = await importing([good, { username: 'bad', user_id: 6, password_hash: scrypt }])

  assert.deepEqual(countsOf(again), [1, 1, 0])
  assert.equal((await (await node.signIn('good', password)).profiles.getProfile()).nick_name, 'Mine')
})

test('a dry run says the same, and writes nothing', async t => {
  const { node, importing } = await stage(t)
  await node.signUp('ben')

  const run = await importing(
    [
      { username: 'new', password_hash: scrypt },
      { username: 'ben', password: 'x' },
      { username: 'bad name', password: 'x' },
    ],
    '--dry-run',
  )

  assert.deepEqual(countsOf(run), [1, 1, 1])
  assert.equal(await outcome(node.signIn('new', password)), 402)
})

test('ids of imported users are never given to others, not even from a block that the server has begun', async t => {
  const { node, importing } = await stage(t)
  const first = await node.signUp('first')

  await importing([
    { username: 'next', user_id: first.id + 1, password_hash: scrypt },
    { username: 'far', user_id: first.id + 5000, password_hash: scrypt },
  ])
  const second = await node.signUp('second')
  const nameless = await importing([{ username: 'nameless', password_hash: scrypt }])

  assert.equal(second.id, first.id + 2)
  assert.deepEqual(countsOf(nameless), [1, 0, 0])
  assert.equal((await node.signIn('nameless', password)).id, first.id + 5001)
})

test('a deleted id is not used again, and a banned user comes banned', async t => {
  const { node, importing } = await stage(t)
  const gone = await node.signUp('gone')
  await node.admin.actingFor(gone.id).accounts.deleteUser({})

  const run = await importing([
    { username: 'heir', user_id: gone.id, password_hash: scrypt },
    { username: 'bad_guy', password_hash: scrypt, banned: true },
  ])

  assert.deepEqual(countsOf(run), [1, 0, 1])
  assert.equal(await outcome(node.signIn('bad_guy', password)), 13001)
})

test('the file of results has every line, and is never written over', async t => {
  const { place, importing } = await stage(t)
  const results = join(place, 'results.ndjson')
  const users = Array.from({ length: 300 }, (_, i) => ({ username: `user_${i}`, password_hash: scrypt }))

  const run = await importing([...users, 'not JSON'], '--results', results)

  const lines = readFileSync(results, 'utf8').trim().split('\n')
  const last = JSON.parse(lines.at(-1) ?? '') as object
  assert.deepEqual([countsOf(run), lines.length], [[300, 0, 1], 301])
  assert.deepEqual(last, {
    line: 301,
    username: '',
    user_id: 0,
    success: false,
    existed: false,
    reason: 'invalid request parameter: the line must be one JSON object',
  })
  assert.ok(existsSync(results))
  await assert.rejects(importing(users, '--results', results), /exists: name another file/)
})

test('a run is one entry of the audit trail', async t => {
  const { node, importing } = await stage(t)

  await importing([
    { username: 'one', password_hash: scrypt },
    { username: 'two', password_hash: scrypt },
  ])

  const { data } = await node.admin.audit.listAudit({ act: 'import users' })
  assert.equal(data.length, 1)
  assert.equal(data[0]?.actor.kind, 'operator')
})

test('a run that is ended says so, is in the trail, and goes on where it was', async t => {
  const { node, place, importing } = await stage(t)
  const users = Array.from({ length: 8000 }, (_, i) => ({ username: `user_${i}`, password_hash: scrypt }))
  const file = join(place, 'many.ndjson')
  writeFileSync(file, users.map(each => JSON.stringify(each)).join('\n'))
  const words = ['import', 'users', file, '--json']
  const env = { STONECHAT_DATA: node.config.data, ...environmentOf(node.config.data) }
  const run = new Process(t, process.execPath, [launcher, ...words], { env })
  await eventually(async () => {
    const there = await node.node.services.sql`select user_id from users where app_id = ${node.appId} limit 1`
    assert.equal(there.length, 1)
  }, 15_000)

  run.child.kill('SIGINT')
  const { code } = await run.ended
  const said = JSON.parse(run.output) as Run & { stopped: boolean }
  const again = await importing(users)

  assert.deepEqual([code, said.stopped], [1, true])
  assert.ok(said.imported > 0 && said.imported < users.length, `${said.imported}`)
  assert.deepEqual(countsOf(again), [users.length - said.imported, said.imported, 0])
  assert.equal((await node.admin.audit.listAudit({ act: 'import users' })).data.length, 2)
})
