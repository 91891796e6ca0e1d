import type { Compared } from './rounds.ts'
import type { Site } from './site.ts'

/** Something that is measured, by the name that --only takes. */
export interface Scenario {
  name: string
  about: string
  run(site: Site): Promise<Finding[]>
}

/** What a scenario shows: a table, and the figures in it that have a goal. */
export interface Finding {
  title: string
  columns: string[]
  rows: string[][]
  goals: Goal[]
}

export interface Goal {
  what: string
  value: number
  unit: '' | ' s' | ' ms' | ' MB' | ' KB' | ' %'
  bound: 'at least' | 'at most'
  goal: number
  aim?: number
}

export const isMet = ({ value, bound, goal }: Goal) => (bound === 'at least' ? value >= goal : value <= goal)

export const loadColumns = ['', 'answers/s', 'p50 ms', 'p99 ms', 'processor µs each']

/** The cells of one side in a table that begins with `loadColumns`. */
export function loadRow(name: string, { sides }: Compared, side: number): string[] {
  const { rate, p50, p99, work } = sides[side] as Compared['sides'][number]
  return [name, shown(rate, rate < 1000 ? 1 : 0), shown(p50, 2), shown(p99, 2), shown(work, 1)]
}

export const shown = (value: number, digits = 2) =>
  Number.isNaN(value)
    ? '–'
    : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
