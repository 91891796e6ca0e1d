/** What a command has to say: as data for machines, as text for people. */
export interface Answer {
  data: object
  text: string
}

/** Writes the answer to the standard output, as one JSON document where that is wanted. */
export function print({ data, text }: Answer, json: boolean) {
  process.stdout.write(`${json ? escaped(JSON.stringify(data, null, 2)) : text}\n`)
}

/** What could move a terminal's cursor or turn text around; users and their clients choose names. */
const treacherous = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu
const codeOf = (character: string) => (character.codePointAt(0) as number).toString(16).padStart(4, '0')

/** The text with such characters shown as their numbers. */
export const visible = (text: string) => text.replace(treacherous, character => `\\u${codeOf(character)}`)

const escaped = (json: string) =>
  json.replace(treacherous, character => (character === '\n' ? '\n' : `\\u${codeOf(character)}`))

/** Columns under their heads, two spaces apart; `none` where there is no row. */
export function table(heads: string[], rows: string[][], none: string): string {
  if (rows.length === 0) return none
  const cells = [heads, ...rows.map(row => row.map(visible))]
  const widths = heads.map((_, i) => Math.max(...cells.map(row => widthOf(row[i] as string))))
  return cells
    .map(row => row.map((cell, i) => padded(cell, widths[i] as number)).join('  '))
    .map(trimmed)
    .join('\n')
}

/** A line for each name and its value. */
export function list(lines: [name: string, value: string][]): string {
  const width = Math.max(...lines.map(([name]) => widthOf(name)))
  return lines.map(([name, value]) => trimmed(`${padded(name, width)}  ${visible(value)}`)).join('\n')
}

/** Seconds are enough for people; the data have milliseconds. */
export const time = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`

export const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`

export const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`

const trimmed = (line: string) => line.trimEnd()
const padded = (text: string, width: number) => text + ' '.repeat(width - widthOf(text))

/** In columns of a terminal: Chinese, Japanese, Korean and emoji take two. */
function widthOf(text: string): number {
  const wide =
    /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
  let width = 0
  for (const character of text) width += /\p{M}|\p{Cf}/u.test(character) ? 0 : wide.test(character) ? 2 : 1
  return width
}
