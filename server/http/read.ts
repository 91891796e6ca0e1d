import type { TObject, TSchema } from '@sinclair/typebox'
import { complaints } from '../../contract/complaints.ts'
import { ApiError } from '../../contract/errors.ts'
import type { Operation } from '../../contract/operation.ts'
import { isObject, type Read, readerOf, refuse } from './values.ts'

type Values = Record<string, unknown>

/** Reads the parameters of one call; throws `invalid_parameter`, or `bad_request` for a query that cannot be decoded. */
export type ReadInput = (url: string, body: unknown) => Values

interface Field {
  name: string
  spellings: string[]
  first: 'query' | 'body'
  required: boolean
  read: Read
}

/**
 * Makes the reader of an operation's parameters. One that the text puts in the query is looked for there first and
 * then in the body, and the reverse; given in both places, it must be the same.
 */
export function inputReader({ query, body, text }: Operation): ReadInput {
  if (text) return textReader(text)
  const fields = [...fieldsOf(query, 'query'), ...fieldsOf(body, 'body')]
  if (fields.length === 0) return () => ({})
  return (url, sent) => {
    const members = sent ?? {}
    if (!isObject(members)) return refuse(complaints.object('body'))
    const places = { query: parseQuery(url), body: members }
    const input: Values = {}
    for (const field of fields) {
      const value = readField(field, places)
      if (value !== undefined) input[field.name] = value
    }
    return input
  }
}

function fieldsOf(schema: TObject | undefined, first: 'query' | 'body'): Field[] {
  if (!schema) return []
  const required = new Set(schema.required)
  return Object.entries(schema.properties).map(([name, property]) => ({
    name,
    spellings: [name, ...('alias' in property ? [property.alias as string] : [])],
    first,
    required: required.has(name),
    read: readerOf(property),
  }))
}

function readField({ name, spellings, first, required, read }: Field, places: { query: Values; body: Values }) {
  const second = first === 'query' ? 'body' : 'query'
  const found = [places[first], places[second]].flatMap(place =>
    spellings.filter(spelling => Object.hasOwn(place, spelling)).map(spelling => place[spelling]),
  )
  const [value, ...others] = found.map(each => read(each, name))
  if (others.some(other => JSON.stringify(other) !== JSON.stringify(value))) refuse(complaints.contradicts(name))
  if (value === undefined && required) refuse(complaints.required(name))
  return value
}

/** The unnamed body: its text, or the value of the one JSON string literal that it is. */
function textReader(schema: TSchema): ReadInput {
  const read = readerOf(schema)
  return (_, sent) => ({ text: read(literal((sent as string | undefined) ?? ''), 'body') })
}

function literal(text: string): string {
  if (!/^\s*".*"\s*$/s.test(text)) return text
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? value : text
  } catch {
    // Not JSON after all: then it is the text itself.
    return text
  }
}

/** A parameter that is given more than once is a list, which no parameter in a query is. */
export function parseQuery(url: string): Values {
  const start = url.indexOf('?')
  const query: Values = Object.create(null)
  if (start < 0 || start === url.length - 1) return query
  for (const pair of url.slice(start + 1).split('&')) {
    if (pair === '') continue
    const [name, value] = split(pair)
    query[name] = Object.hasOwn(query, name) ? [query[name], value].flat() : value
  }
  return query
}

function split(pair: string): [string, string] {
  const at = pair.indexOf('=')
  return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))]
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '))
  } catch (error) {
    if (error instanceof URIError)
      throw new ApiError('bad_request', {
        en: 'the query is not percent-encoded UTF-8',
        zh: '查询串不是百分号编码的 UTF-8',
      })
    throw error
  }
}
