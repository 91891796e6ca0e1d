// Runs once: it is about the file that SQLite keeps.
/** Makes the store of every earlier version, full of rows, and opens it with this one. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { openEmbedded } from '../../server/installation.ts'
import { readMigrations } from '../../server/storage/migrate.ts'
import { migrate } from '../../server/storage/sqlite-migrate.ts'
import { folder, testNode } from '../harness.ts'

const migrations = readMigrations(new URL('../../server/migrations/', import.meta.url))

test('the store of every earlier version is brought up to date with every row in it', async t => {
  const full = await fullStore(t)
  let compared = 0

  for (let known = 1; known < migrations.length; known++) {
    const data = join(folder(t), 'data')
    const before = earlierStore(data, known, full)
    const { store, migrated } = await openEmbedded({ data, masterKey: '' })
    const integrity = store.database.prepare('pragma integrity_check').get()
    const broken = store.database.prepare('pragma foreign_key_check').all()
    await store.close()

    assert.equal(migrated.length, migrations.length - known)
    assert.deepEqual([{ ...integrity }, broken], [{ integrity_check: 'ok' }, []])
    const after = new DatabaseSync(join(data, 'stonechat.db'))
    for (const [table, { columns, rows }] of before) {
      assert.deepEqual(rowsOf(after, table, columns), rows, `${table} from version ${known}`)
      compared += rows.length
    }
    after.close()
  }

  t.diagnostic(`${migrations.length - 1} earlier versions: ${compared} rows, all equal afterwards`)
})

/** A store of this version in which people have done a bit of everything. */
async function fullStore(t: TestContext): Promise<string> {
  const node = await testNode(t)
  for (const name of ['ann', 'ben', 'cid']) {
    const person = await node.signUp(name, 'x', 'phone')
    await person.profiles.setProfile({ nick_name: name, description: 'a\n"b"', public_info: '{"a":1}' })
    await person.push.setAlias({ alias: `alias of ${name}` })
    await person.push.addTags({ tags: ['one', 'two'] })
    await person.settings.setQuietHours({ no_push_start_hour: 22, no_push_end_hour: 7 })
    await person.devices.bindDeviceToken({
      device_sn: person.device,
      device_token: `vendor ${name}`,
      notifier_name: 'capture',
    })
  }
  const [, ben, cid] = (await node.admin.accounts.listUsers()).data.map(({ user_id }) => user_id) as number[]
  await node.admin.accounts.disable({ list: [ben as number] })
  await node.admin.actingFor(cid as number).accounts.deleteUser()
  await node.node.stop()
  return join(node.config.data, 'stonechat.db')
}

type Tables = Map<string, { columns: string[]; rows: object[] }>

/** A store of the first `known` migrations, with as much of a full one as it has tables and columns for. */
function earlierStore(data: string, known: number, full: string): Tables {
  mkdirSync(data, { mode: 0o700 })
  const database = new DatabaseSync(join(data, 'stonechat.db'))
  migrate(database, migrations.slice(0, known), Date.now)
  database.prepare('attach ? as whole').run(full)
  database.exec('pragma foreign_keys = off')
  const tables: Tables = new Map()
  for (const table of namesIn(database, 'main')) {
    if (table === 'migrations') continue
    const later = columnsOf(database, 'whole', table)
    const columns = columnsOf(database, 'main', table).filter(column => later.includes(column))
    if (columns.length > 0)
      database.exec(`insert into main.${table} (${columns}) select ${columns} from whole.${table}`)
    tables.set(table, { columns, rows: rowsOf(database, `main.${table}`, columns) })
  }
  database.close()
  return tables
}

const namesIn = (database: DatabaseSync, schema: string) =>
  database
    .prepare(`select name from ${schema}.sqlite_master where type = 'table' and name not like 'sqlite%'`)
    .all()
    .map(({ name }) => String(name))

const columnsOf = (database: DatabaseSync, schema: string, table: string) =>
  database
    .prepare('select name from pragma_table_info(?, ?)')
    .all(table, schema)
    .map(({ name }) => String(name))

const rowsOf = (database: DatabaseSync, table: string, columns: string[]): object[] =>
  columns.length === 0 ? [] : database.prepare(`select ${columns} from ${table} order by ${columns}`).all()
