import { List, type SqlValue } from './sql.ts'
import { type Compiled, type Dialect, flatten, mustHaveKeys, type Plain, readsOnly } from './statement.ts'

/** There is one writer at a time, and a lock on a row has nothing to keep out. */
const rowLock = /\sfor no key update$/

const isNested = (value: SqlValue) => typeof value === 'object' && value !== null

/** `?` for each value, and for each key of a list. */
export class SqliteDialect implements Dialect {
  readonly #templates = new WeakMap<TemplateStringsArray, Pick<Compiled, 'text' | 'reads'>>()

  compile(strings: TemplateStringsArray, values: SqlValue[]): Compiled {
    if (values.some(isNested)) return assemble(strings, values)
    let template = this.#templates.get(strings)
    if (!template) {
      template = finished(strings.join('?'))
      this.#templates.set(strings, template)
    }
    return { text: template.text, values: values as Plain[], reads: template.reads }
  }
}

const finished = (text: string) => ({ text: text.replace(rowLock, ''), reads: readsOnly(text) })

function assemble(strings: TemplateStringsArray, given: SqlValue[]): Compiled {
  const { parts, values } = flatten(strings, given)
  const plain: Plain[] = []
  let text = parts[0] as string
  for (const [i, value] of values.entries()) text += place(value, plain) + parts[i + 1]
  return { ...finished(text), values: plain }
}

function place(value: Plain | List, values: Plain[]): string {
  if (value instanceof List) return placeList(value, values)
  values.push(value)
  return '?'
}

/** Filled up to a power of two by repeating the last key, so that few different texts are ever prepared. */
function placeList(list: List, values: Plain[]): string {
  mustHaveKeys(list)
  const { keys } = list
  const places = 2 ** Math.ceil(Math.log2(keys.length))
  values.push(...keys, ...Array<Plain>(places - keys.length).fill(keys.at(-1) as Plain))
  return `(${'?'.concat(',?'.repeat(places - 1))})`
}
