import { type TArray, type TInteger, type TObject, type TSchema, type TString, Type } from '@sinclair/typebox'
import { complaints, type Sentence } from '../../contract/complaints.ts'
import { ApiError } from '../../contract/errors.ts'
import type { Tried } from '../../contract/operation.ts'

/** Reads one value by its schema, or throws `invalid_parameter` with a sentence that names the parameter and the rule. */
export type Read = (value: unknown, name: string) => unknown

/** A JSON number that was not written as an integer (`1e3`, `5.0`); see body.ts. */
export class Inexact {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** The strict reader of a field: what clients in the field send is taken, nothing is rounded, cut or guessed. */
export function readerOf(schema: TSchema): Read {
  const type: unknown = schema.type
  if (type === 'integer') return integer(schema as TInteger)
  if (type === 'boolean') return boolean
  if (type === 'string') return string(schema as TString)
  if (type === 'array') return array(schema as TArray)
  if (type === 'object')
    return schema.free ? freeObject(schema as TObject & { maxBytes?: number }) : object(schema as TObject)
  throw new Error(`no reader for a schema of type ${type}`)
}

export const refuse = (why: Sentence): never => {
  throw new ApiError('invalid_parameter', why)
}

function integer({ minimum = -Infinity, maximum = Infinity }: { minimum?: number; maximum?: number }): Read {
  return (value, name) => {
    const number = typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? Number(value) : value
    if (typeof number !== 'number' || !Number.isInteger(number)) return refuse(complaints.integer(name))
    if (number < minimum || number > maximum) refuse(complaints.range(name, minimum, maximum))
    return number + 0
  }
}

const boolean: Read = (value, name) => {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  return refuse(complaints.boolean(name))
}

interface TextRules {
  minLength?: number
  maxLength?: number
  maxBytes?: number
  pattern?: string
  must?: Sentence
}

/** Characters are code points; C0 controls other than tab and newline are refused everywhere. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\0-\x08\x0b-\x1f]/

function string({ minLength = 0, maxLength = Infinity, maxBytes = Infinity, pattern, must }: TextRules): Read {
  const rule = pattern === undefined ? undefined : new RegExp(pattern, 'u')
  return (value, name) => {
    if (typeof value !== 'string') return refuse(complaints.text(name))
    if (!value.isWellFormed() || controls.test(value)) refuse(complaints.malformed(name))
    if (value.length < minLength) refuse(complaints.empty(name))
    if (value.length > maxLength && [...value].length > maxLength) refuse(complaints.tooLong(name, maxLength))
    if (value.length * 3 > maxBytes && Buffer.byteLength(value) > maxBytes)
      refuse(complaints.tooManyBytes(name, maxBytes))
    if (rule && !rule.test(value)) refuse({ en: `${name} ${must?.en}`, zh: `${name} ${must?.zh}` })
    return value
  }
}

function array({ items, minItems = 0, maxItems = Infinity, each }: TArray & { each?: boolean }): Read {
  const readItem = each ? tried(items as TObject) : readerOf(items)
  return (value, name) => {
    if (!Array.isArray(value)) return refuse(complaints.list(name))
    if (value.length < minItems || value.length > maxItems) refuse(complaints.items(name, minItems, maxItems))
    return value.map((item, i) => readItem(item, `${name}[${i}]`))
  }
}

function object(schema: TObject): Read {
  const fields = Object.entries(schema.properties).map(([name, field]) => ({ name, read: readerOf(field) }))
  const required = new Set(schema.required)
  return (value, name) => {
    if (value !== undefined && value === schema.orText) return value
    if (!isObject(value)) return refuse(complaints.object(name))
    const result: Record<string, unknown> = {}
    for (const field of fields) {
      const found = Object.hasOwn(value, field.name) ? value[field.name] : undefined
      if (found !== undefined) result[field.name] = field.read(found, `${name}.${field.name}`)
      else if (required.has(field.name)) refuse(complaints.required(`${name}.${field.name}`))
    }
    return result
  }
}

/** Members of any kind, as long as all of their text is well-formed: what is read here goes on to others as JSON. */
function freeObject({ maxBytes = Infinity }: { maxBytes?: number }): Read {
  return (value, name) => {
    if (!isObject(value)) return refuse(complaints.object(name))
    const json = JSON.stringify(value, (_, each: unknown) => (each instanceof Inexact ? each.value : each))
    // Lone surrogates and control characters are escapes here, whether they stand in names or in values.
    if (/(^|[^\\])(\\\\)*\\(u(?!0009|000a)|b|f|r)/.test(json)) refuse(complaints.malformed(name))
    if (json.length * 3 > maxBytes && Buffer.byteLength(json) > maxBytes)
      refuse(complaints.tooManyBytes(name, maxBytes))
    return JSON.parse(json)
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Inexact)

/** An item of a batch is refused by itself, with what can be read of whom it was about. */
function tried(item: TObject): (value: unknown, name: string) => Tried<unknown> {
  const read = readerOf(item)
  return (value, name) => {
    try {
      return { item: read(value, name) }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return { refused: { error, ...subjectOf(value) } }
    }
  }
}

const readId = integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const readName = string(Type.String({ maxLength: 64 }))

function subjectOf(value: unknown) {
  if (!isObject(value)) return { user_id: 0, username: '' }
  return {
    user_id: orElse(0, () => readId(value.user_id, '')),
    username: orElse('', () => readName(value.username, '')),
  }
}

function orElse<T>(fallback: T, read: () => unknown): T {
  try {
    return read() as T
  } catch (error) {
    if (error instanceof ApiError) return fallback
    throw error
  }
}
