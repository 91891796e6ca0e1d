import { type Key, List, type PointRead, type Sql, type SqlValue } from './sql.ts'
import { type Compiled, type Dialect, Statement } from './statement.ts'

/** How an engine does what the tag is asked for. */
export interface Ways {
  run(statement: Compiled): Promise<object[]>
  begin: Sql['begin']
  load<K extends Key, Row extends object>(read: PointRead<K, Row>, app: string, key: K): Promise<Row | undefined>
}

/** The tag that domains see, made of what an engine can do. */
export function tag(dialect: Dialect, { run, begin, load }: Ways): Sql {
  const make = (strings: TemplateStringsArray | readonly Key[], ...values: SqlValue[]) =>
    'raw' in strings ? new Statement(strings, values, dialect, run) : new List(strings)
  return Object.assign(make as unknown as Sql, { begin, load })
}

export const first = async <Row>(rows: PromiseLike<Row[]>) => (await rows)[0]
