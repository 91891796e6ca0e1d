import { whole } from '../config.ts'
import { isTimeZone } from '../time-zones.ts'
import type { Policy } from './apps.ts'

/** One setting of an app. The command line's options, its help and what it shows are made from these. */
export interface Rule {
  /** As people write it. */
  word: string
  /** What it takes, in short. */
  takes: string
  meaning: string
  /** The change that the text asks for; throws what the text must be. */
  read(text: string): Partial<Policy>
  /** The text that `read` would take. */
  textOf(policy: Policy): string
  dataOf(policy: Policy): string | number | boolean | string[]
}

/** How a column's value is written. */
interface Kind<T> {
  takes: string
  read(text: string): T
  textOf(value: T): string
  dataOf(value: T): string | number | boolean | string[]
}

const rule = <Column extends keyof Policy>(
  word: string,
  column: Column,
  { takes, read, textOf, dataOf }: Kind<Policy[Column]>,
  meaning: string,
): Rule => ({
  word,
  takes,
  meaning,
  read: text => ({ [column]: read(text) }),
  textOf: policy => textOf(policy[column]),
  dataOf: policy => dataOf(policy[column]),
})

const count = (from: number, to: number): Kind<number> => ({
  takes: `${from}–${to}`,
  read: whole(from, to),
  textOf: String,
  dataOf: value => value,
})

/** Two words for 0 and 1. */
const either = (zero: string, one: string): Kind<number> => ({
  takes: `${one}|${zero}`,
  read(text) {
    if (text !== zero && text !== one) throw new Error(`must be ${one} or ${zero}`)
    return text === one ? 1 : 0
  },
  textOf: value => (value ? one : zero),
  dataOf: value => (value ? one : zero),
})

const flag: Kind<number> = { ...either('off', 'on'), dataOf: value => value === 1 }

const mostName = 64

const name: Kind<string> = {
  takes: 'text',
  read(text) {
    const characters = [...text].length
    if (characters < 1 || characters > mostName || !text.isWellFormed() || /\p{Cc}/u.test(text))
      throw new Error(`must be 1 to ${mostName} characters on one line`)
    return text
  },
  textOf: value => value,
  dataOf: value => value,
}

const timeZone: Kind<string> = {
  takes: 'zone',
  read(text) {
    if (!isTimeZone(text)) throw new Error('must be an IANA time zone, such as Asia/Shanghai, Europe/Berlin or UTC')
    return text
  },
  textOf: value => value,
  dataOf: value => value,
}

const mostOrigins = 100

const origins: Kind<string> = {
  takes: 'list',
  read(text) {
    const list = [...new Set(text.split(',').map(part => part.trim()))].filter(Boolean)
    const wrong = list.find(origin => !isOrigin(origin))
    if (wrong !== undefined)
      throw new Error(`must be exact origins such as https://chat.example.com, and ${JSON.stringify(wrong)} is none`)
    if (list.length > mostOrigins) throw new Error(`must be at most ${mostOrigins} origins`)
    return JSON.stringify(list)
  },
  textOf: value => (JSON.parse(value) as string[]).join(','),
  dataOf: value => JSON.parse(value) as string[],
}

/** Every setting of an app, in the order in which they are shown. */
export const rules: Rule[] = [
  rule('name', 'name', name, 'what people call the app; clients never see it'),
  rule('frozen', 'frozen', flag, 'on: every call of the app answers 40003'),
  rule('registration', 'open_registration', either('closed', 'open'), 'closed: only admins register users'),
  rule('user-cap', 'user_cap', count(0, 1_000_000_000), 'users at the most; 0: no cap'),
  rule('device-cap', 'device_cap', count(1, 1000), 'devices of one user; beyond them the one idle longest goes'),
  rule('password-minimum', 'password_minimum', count(1, 256), 'characters that a new password has at least'),
  rule('token-days', 'token_days', count(1, 3650), "days that a user's token lives"),
  rule('origins', 'origins', origins, 'origins that browsers may call from, joined by commas; empty: none'),
  rule('time-zone', 'time_zone', timeZone, 'in which the quiet hours of its users are read'),
  rule('push', 'push', flag, 'off: pushes are refused with 12006, and what waits goes on waiting'),
  rule('push-signature', 'push_signature', flag, 'on: registering a push user needs a signature by the app secret'),
]

/** What a change asks for, checked; throws a sentence that names the setting and what it must be. */
export function readPolicy(change: [word: string, text: string][]): Partial<Policy> {
  const seen = new Set<string>()
  return Object.assign(
    {},
    ...change.map(([word, text]) => {
      const rule = rules.find(each => each.word === word)
      if (!rule)
        throw new Error(`${word} is no setting of an app: there are ${rules.map(each => each.word).join(', ')}`)
      if (seen.has(word)) throw new Error(`${word} is given twice: say it once`)
      seen.add(word)
      return readOne(rule, text)
    }),
  )
}

function readOne(rule: Rule, text: string) {
  try {
    return rule.read(text)
  } catch (error) {
    throw new Error(`${rule.word} ${(error as Error).message}`)
  }
}

/** As browsers send it: scheme, host, and a port that is not the scheme's own. */
function isOrigin(text: string) {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text
}
