/** Whether a parameter may be taken, by the rules as people read them. */

export type Right = (value: unknown) => boolean

const points = (text: string) => [...text].map(character => character.codePointAt(0) as number)

const isText = (value: unknown): value is string =>
  typeof value === 'string' &&
  points(value).every(point => (point >= 32 || point === 9 || point === 10) && (point < 0xd800 || point > 0xdfff))

export const characters =
  (most: number, least = 0): Right =>
  value =>
    isText(value) && points(value).length >= least && points(value).length <= most

export const bytes =
  (most: number, least = 0): Right =>
  value =>
    isText(value) && new TextEncoder().encode(value).length <= most && value.length >= least

const isDigit = (character: string) => character >= '0' && character <= '9'
const isLetter = (character: string) => /^[a-z]$/i.test(character)
const isHan = (character: string) => character >= '一' && character <= '龥'

export const username: Right = value => {
  if (!characters(64, 1)(value)) return false
  const all = [...(value as string)]
  const start = (value as string).toLowerCase()
  if (start.startsWith('mta') || start.startsWith('maxim') || all.every(isDigit)) return false
  return all.every(each => isLetter(each) || isDigit(each) || each === '_' || isHan(each))
}

export const mobile: Right = value => {
  if (!isText(value)) return false
  if (value === '') return true
  const digits = value.startsWith('+') ? value.slice(1) : value
  if (![...digits].every(isDigit)) return false
  if (value !== digits) return digits.length >= 8 && digits.length <= 15
  return digits.length === 11 && digits >= '13' && digits < '2'
}

export const avatar: Right = value => bytes(2048)(value) && points(value as string).every(each => each > 31)

/** Decimal text is read too. */
export const whole =
  (least: number, most: number): Right =>
  value => {
    const written = typeof value === 'string' ? value : typeof value === 'number' ? JSON.stringify(value) : ''
    const digits = written.startsWith('-') ? written.slice(1) : written
    if (digits === '' || ![...digits].every(isDigit)) return false
    return Number(written) >= least && Number(written) <= most
  }

export const userId = whole(1, Number.MAX_SAFE_INTEGER)
export const deviceSn = whole(1, 2_147_483_647)
export const hour = whole(0, 23)
export const flag: Right = value => ['true', 'false'].includes(String(value)) && typeof value !== 'object'
export const zone: Right = value => ['', 'Europe/Berlin', 'Asia/Shanghai'].includes(value as string)

export const list =
  (of: Right, most: number): Right =>
  value =>
    Array.isArray(value) && value.length >= 1 && value.length <= most && value.every(of)

/** Items that are judged one by one. */
export const items = (most: number) => list(() => true, most)

export type Parameters = Record<string, Right>

/** What must be there, and what may. */
export interface Needs {
  must?: Parameters
  may?: Parameters
}

export const fits = ({ must = {}, may = {} }: Needs, input: Record<string, unknown>): boolean =>
  Object.entries(must).every(([name, right]) => right(input[name])) &&
  Object.entries(may).every(([name, right]) => input[name] === undefined || right(input[name]))
