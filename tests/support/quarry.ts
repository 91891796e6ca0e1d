import type { TestContext } from 'node:test'
import { openStore, otherConnection } from './store.ts'

const schema = `
  create table owners (owner integer primary key, name text not null unique, stones integer not null default 0);
  create table stones (stone integer primary key, owner integer not null references owners (owner));
  create table promises (owner integer references owners (owner) deferrable initially deferred);
  insert into owners (owner, name) values (1, 'ann'), (2, 'bob')`

/** A store of owners, ann and bob, and their stones, with constraints of every kind. */
export function quarry(t: TestContext) {
  const store = openStore(t, schema)
  const other = otherConnection(t, store.path)
  return {
    ...store,
    other,
    addOwner: (name: string) => store.sql`insert into owners (name) values (${name})`,
    /** As another process sees it: what is committed. */
    names: () =>
      other
        .prepare('select name from owners order by name')
        .all()
        .map(row => row.name),
  }
}
