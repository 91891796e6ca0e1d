import type { Envelope } from '../../support/http.ts'
import type { Caller } from './caller.ts'
import { type App, newUser, type Token, type User, type World } from './world.ts'

/** An answer of the service. */
export type Chosen = Omit<Envelope, 'message'> & { version?: unknown; cursor?: unknown }

/** What a rule is told: who calls, for whom, with what; and the answer, for what only the service can choose. */
export interface Told {
  world: World
  app: App
  caller: Caller
  /** Whom the call acts for. */
  self: User
  /** The calling device's, if a user calls. */
  token?: Token
  input: Record<string, unknown>
  headers: { 'user-agent'?: string }
  chosen: Chosen
}

/** What must be answered. */
export interface Verdict {
  code: number
  data?: unknown
  version?: unknown
  cursor?: unknown
}

export const refused = (code: number): Verdict => ({ code })
export const done = (data: unknown = true): Verdict => ({ code: 200, data })

/** A member of the answer's data, where there is one. */
export const chosen = ({ chosen }: Told, name: string): unknown =>
  (chosen.data as Record<string, unknown> | undefined)?.[name]

/** An id as the service may give it out: one that the app never had. */
export function enrol(app: App, id: unknown, username: string, password: string): User {
  if (!Number.isSafeInteger(id) || (id as number) < 1 || app.ids.includes(id as number))
    throw new Error(`${id} is no new id`)
  const user = newUser(id as number, username, password)
  app.users.set(user.id, user)
  app.ids.push(user.id)
  return user
}
