// Runs once: it is about the file that SQLite keeps.
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { masterKey, Seals } from '../server/apps/seals.ts'
import { openInstallation } from '../server/installation.ts'
import { readMigrations } from '../server/storage/migrate.ts'
import { openSqlite } from '../server/storage/sqlite.ts'
import { migrate } from '../server/storage/sqlite-migrate.ts'
import { folder } from './harness.ts'
import { Process } from './support/process.ts'
import { otherConnection } from './support/store.ts'

const once = fileURLToPath(new URL('support/migrate-once.ts', import.meta.url))
const stones = {
  '0001_stones.sql': 'create table stones (name text);',
  '0002_agate.sql': `insert into stones values ('agate');`,
}

/** A database and a folder of migrations. */
function site(t: TestContext, scripts: Record<string, string>) {
  const data = folder(t)
  const path = join(data, 'test.db')
  const scriptsFolder = join(data, 'migrations')
  mkdirSync(scriptsFolder)
  const write = (more: Record<string, string>) => {
    for (const [name, script] of Object.entries(more)) writeFileSync(join(scriptsFolder, name), script)
  }
  write(scripts)
  return {
    path,
    scriptsFolder,
    write,
    remove: (name: string) => rmSync(join(scriptsFolder, name)),
    migrate() {
      const { database } = openSqlite(path)
      try {
        return migrate(database, readMigrations(pathToFileURL(`${scriptsFolder}/`)), () => 1234)
      } finally {
        database.close()
      }
    },
    rows: (query: string) => {
      const database = new DatabaseSync(path)
      try {
        return database
          .prepare(query)
          .all()
          .map(row => ({ ...row }))
      } finally {
        database.close()
      }
    },
  }
}

test('each migration is applied once, in the order of the names, and is on record with its checksum', t => {
  const { migrate, rows, write } = site(t, stones)

  const first = migrate()
  const second = migrate()
  write({ '0003_basalt.sql': `insert into stones values ('basalt');`, 'notes.txt': 'not a migration' })
  const third = migrate()

  assert.deepEqual([first, second, third], [['0001_stones.sql', '0002_agate.sql'], [], ['0003_basalt.sql']])
  assert.deepEqual(rows('select name from stones'), [{ name: 'agate' }, { name: 'basalt' }])
  const record = rows('select name, length(checksum) as checksum, applied_at from migrations')
  assert.deepEqual(record[1], { name: '0002_agate.sql', checksum: 64, applied_at: 1234 })
  assert.equal(record.length, 3)
})

test('a migration that was changed after it had been applied stops the start', t => {
  const { migrate, rows, write } = site(t, stones)
  migrate()

  write({
    '0002_agate.sql': `insert into stones values ('amber');`,
    '0003_more.sql': `insert into stones values ('x');`,
  })

  assert.throws(migrate, {
    message: 'migration 0002_agate.sql was changed after it had been applied: restore the file that was applied',
  })
  assert.deepEqual(rows('select name from stones'), [{ name: 'agate' }])
})

test('a database of a newer version is refused with what to do, and is left as it was', t => {
  const { migrate, rows, write, remove } = site(t, { ...stones, '0009_future.sql': 'create table future (name text);' })
  migrate()

  remove('0009_future.sql')
  write({ '0003_fork.sql': 'create table fork (name text);' })

  assert.throws(migrate, {
    message: 'the database has migration 0009_future.sql, which this version does not know: run the newer version',
  })
  assert.deepEqual(rows(`select name from sqlite_master where name = 'fork'`), [])
})

test('a migration that fails leaves nothing of itself, and those before it stay', t => {
  const { migrate, rows, write } = site(t, {
    ...stones,
    '0003_broken.sql': `insert into stones values ('half'); insert into nowhere values (1);`,
  })

  assert.throws(migrate, /no such table: nowhere/)
  const after = rows('select name from stones')
  write({ '0003_broken.sql': `insert into stones values ('whole');` })
  const mended = migrate()

  assert.deepEqual(after, [{ name: 'agate' }])
  assert.deepEqual(mended, ['0003_broken.sql'])
})

test('a store that is up to date opens while another process holds the lock', async t => {
  const data = folder(t)
  const made = await openInstallation({ data, masterKey: '' })
  await made.store.close()
  const other = otherConnection(t, join(data, 'stonechat.db'))
  other.exec('begin immediate')

  const { store, migrated } = await openInstallation({ data, masterKey: '' })
  const [row] = await store.sql<{ n: number }>`select count(*) as n from migrations`
  await store.close()

  assert.deepEqual(migrated, [])
  assert.ok(row && row.n > 0)
})

test('processes that open the same empty folder at once all succeed, each migration once and with one key', async t => {
  for (let round = 0; round < 3; round++) {
    const data = join(folder(t), 'data')
    const processes = [1, 2, 3].map(() => new Process(t, process.execPath, [once, 'installation', data]))
    await Promise.all(processes.map(each => each.says(/waiting/)))

    for (const { child } of processes) child.stdin?.end()
    const ends = await Promise.all(processes.map(each => each.ended))

    assert.deepEqual(ends, Array(3).fill({ code: 0, signal: null }), processes.map(({ errors }) => errors).join())
    const record = new DatabaseSync(join(data, 'stonechat.db'))
      .prepare('select name from migrations order by name')
      .all()
    assert.deepEqual(
      record.map(row => row.name),
      readMigrations(new URL('../server/migrations/', import.meta.url)).map(({ name }) => name),
    )
    const seals = new Seals(masterKey('', data))
    for (const { output } of processes)
      assert.equal(seals.open('a record', output.match(/^v1\..*$/m)?.[0] ?? ''), 'a secret')
    assert.deepEqual(
      readdirSync(data).filter(name => name.startsWith('master.key')),
      ['master.key'],
    )
  }
})

test('a process killed at any moment of a migration leaves a database that migrates cleanly afterwards', async t => {
  const rowsEach = 20_000
  const heavy = Object.fromEntries(
    Array.from({ length: 6 }, (_, i) => [
      `000${i}_heavy.sql`,
      `create table heavy_${i} (n integer primary key, name text);
       with recursive many (n) as (select 1 union all select n + 1 from many where n < ${rowsEach})
       insert into heavy_${i} select n, 'stone ' || n from many;
       create index heavy_${i}_by_name on heavy_${i} (name);`,
    ]),
  )
  const whole = await killedAfter(t, site(t, heavy), Number.POSITIVE_INFINITY)

  const interrupted: number[] = []
  for (let round = 0; round < 6; round++) {
    const place = site(t, heavy)
    await killedAfter(t, place, (Math.random() + round) * (whole / 6))

    const later = place.migrate()

    interrupted.push(later.length)
    assert.deepEqual(place.rows('pragma integrity_check'), [{ integrity_check: 'ok' }])
    assert.equal(place.rows('select distinct name from migrations').length, 6)
    for (let i = 0; i < 6; i++) assert.deepEqual(place.rows(`select count(*) as n from heavy_${i}`), [{ n: rowsEach }])
  }
  t.diagnostic(`killed after ${whole.toFixed(0)} ms at the most; migrations left to do: ${interrupted.join(', ')}`)
})

/** Lets a process migrate and kills it so many ms after it has begun; returns how long it ran. */
async function killedAfter(t: TestContext, { path, scriptsFolder }: ReturnType<typeof site>, ms: number) {
  const migrating = new Process(t, process.execPath, [once, path, scriptsFolder])
  migrating.child.stdin?.end()
  await migrating.says(/begun/)
  const start = performance.now()
  if (Number.isFinite(ms)) await wait(ms).then(() => migrating.child.kill('SIGKILL'))
  await migrating.ended
  return performance.now() - start
}
