import type { Verdict } from './sender.ts'

export interface Circumstances {
  /** ms */
  after?: number | undefined
  /** ms */
  since?: number | undefined
}

type Rule = (reason: string, circumstances?: Circumstances) => Verdict

/** What a vendor's reasons mean. */
export type Rules = Record<string, Rule>

export const asDead: Rule = (reason, { since } = {}) => ({ is: 'dead', reason, ...(since !== undefined && { since }) })
export const refused: Rule = reason => ({ is: 'refused', reason })
export const later: Rule = (reason, { after } = {}) => ({ is: 'later', reason, ...(after !== undefined && { after }) })
export const parked =
  (milliseconds: number): Rule =>
  (reason, { after } = {}) => ({ is: 'parked', reason, milliseconds: after ?? milliseconds })

/** A reason that is not known fails the message for this device, and does nothing else. */
export const verdictBy = (rules: Rules, reason: string, circumstances: Circumstances = {}): Verdict =>
  (Object.hasOwn(rules, reason) ? (rules[reason] as Rule) : refused)(reason, circumstances)
