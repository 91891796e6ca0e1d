import assert from 'node:assert/strict'
import { idOf } from './caller.ts'
import type { As, Call } from './operations.ts'
import type { App } from './world.ts'

/** References become what they stand for, and what is undefined is left out. */
export function resolved(app: App, value: unknown, self: number): unknown {
  if (Array.isArray(value)) return value.map(each => resolved(app, each, self))
  if (typeof value !== 'object' || value === null) return value
  if ('self' in value) return self
  if ('user' in value) return idOf(app, value.user as number)
  if ('long' in value) return 'x'.repeat(value.long as number)
  if ('pushTokenOf' in value)
    return app.users.get(idOf(app, value.pushTokenOf as number))?.devices[0]?.pushToken ?? 'of nobody'
  const members = Object.entries(value).filter(([, each]) => each !== undefined)
  return Object.fromEntries(members.map(([name, each]) => [name, resolved(app, each, self)]))
}

/** Where the order of a list means nothing. */
export function comparable({ data, ...rest }: { code: number; data?: unknown; version?: unknown; cursor?: unknown }) {
  const isSet = Array.isArray(data) && data.every(each => typeof each === 'string')
  return { ...rest, ...(data !== undefined && { data: isSet ? [...data].sort() : data }) }
}

export const sameLines = (found: unknown[][], expected: unknown[][]) =>
  assert.deepEqual(found.map(row => JSON.stringify(row)).sort(), expected.map(row => JSON.stringify(row)).sort())

export const reading = (name: string, app: number, by: As, input: Record<string, unknown> = {}): Call => ({
  call: name,
  app,
  by,
  input,
  agent: '',
  method: 0,
})
