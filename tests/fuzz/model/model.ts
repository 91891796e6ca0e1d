/** The service as it should be: every call is answered from plain data. */
import { absence, callerOf, type Headers } from './caller.ts'
import { fits } from './right.ts'
import { accounts } from './rules/accounts.ts'
import { devices } from './rules/devices.ts'
import { profiles } from './rules/profiles.ts'
import { push } from './rules/push.ts'
import type { Rules } from './rules/rule.ts'
import { settings } from './rules/settings.ts'
import { signIns } from './rules/sign-in.ts'
import { type Chosen, refused, type Verdict } from './told.ts'
import type { User, World } from './world.ts'

export const rules: Rules = { ...accounts, ...signIns, ...profiles, ...settings, ...devices, ...push }

export interface Called {
  name: string
  headers: Headers & { 'user-agent'?: string }
  input: Record<string, unknown>
}

/** How the call must be answered; the world is then what it has become. `chosen` tells what the service chose. */
export function answerTo(world: World, { name, headers, input }: Called, chosen: Chosen): Verdict {
  const rule = rules[name]
  if (!rule) throw new Error(`the model knows no ${name}`)
  // Settings name their user in the body as well; an admin may do so there alone.
  const inBody = name === 'setSettings'
  const caller = callerOf(world, rule.who, headers)
  if (typeof caller === 'number') return refused(caller)
  const { app, kind, token, names } = caller
  if (kind === 'admin' && names === undefined && !inBody && (rule.who === 'self' || rule.who === 'admin for user'))
    return refused(10002)
  if (!fits(rule, input)) return refused(10002)
  const id = token?.user ?? names ?? (inBody ? Number(input.user_id) : undefined)
  if (inBody && id !== Number(input.user_id)) return refused(10010)
  const self = id === undefined ? undefined : app.users.get(id)
  if (id !== undefined && !self) return refused(absence(app, id))
  return rule.does({ world, app, caller, self: self as User, ...(token && { token }), input, headers, chosen })
}
