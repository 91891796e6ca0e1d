import { fail } from '../../contract/errors.ts'

/** At most `count` in `seconds`, refilled evenly. */
export interface Rule {
  count: number
  seconds: number
}

export type Rules = Record<'account' | 'address' | 'registration', Rule>

/** Counts what may not be done too often in an app. Fails with `too_many_tries` and the seconds to wait. */
export interface Limits {
  take(rule: keyof Rules, app: string, key: string): Promise<void>
}

export const noLimits: Limits = { take: async () => {} }

/** `wait` in seconds, rounded up. */
export const refuse = (wait: number): never => fail('too_many_tries', undefined, Math.ceil(wait))
