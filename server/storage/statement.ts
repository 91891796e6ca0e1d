import { List, type SqlValue } from './sql.ts'

type Plain = string | number | null

export interface Compiled {
  text: string
  values: Plain[]
  /** Whether it only reads. */
  reads: boolean
}

interface Template {
  text: string
  reads: boolean
}

const templates = new WeakMap<TemplateStringsArray, Template>()
/** Whatever may write goes with the writes, where a read does no harm. */
const readsOnly = (text: string) =>
  /^\s*(select|with)\b/i.test(text) && !/\b(insert|update|delete|replace)\b/i.test(text)

/** Lazy, like a postgres.js query: awaiting it runs it, nesting it makes it a fragment. */
export class Statement<Row extends object> implements PromiseLike<Row[]> {
  readonly #strings: TemplateStringsArray
  readonly #values: SqlValue[]
  readonly #run: (statement: Compiled) => Promise<object[]>

  constructor(strings: TemplateStringsArray, values: SqlValue[], run: (statement: Compiled) => Promise<object[]>) {
    this.#strings = strings
    this.#values = values
    this.#run = run
  }

  /** Most statements are plain, and their text is the same object at every call: it is put together once. */
  compile(): Compiled {
    if (this.#values.some(isNested)) return this.#assemble()
    let template = templates.get(this.#strings)
    if (!template) {
      const text = this.#strings.join('?')
      template = { text, reads: readsOnly(text) }
      templates.set(this.#strings, template)
    }
    return { text: template.text, values: this.#values as Plain[], reads: template.reads }
  }

  #assemble(): Compiled {
    const values: Plain[] = []
    let text = this.#strings[0] as string
    this.#values.forEach((value, i) => {
      text += place(value, values) + this.#strings[i + 1]
    })
    return { text, values, reads: readsOnly(text) }
  }

  // biome-ignore lint/suspicious/noThenProperty: a statement is a thenable on purpose, as in postgres.js
  then<A = Row[], B = never>(
    resolve?: ((rows: Row[]) => A | PromiseLike<A>) | null,
    reject?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ) {
    return (this.#run(this.compile()) as Promise<Row[]>).then(resolve, reject)
  }
}

const isNested = (value: SqlValue) => typeof value === 'object' && value !== null

function place(value: SqlValue, values: Plain[]): string {
  if (value instanceof Statement) {
    const nested = value.compile()
    values.push(...nested.values)
    return nested.text
  }
  if (value instanceof List) return placeList(value.keys, values)
  values.push(value as Plain)
  return '?'
}

/** Filled up to a power of two by repeating the last key, so that few different texts are ever prepared. */
function placeList(keys: readonly Plain[], values: Plain[]): string {
  if (keys.length === 0) throw new Error('a list in a statement must not be empty')
  const places = 2 ** Math.ceil(Math.log2(keys.length))
  values.push(...keys, ...Array<Plain>(places - keys.length).fill(keys.at(-1) as Plain))
  return `(${'?'.concat(',?'.repeat(places - 1))})`
}
