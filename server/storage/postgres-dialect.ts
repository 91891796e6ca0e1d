import { List, type SqlValue } from './sql.ts'
import { type Compiled, type Dialect, flatten, mustHaveKeys, type Plain, readsOnly, Statement } from './statement.ts'

type Template = Pick<Compiled, 'text' | 'reads'>

/**
 * `$1`, `$2` … for the values, and one for a whole list: `in ${sql(keys)}` becomes `= any($1::bigint[])`, so that a
 * statement has one text however many keys it asks for.
 */
export class PostgresDialect implements Dialect {
  /** By template, and by what its lists hold. */
  readonly #templates = new WeakMap<TemplateStringsArray, Map<string, Template>>()

  compile(strings: TemplateStringsArray, given: SqlValue[]): Compiled {
    if (given.some(value => value instanceof Statement)) {
      const { parts, values } = flatten(strings, given)
      return { ...assemble(parts, values), values: values.map(plain) }
    }
    const values = given as (Plain | List)[]
    const kinds = values.map(kindOf).join('')
    let templates = this.#templates.get(strings)
    if (!templates) {
      templates = new Map()
      this.#templates.set(strings, templates)
    }
    let template = templates.get(kinds)
    if (!template) {
      template = assemble(strings, values)
      templates.set(kinds, template)
    }
    return { text: template.text, reads: template.reads, values: values.map(plain) }
  }
}

const kindOf = (value: Plain | List) => (value instanceof List ? typeOf(value)[0] : '-')
const typeOf = ({ keys }: List) => (typeof keys[0] === 'number' ? 'bigint' : 'text')
const plain = (value: Plain | List): Plain => (value instanceof List ? literal(value) : value)

function assemble(parts: readonly string[], values: (Plain | List)[]): Template {
  let text = parts[0] as string
  for (const [i, value] of values.entries()) {
    text = value instanceof List ? withList(text, `$${i + 1}::${typeOf(value)}[]`) : `${text}$${i + 1}`
    text += parts[i + 1]
  }
  return { text, reads: readsOnly(text) }
}

function withList(before: string, list: string): string {
  const found = /\b(not\s+)?in\s*$/i.exec(before)
  if (!found) throw new Error('a list in a statement must follow in or not in')
  return `${before.slice(0, found.index)}${found[1] ? '<> all' : '= any'}(${list})`
}

/** An array as PostgreSQL reads it. */
function literal(list: List): string {
  mustHaveKeys(list)
  const items = list.keys.map(key => (typeof key === 'number' ? key : `"${key.replace(/["\\]/g, '\\$&')}"`))
  return `{${items.join(',')}}`
}
