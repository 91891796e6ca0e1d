/** Hands a file to the person at the browser. */
export function save(name: string, type: string, ...parts: string[]) {
  const address = URL.createObjectURL(new Blob(parts, { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}

/** A spreadsheet would run what begins like a formula: such a cell begins with an apostrophe. */
const cell = (value: string | number) => {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export const csv = (rows: (string | number)[][]) => rows.map(row => `${row.map(cell).join(',')}\r\n`).join('')
