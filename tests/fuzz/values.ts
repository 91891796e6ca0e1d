/** What nobody should send in place of a parameter, by its type, as the text of JSON: numbers as they are written. */
import type { TSchema } from '@sinclair/typebox'
import fc from 'fast-check'

const quoted = (text: string) => JSON.stringify(text)

const numerals = [
  ['0', '-0', '1', '-1', '1e3', '1E400', '5.0', '0.1', '1.0000000000000000001', '-1e-400', '2147483647', '2147483648'],
  ['-2147483648', '4294967296', '9007199254740991', '9007199254740992', '9007199254740993', '9223372036854775807'],
  ['9223372036854775808', '-9223372036854775808', '18446744073709551616', '1'.repeat(400)],
].flat()

const digits = [
  '0x10',
  '0b1',
  '0o7',
  '+5',
  ' 5',
  '5 ',
  '05',
  '１',
  '٣',
  '1_000',
  '1,000',
  'NaN',
  'Infinity',
  '',
  '-',
  '1n',
]

const texts = [
  ['', ' ', '\0', 'a\0b', '\ud800', 'a\udfff', '\u{1f600}', '\u200b', '\u202e', '\ufeff', '\uffff', 'é', 'e\u0301'],
  ['\r', '\n', '\t', '\x1b[2J', '\x7f', '\x85', 'İ', 'ﬀ', 'ſ', '中'.repeat(65), '\u{1f469}\u200d\u{1f4bb}'.repeat(64)],
  ["' or 1=1 --", '"; drop table users; --', '%00', '%s%n', '../../etc/passwd', '<script>', '__proto__'],
  ['constructor', 'toString', 'null', 'true', 'undefined', '{}', '[]', 'x'.repeat(65), 'x'.repeat(257)],
  ['mta', 'MaXiM', '12345', '+491511234567', '13800138000'],
].flat()

const oddities = [
  'null',
  '{}',
  '[]',
  '[[]]',
  '{"a":1}',
  '[null]',
  '"\\u0000"',
  '"\\ud83d"',
  `${'['.repeat(14)}${']'.repeat(14)}`,
]

const longTexts = ['x'.repeat(1025), 'x'.repeat(16_385), 'x'.repeat(60_000), '中'.repeat(5462)]

const anyCharacter = fc.integer({ min: 0, max: 0x10ffff }).map(point => String.fromCodePoint(point))

const grapheme = fc.constantFrom(
  'a',
  'é',
  'e\u0301',
  '中',
  'ﷺ',
  '\u{1f469}\u200d\u{1f4bb}',
  '\u{1f1e9}\u{1f1ea}',
  '\u0e01\u0e33',
  '\u{1d4b3}',
)

const anyText = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...texts) },
  { weight: 1, arbitrary: fc.constantFrom(...longTexts) },
  { weight: 10, arbitrary: fc.string({ unit: grapheme, maxLength: 200 }) },
  { weight: 10, arbitrary: fc.string({ unit: anyCharacter, maxLength: 80 }) },
)

/** Any of them, whatever the type. */
export const anyJson: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...numerals),
  fc.constantFrom(...numerals.map(quoted), ...digits.map(quoted)),
  fc.constantFrom('true', 'false', '"true"', '"True"', '"1"'),
  anyText.map(quoted),
  fc.constantFrom(...oddities),
  fc.json({ maxDepth: 3 }),
)

/** Values about the edges of what the schema takes, and on either side of them. */
export function hostileTo(schema: TSchema): fc.Arbitrary<string> {
  const own = ofType[String(schema.type)]
  return own ? fc.oneof({ weight: 3, arbitrary: own(schema) }, anyJson) : anyJson
}

const ofType: Record<string, (schema: TSchema) => fc.Arbitrary<string>> = {
  integer: ({ minimum = 0, maximum = 0 }) =>
    fc
      .constantFrom(...[minimum, maximum].flatMap(edge => [-1n, 0n, 1n].map(step => BigInt(edge) + step)))
      .chain(edge => fc.constantFrom(`${edge}`, `"${edge}"`, `${edge}.0`, `${edge}e0`)),
  boolean: () => fc.constantFrom('true', 'false', '"true"', '"false"', '1', '0', '"yes"', '"TRUE"', 'null'),
  string: ({ maxLength, maxBytes }) => {
    const most = (maxLength ?? maxBytes ?? 64) as number
    return fc
      .tuple(fc.constantFrom('x', 'é', '中', '\u{1f300}'), fc.integer({ min: -1, max: 1 }))
      .map(([unit, step]) => {
        const size = maxLength === undefined ? Buffer.byteLength(unit) : 1
        return quoted(unit.repeat(Math.floor(most / size) + step))
      })
  },
  array: ({ items, maxItems = 1 }) =>
    fc.oneof(
      fc.array(hostileTo(items as TSchema), { maxLength: 4 }).map(list => `[${list}]`),
      hostileTo(items as TSchema).map(item => `[${Array(maxItems + 1).fill(item.length < 100 ? item : '1')}]`),
    ),
  object: ({ properties }) =>
    fc
      .record(
        Object.fromEntries(
          Object.entries(properties as Record<string, TSchema>).map(([name, field]) => [name, hostileTo(field)]),
        ),
        { requiredKeys: [] },
      )
      .map(members => membersOf(members as Record<string, string>)),
}

/** An object as JSON; one name may stand in it twice. */
export const membersOf = (members: Record<string, string> | [string, string][]) =>
  `{${(Array.isArray(members) ? members : Object.entries(members)).map(([name, json]) => `${quoted(name)}:${json}`)}}`
