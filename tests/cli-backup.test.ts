// Runs once: it is about the file that SQLite keeps.
import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { createClient } from '../client/index.ts'
import { Progress } from '../server/cli/progress.ts'
import { openInstallation } from '../server/installation.ts'
import { startNode } from '../server/node.ts'
import { codeOf, folder, testNode } from './harness.ts'
import { afterwards } from './support/afterwards.ts'
import { commandLine } from './support/command-line.ts'
import { allRows } from './support/rows.ts'

const rowsIn = async (data: string) => {
  const { store } = await openInstallation({ data, masterKey: '' })
  const rows = await allRows(store.sql)
  await store.close()
  return rows
}

/** A data folder with a user, whose server has ended, and a backup of it. */
async function backedUp(t: TestContext) {
  const node = await testNode(t)
  await node.signUp('ann')
  await node.node.stop()
  const copy = join(folder(t), 'copy.db')
  const shell = commandLine(t, node.config.data)
  await shell.text('backup', copy)
  return { node, data: node.config.data, copy, shell }
}

test('a backup beside a running server has everything, for its owner alone, and nothing is left beside it', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  await ann.profiles.setNickname({ nick_name: 'Ann' })
  const place = folder(t)
  const path = join(place, 'copy.db')

  const answer = await commandLine(t, node.config.data).json<{ path: string; bytes: number }>('backup', path)

  assert.deepEqual(answer, { path, bytes: statSync(path).size })
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(place), ['copy.db'])
  const restored = join(folder(t), 'data')
  await commandLine(t, restored).text('restore', path)
  await node.node.stop()
  assert.deepEqual(await rowsIn(restored), await rowsIn(node.config.data))
})

test('a backup never takes the place of a file', async t => {
  const { copy, shell } = await backedUp(t)
  const before = readFileSync(copy)

  const taken = await shell.refusal('backup', copy)
  const directory = await shell.refusal('backup', join(copy, '..'))

  assert.equal(taken.sentence, `${copy} exists: name another file`)
  assert.match(directory.sentence, /exists: name a file in it$/)
  assert.ok(before.equals(readFileSync(copy)))
})

test('a restored installation goes on with its sign-ins and tokens', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const path = join(folder(t), 'copy.db')
  await commandLine(t, node.config.data).text('backup', path)
  await node.stranger.accounts.register({ username: 'later', password: 'x' })
  await node.node.stop()

  await commandLine(t, node.config.data).text('restore', path, '--force')
  const again = await startNode(node.config)
  afterwards(t, () => again.stop())

  const client = createClient({ url: again.url, appId: node.appId })
  assert.equal((await client.as(ann.token).profiles.getProfile()).user_id, ann.id)
  assert.equal((await client.tokens.signInByName(ann)).user_id, ann.id)
  assert.equal(await codeOf(client.tokens.signInByName({ name: 'later', password: 'x' })), 402)
})

test('a restore asks for --force where there is a database, and keeps that one beside, whole', async t => {
  const { data, copy, shell } = await backedUp(t)
  const database = new DatabaseSync(join(data, 'stonechat.db'))
  database.exec("update users set nick_name = 'after the backup'")
  database.close()
  const before = await rowsIn(data)

  const refused = await shell.refusal('restore', copy)
  const { kept } = await shell.json<{ kept: string }>('restore', copy, '--force')

  assert.equal(
    refused.sentence,
    `there is a database in ${data}: say --force to put the backup in its place, and keep it beside`,
  )
  const other = folder(t)
  await commandLine(t, other).text('restore', kept)
  assert.deepEqual(await rowsIn(other), before)
  assert.ok(!(await rowsIn(data)).some(row => row.includes('after the backup')))
})

test('a restore is refused while a server runs, or another command has the database open', async t => {
  const node = await testNode(t)
  const { copy, data, shell } = await backedUp(t)
  const other = new DatabaseSync(join(data, 'stonechat.db'))
  other.exec('begin; select * from users')

  const serving = await commandLine(t, node.config.data).refusal('restore', copy, '--force')
  const open = await shell.refusal('restore', copy, '--force')
  other.close()

  assert.match(serving.sentence, /^another server serves the data folder/)
  assert.match(open.sentence, /is in use by another process: stop it, then restore$/)
  assert.deepEqual(
    readdirSync(data).filter(name => /part|before/.test(name)),
    [],
  )
})

test('what is damaged, cut off, foreign or of a newer version is refused before anything is touched', async t => {
  const { data, copy, shell } = await backedUp(t)
  const before = await rowsIn(data)
  const place = folder(t)
  const spoiled = (name: string, spoil: (path: string) => void) => {
    const path = join(place, name)
    writeFileSync(path, readFileSync(copy))
    spoil(path)
    return path
  }
  const change = (statement: string) => (path: string) => {
    const database = new DatabaseSync(path)
    database.exec(statement)
    database.close()
  }
  const wrong: [path: string, sentence: RegExp][] = [
    [spoiled('cut', path => truncateSync(path, 40_960)), /damaged|malformed/],
    [spoiled('text', path => writeFileSync(path, 'no database at all\n'.repeat(500))), /not a database/],
    [spoiled('other', path => rmSync(path)), /there is no file/],
    [spoiled('foreign', change('pragma foreign_keys = off; drop table migrations')), /is no database of Stonechat$/],
    [spoiled('newer', change("insert into migrations values ('9999_x.sql', 'c', 1)")), /has migration 9999_x.sql/],
    [spoiled('broken', change('pragma foreign_keys = off; update settings set user_id = 5')), /a row of settings/],
  ]

  for (const [path, expected] of wrong) {
    const { code, sentence } = await shell.refusal('restore', path, '--force')
    assert.match(sentence, expected)
    assert.equal(code, 1)
  }

  assert.deepEqual(await rowsIn(data), before)
  assert.deepEqual(
    readdirSync(data).filter(name => /part|before/.test(name)),
    [],
  )
})

test('a damaged database can be replaced, and is kept as it is', async t => {
  const { data, copy, shell } = await backedUp(t)
  const rows = await rowsIn(data)
  writeFileSync(join(data, 'stonechat.db'), 'nothing is left of it\n'.repeat(300))

  const { kept } = await shell.json<{ kept: string }>('restore', copy, '--force')

  assert.match(readFileSync(kept, 'utf8'), /^nothing is left of it/)
  assert.deepEqual(await rowsIn(data), rows)
})

test('a restore says when the master key is missing, or is another one', async t => {
  const { copy } = await backedUp(t)
  const [without, other] = [join(folder(t), 'data'), folder(t)]
  mkdirSync(other, { recursive: true })
  writeFileSync(join(other, 'master.key'), `${'0'.repeat(64)}\n`, { mode: 0o600 })

  assert.match(await commandLine(t, without).text('restore', copy), /^Put its master\.key into the folder/m)
  assert.match(await commandLine(t, other).text('restore', copy), /^The master key here does not open its secrets/m)
  assert.ok(existsSync(join(without, 'stonechat.db')))
})

test('progress is a line on a terminal that is taken away again, and nothing elsewhere', () => {
  let [now, screen] = [0, '']
  const write = (text: string) => {
    screen += text
  }
  const onTerminal = new Progress({ isTTY: true, write }, () => now)
  const elsewhere = new Progress({ write: () => assert.fail('nothing is written') }, () => now)

  for (const part of [0, 0.25, 0.26, 1]) {
    onTerminal.show(part, 'copying')
    elsewhere.show(part, 'copying')
    now += part === 0.25 ? 10 : 5000
  }
  onTerminal.clear()
  elsewhere.clear()

  const lines = screen.split('\r\u001b[K').slice(1)
  assert.deepEqual(lines, [
    `${'░'.repeat(24)}   0 %  copying`,
    `${'█'.repeat(6)}${'░'.repeat(18)}  25 %  copying  15 s left`,
    `${'█'.repeat(24)} 100 %  copying`,
    '',
  ])
})
