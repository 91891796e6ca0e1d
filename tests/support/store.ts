import { join } from 'node:path'
import { DatabaseSync, StatementSync } from 'node:sqlite'
import type { TestContext } from 'node:test'
import { openSqlite } from '../../server/storage/sqlite.ts'
import { folder } from '../harness.ts'
import { afterwards } from './afterwards.ts'

/** A store of its own with the tables of `schema`, and what its batches said of themselves. */
export function openStore(t: TestContext, schema: string) {
  const path = join(folder(t), 'test.db')
  const waves: { kind: 'read' | 'write'; size: number }[] = []
  const store = openSqlite(path, (kind, size) => waves.push({ kind, size }))
  afterwards(t, () => store.database.isOpen && store.close())
  store.database.exec(schema)
  return { ...store, path, sizes: (kind: 'read' | 'write') => waves.filter(w => w.kind === kind).map(w => w.size) }
}

/** Another process's view of the file: a second connection, closed after the test. */
export function otherConnection(t: TestContext, path: string): DatabaseSync {
  const other = new DatabaseSync(path)
  afterwards(t, () => other.close())
  return other
}

/** The statements that SQLite runs from now on, in their order. */
export function spyStatements(t: TestContext): string[] {
  const texts: string[] = []
  const { all } = StatementSync.prototype
  t.mock.method(StatementSync.prototype, 'all', function (this: StatementSync, ...values: never[]) {
    texts.push(this.sourceSQL.replace(/\s+/g, ' ').trim())
    return Reflect.apply(all, this, values)
  })
  return texts
}

/** What became of each call: its value, or its error. */
export async function settled<T>(calls: PromiseLike<T>[]): Promise<(T | Error)[]> {
  const results = await Promise.allSettled(calls)
  return results.map(result => (result.status === 'fulfilled' ? result.value : (result.reason as Error)))
}
