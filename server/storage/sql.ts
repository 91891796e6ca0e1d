/**
 * The database as the domains see it: a template tag, the part of postgres.js that they use.
 * A statement runs when it is awaited; inside another statement it is a fragment of it.
 */
export interface Sql {
  <Row extends object = Record<string, never>>(text: TemplateStringsArray, ...values: SqlValue[]): PromiseLike<Row[]>
  /** A list for `in ${sql(keys)}`. Must not be empty. */
  (keys: readonly Key[]): List
  /** Runs `work` in one transaction and rolls back when it throws. It may await statements of its own `sql` and nothing else. */
  begin<T>(work: (sql: Sql) => Promise<T>): Promise<T>
  /** One row by its key; all point reads of a tick share one statement. See `pointRead`. */
  load<K extends Key, Row extends object>(read: PointRead<K, Row>, app: string, key: K): Promise<Row | undefined>
}

export type Key = string | number
export type SqlValue = Key | null | List | PromiseLike<unknown>

export class List {
  readonly keys: readonly Key[]
  constructor(keys: readonly Key[]) {
    this.keys = keys
  }
}

/** A read by key: `find` selects the rows of many keys of one app, `keyOf` says which key a row answers. */
export interface PointRead<K extends Key, Row extends object> {
  find(sql: Sql, app: string, keys: readonly K[]): PromiseLike<Row[]>
  keyOf(row: Row): K
}

/** Declares a point read and makes it a function of `(sql, app, key)`. */
export function pointRead<K extends Key, Row extends object>(find: PointRead<K, Row>['find'], keyOf: (row: Row) => K) {
  const read = { find, keyOf }
  return (sql: Sql, app: string, key: K) => sql.load(read, app, key)
}

/** A statement broke a constraint: `unique` where a value is taken, `foreign` where what it names is not there. */
export class ConstraintError extends Error {
  readonly kind: 'unique' | 'foreign' | 'other'
  constructor(kind: ConstraintError['kind'], cause: Error) {
    super(cause.message, { cause })
    this.name = 'ConstraintError'
    this.kind = kind
  }
}

/** The database cannot take the work now; nothing was changed. */
export class BusyError extends Error {
  constructor(cause: Error) {
    super('the database is busy', { cause })
    this.name = 'BusyError'
  }
}

/** The disk failed. What a failed write or sync left on it nobody knows: the process ends, and the next one reads what is there. */
export class DiskError extends Error {
  constructor(cause: Error) {
    super(`the disk failed (${cause.message})`, { cause })
    this.name = 'DiskError'
  }
}
