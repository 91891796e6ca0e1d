import type { TSchema } from '@sinclair/typebox'

/**
 * Whether a parameter that is written like this may be taken: the rules said a second time, in another way than the
 * server reads them. Integers are compared as they are written, and never become numbers.
 */
export function isRight(schema: TSchema, json: string): boolean {
  const rule = rules[String(schema.type)]
  if (!rule) throw new Error(`the oracle knows no ${schema.type}`)
  return rule(schema, json)
}

const rules: Record<string, (schema: TSchema, json: string) => boolean> = {
  integer({ minimum, maximum }, json) {
    const [, digits] = /^"?(-?[0-9]{1,19})"?$/.exec(json.trim()) ?? []
    return digits !== undefined && BigInt(digits) >= BigInt(minimum) && BigInt(digits) <= BigInt(maximum)
  },
  boolean: (_, json) => /^("true"|"false"|true|false)$/.test(json.trim()),
  string({ minLength = 0, maxLength = Infinity, maxBytes = Infinity, pattern = '' }, json) {
    const text: unknown = JSON.parse(json)
    if (typeof text !== 'string') return false
    const points = [...text].map(character => character.codePointAt(0) as number)
    if (points.some(point => (point < 32 && point !== 9 && point !== 10) || (point >= 0xd800 && point < 0xe000)))
      return false
    if (points.length < minLength || points.length > maxLength) return false
    return new TextEncoder().encode(text).length <= maxBytes && new RegExp(pattern, 'u').test(text)
  },
  /** Of plain values only: the items of batches are refused one by one. */
  array({ items, minItems = 0, maxItems = Infinity, each }, json) {
    const list: unknown = JSON.parse(json, asWritten)
    if (!Array.isArray(list) || list.length < minItems || list.length > maxItems) return false
    return each === true || list.every(item => typeof item === 'string' && isRight(items, item))
  },
  /** Members that are not declared are ignored; numbers among the others are read as JSON makes them. */
  object({ properties, required = [], orText }, json) {
    const members: unknown = JSON.parse(json)
    if (orText !== undefined && members === orText) return true
    if (typeof members !== 'object' || members === null || Array.isArray(members)) return false
    if ((required as string[]).some(name => !Object.hasOwn(members, name))) return false
    return Object.entries(members).every(
      ([name, value]) => !Object.hasOwn(properties, name) || isRight(properties[name], JSON.stringify(value)),
    )
  },
}

const asWritten = (_: string, value: unknown, context?: { source?: string }) => context?.source ?? value
