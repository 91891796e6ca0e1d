import type { Who } from '../caller.ts'
import type { Needs } from '../right.ts'
import type { Told, Verdict } from '../told.ts'

/** One operation: who may, what is asked of its parameters, and what then happens. */
export interface Rule extends Needs {
  who: Who
  does(told: Told): Verdict
}

export type Rules = Record<string, Rule>
