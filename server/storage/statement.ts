import type { List, SqlValue } from './sql.ts'

export type Plain = string | number | null

export interface Compiled {
  text: string
  values: Plain[]
  /** Whether it only reads. */
  reads: boolean
}

/** How an engine writes a statement; most are the same template at every call, and are put together once. */
export interface Dialect {
  compile(strings: TemplateStringsArray, values: SqlValue[]): Compiled
}

/** Whatever may write or lock goes with the writes, where a read does no harm. */
export const readsOnly = (text: string) =>
  /^\s*(select|with)\b/i.test(text) && !/\b(insert|update|delete|replace)\b/i.test(text)

/** Lazy, like a postgres.js query: awaiting it runs it, nesting it makes it a fragment. */
export class Statement<Row extends object> implements PromiseLike<Row[]> {
  readonly #strings: TemplateStringsArray
  readonly #values: SqlValue[]
  readonly #dialect: Dialect
  readonly #run: (statement: Compiled) => Promise<object[]>

  constructor(
    strings: TemplateStringsArray,
    values: SqlValue[],
    dialect: Dialect,
    run: (statement: Compiled) => Promise<object[]>,
  ) {
    this.#strings = strings
    this.#values = values
    this.#dialect = dialect
    this.#run = run
  }

  compile(): Compiled {
    return this.#dialect.compile(this.#strings, this.#values)
  }

  /** The text around its values, and the values, with the fragments in their places. */
  flatten(): { parts: string[]; values: (Plain | List)[] } {
    return flatten(this.#strings, this.#values)
  }

  // biome-ignore lint/suspicious/noThenProperty: a statement is a thenable on purpose, as in postgres.js
  then<A = Row[], B = never>(
    resolve?: ((rows: Row[]) => A | PromiseLike<A>) | null,
    reject?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ) {
    return (this.#run(this.compile()) as Promise<Row[]>).then(resolve, reject)
  }
}

export function flatten(strings: readonly string[], given: SqlValue[]) {
  const parts = [strings[0] as string]
  const values: (Plain | List)[] = []
  for (const [i, value] of given.entries()) {
    const after = strings[i + 1] as string
    if (value instanceof Statement) {
      const nested = value.flatten()
      parts[parts.length - 1] += nested.parts[0] as string
      parts.push(...nested.parts.slice(1))
      values.push(...nested.values)
      parts[parts.length - 1] += after
    } else {
      values.push(value as Plain | List)
      parts.push(after)
    }
  }
  return { parts, values }
}

/** A list that says nothing would make a statement that no engine reads. */
export function mustHaveKeys({ keys }: List) {
  if (keys.length === 0) throw new Error('a list in a statement must not be empty')
}
