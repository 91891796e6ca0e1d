/** A process of its own that migrates: `path folder` for one file and its scripts, `installation folder` for a whole data folder. It begins when its input ends. */
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { openInstallation } from '../../server/installation.ts'
import { readMigrations } from '../../server/storage/migrate.ts'
import { openSqlite } from '../../server/storage/sqlite.ts'
import { migrate } from '../../server/storage/sqlite-migrate.ts'

const [path, folder] = process.argv.slice(2) as [string, string]

console.log('waiting')
await text(process.stdin)
console.log('begun')
if (path === 'installation') {
  const { store, seals } = await openInstallation({ data: folder, masterKey: '' })
  console.log(seals.seal('a record', 'a secret'))
  await store.close()
} else {
  const { database } = openSqlite(path)
  migrate(database, readMigrations(pathToFileURL(`${folder}/`)), Date.now)
}
console.log('done')
