import type { Sql } from '../storage/sql.ts'
import { type ExportRow, listExported, listRows } from './rows.sql.ts'

const columns = [
  ...(['user_id', 'username', 'nick_name', 'mobile', 'email', 'status', 'registered_at'] as const),
  ...(['avatar', 'description', 'public_info'] as const),
]

/** A page of the file that an export is, from after the user `after`. */
export async function exportPage(
  sql: Sql,
  app: string,
  job: number,
  { format, after, size }: { format: 'ndjson' | 'csv'; after: number; size: number },
) {
  const rows = await listRows(sql, app, job, after, size + 1)
  const ids = rows.slice(0, size).map(({ user_id }) => user_id)
  const users = ids.length === 0 ? [] : await listExported(sql, app, ids)
  const heading = format === 'csv' && after === 0 ? [columns.join(',')] : []
  const lines = [...heading, ...users.map(format === 'csv' ? csvOf : jsonOf)]
  const end = format === 'csv' ? '\r\n' : '\n'
  return { text: lines.map(line => line + end).join(''), more: rows.length > size, last: ids.at(-1) ?? after }
}

const jsonOf = (row: ExportRow) => JSON.stringify(row)

const csvOf = (row: ExportRow) => columns.map(name => cell(String(row[name]))).join(',')

/** RFC 4180; what a spreadsheet would take for a formula gets an apostrophe, since users choose these texts. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^\+?\d+$/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
