import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createApp, defaultPolicy } from '../server/apps/apps.ts'
import { masterKey, Seals } from '../server/apps/seals.ts'
import { readConfig } from '../server/config.ts'
import { openInstallation } from '../server/installation.ts'
import { startNode } from '../server/node.ts'
import { folder, testNode } from './harness.ts'
import { afterwards } from './support/afterwards.ts'

const record = 'apps/agate/secret'

test('what was sealed opens with the same key and for the same record', () => {
  const key = randomBytes(32)

  const sealed = new Seals(key).seal(record, 'a secret, 秘密')

  assert.equal(new Seals(key).open(record, sealed), 'a secret, 秘密')
})

test('the same secret never looks the same when it is sealed', () => {
  const seals = new Seals(randomBytes(32))

  const sealed = Array.from({ length: 50 }, () => seals.seal(record, 'a secret'))

  assert.equal(new Set(sealed).size, 50)
  assert.ok(sealed.every(each => !each.includes('a secret') && !each.includes(btoa('a secret'))))
})

test('another key does not open it, and the error says which key to put back', () => {
  const sealed = new Seals(randomBytes(32)).seal(record, 'a secret')

  assert.throws(() => new Seals(randomBytes(32)).open(record, sealed), {
    message: `${record} was sealed under another master key: put back master.key or STONECHAT_MASTER_KEY`,
  })
})

test('a seal moved to another record does not open, and the error names the record', () => {
  const seals = new Seals(randomBytes(32))
  const sealed = seals.seal(record, 'a secret')

  assert.throws(() => seals.open('apps/basalt/secret', sealed), /apps\/basalt\/secret .*moved or damaged/)
})

test('a seal with any byte changed, or cut short, does not open', () => {
  const seals = new Seals(randomBytes(32))
  const [version, keyId, body = ''] = seals.seal(record, 'a secret').split('.')
  const bytes = Buffer.from(body, 'base64url')
  const sealOf = (changed: Buffer) => [version, keyId, changed.toString('base64url')].join('.')

  for (let i = 0; i < bytes.length; i++) {
    const changed = Buffer.from(bytes)
    changed[i] = (changed[i] as number) ^ 1
    assert.throws(() => seals.open(record, sealOf(changed)), /moved or damaged/, `byte ${i}`)
    assert.throws(() => seals.open(record, sealOf(bytes.subarray(0, i))), `cut after ${i} bytes`)
  }
})

test('the master key is made once, 0600, and read again', t => {
  const data = folder(t)

  const made = masterKey('', data)
  const again = masterKey('', data)

  assert.deepEqual(again, made)
  assert.equal(statSync(join(data, 'master.key')).mode & 0o777, 0o600)
  assert.equal(readFileSync(join(data, 'master.key'), 'utf8').trim(), made.toString('hex'))
})

test('a master key from the settings is used instead of the file, and a broken one is refused by its name', t => {
  const data = folder(t)
  const hex = 'ab'.repeat(32)
  writeFileSync(join(data, 'master.key'), 'cut short')

  assert.deepEqual(masterKey(hex, data), Buffer.from(hex, 'hex'))
  assert.throws(() => masterKey('abc', data), { message: 'STONECHAT_MASTER_KEY must hold 64 hex digits' })
  assert.throws(() => masterKey('', data), /master\.key must hold 64 hex digits/)
})

test('a node does not start with a master key that is not the one of its apps', async t => {
  const data = folder(t)
  const { store, seals } = await openInstallation({ data, masterKey: '' })
  await createApp(store.sql, seals, defaultPolicy, Date.now())
  await store.close()

  const start = startNode({ ...readConfig({}), log: 'silent', port: 0, data, masterKey: 'ab'.repeat(32) })
  afterwards(t, () =>
    start.then(
      unwanted => unwanted.stop(),
      () => {},
    ),
  )

  await assert.rejects(start, /was sealed under another master key: put back master\.key or STONECHAT_MASTER_KEY/)
})

test('a lost master key is asked for, and not replaced by one that opens nothing', async t => {
  const data = folder(t)
  const { store, seals } = await openInstallation({ data, masterKey: '' })
  await createApp(store.sql, seals, defaultPolicy, Date.now())
  await store.close()
  rmSync(join(data, 'master.key'))

  const start = startNode({ ...readConfig({}), log: 'silent', port: 0, data })

  await assert.rejects(start, /master\.key is missing, and the apps were sealed under it: put it back/)
  assert.ok(!existsSync(join(data, 'master.key')))
})

test('the app secret is nowhere in the database in the clear', async t => {
  const { config, appSecret } = await testNode(t)

  const { store } = await openInstallation(config)
  await store.close()

  const files = ['stonechat.db', 'stonechat.db-wal'].map(name => readFileSync(join(config.data, name)))
  assert.ok(files.every(file => !file.includes(appSecret) && !file.includes(Buffer.from(appSecret, 'hex'))))
})
