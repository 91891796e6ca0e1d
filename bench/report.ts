import { existsSync, readFileSync } from 'node:fs'
import { type Finding, type Goal, isMet, shown } from './scenario.ts'

export interface Run {
  date: Date
  minutes: number
  command: string
  machine: string[]
  findings: Finding[]
}

const open = '<!-- Written by hand, and kept when the rest of this page is derived again: -->'
const close = '<!-- End of what is written by hand. -->'

/** The page, with the explanation that the earlier one at `path` holds. */
export function page(run: Run, path: string): string {
  return `# Performance

<!-- Derived by \`npm run bench\`. -->
Measured on ${run.date.toISOString().slice(0, 10)} in ${Math.round(run.minutes)} minutes by \`${run.command}\`.

${run.machine.map(line => `- ${line}`).join('\n')}

## Beside the goals

${goals(run.findings)}

${open}
${explanation(path)}
${close}

## Figures

${tables(run.findings)}
`
}

function explanation(path: string): string {
  const page = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const [from, to] = [page.indexOf(open), page.indexOf(close)]
  return from < 0 || to < from ? '' : page.slice(from + open.length, to).trim()
}

export function goals(findings: Finding[]): string {
  const rows = findings.flatMap(finding => finding.goals).map(goalRow)
  return table(['', 'measured', 'goal', 'aim', ''], rows)
}

function goalRow(goal: Goal): string[] {
  const { what, value, unit, bound, aim } = goal
  const digits = unit === ' MB' || unit === ' %' ? 0 : unit === ' ms' || unit === ' KB' ? 1 : 2
  return [
    what,
    shown(value, digits) + unit,
    `${bound} ${goal.goal}${unit}`,
    aim === undefined ? '' : `${aim}${unit}`,
    isMet(goal) ? 'met' : '**missed**',
  ]
}

export const tables = (findings: Finding[]) =>
  findings.map(({ title, columns, rows }) => `### ${title}\n\n${table(columns, rows)}`).join('\n\n')

/** Reads as a table in Markdown and in a terminal alike. The first column is text, the others are aligned to the right. */
function table(columns: string[], rows: string[][]): string {
  const widths = columns.map((column, i) => Math.max(3, ...[column, ...rows.map(row => row[i] as string)].map(size)))
  const line = (cells: string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number))).join(' | ')} |`
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(columns), line(rule), ...rows.map(line)].join('\n')
}

const size = (cell: string) => cell.length
