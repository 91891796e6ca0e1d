// Holds the contract against the text of the API: node .ci/contract.ts FILE
// Prints a line for each difference, and fails on one that is not explained below, or explained and not there.
import { readFileSync } from 'node:fs'
import type { TObject, TSchema } from '@sinclair/typebox'
import { contract } from '../contract/index.ts'
import type { Operation } from '../contract/operation.ts'
import { failureAnswer } from '../server/http/envelope.ts'

/** Where we differ on purpose: `-` is a line of the text that we do not have, `+` one of ours that the text has not. */
const deliberate: Record<string, string> = {
  '+ 1.3 body list is required': 'a batch of nothing is a mistake of the caller',
  '+ 1.20 body list is required': 'a batch of nothing is a mistake of the caller',
  '+ 1.20 body list[].user_id is required': 'an item that names nobody can only fail, and says so',
  '+ 1.32 body list is required': 'a batch of nothing is a mistake of the caller',
  '- 1.36 body id: int64': 'the text does not say what it means; it is ignored, like every unknown member',
  '+ 1.5 body must_change: boolean': 'an addition: the user has to change the password',
  '+ 1.33 answer data.time_zone: string': "an addition: the zone of the user's quiet hours",
  '+ 1.34 answer data.time_zone: string': "an addition: the zone of the user's quiet hours",
  '+ 1.35 answer data.time_zone: string': "an addition: the zone of the user's quiet hours",
  '+ 1.36 body time_zone: string': "an addition: the zone of the user's quiet hours",
  '+ 1.13 query cursor: string': 'an addition: pages that stay in place while users come and go',
  '+ 1.13 answer cursor: string': 'an addition: where the next page goes on',
}

/** Sentences of the text that we read otherwise, as docs/api.md explains. */
const misleading: [section: string, parameter: string, sentence: string][] = [
  ['1.36', 'no_push_end_hour', 'Start of push no-disturb time(Hour 0-23)'],
  ['1.36', 'no_push_start_hour', 'End of push no-disturb time(Hour 0-23)'],
  ['1.36', 'no_push_detail', "Whether to push details: true - push details, false - don't push details"],
]

interface Parameter {
  name: string
  type: string
  required?: boolean
  description: string
  fields?: Parameter[]
}

interface Section {
  section: string
  title: string
  routes: { method: string; path: string }[]
  query: Parameter[]
  body: Parameter[]
  response: Parameter[]
}

interface Fields {
  properties: TObject['properties']
  required?: string[]
}

/** What stands for the name of a body that has none. */
const whole = '(the whole body)'

/** What the text says, a line a fact. */
function factsOfText({ section, title, routes, query, body, response }: Section): string[] {
  const all = (place: string, parameters: Parameter[], prefix = ''): string[] =>
    parameters.flatMap(({ name, type, required, fields = [] }) => [
      `${section} ${place} ${prefix}${name || whole}: ${type}`,
      ...(required ? [`${section} ${place} ${prefix}${name || whole} is required`] : []),
      ...all(place, fields, `${prefix}${name}${type.startsWith('array') ? '[]' : ''}.`),
    ])
  return [
    `${section} title ${title}`,
    ...routes.map(({ method, path }) => `${section} route ${method} ${path}`),
    ...all('query', query),
    ...all('body', body),
    ...all('answer', response),
  ]
}

/** What the contract says, in the same lines. */
function factsOfContract(operation: Operation): string[] {
  const { section, summary, methods, path, query, body, text, result, beside } = operation
  const all = (place: string, { properties, required = [] }: Fields, prefix = ''): string[] =>
    Object.entries(properties).flatMap(([name, schema]) => [
      `${section} ${place} ${prefix}${name}: ${typeOf(schema)}`,
      ...(place !== 'answer' && required.includes(name) ? [`${section} ${place} ${prefix}${name} is required`] : []),
      ...(schema.properties ? all(place, schema as TObject, `${prefix}${name}.`) : []),
      ...(schema.items?.properties ? all(place, schema.items, `${prefix}${name}[].`) : []),
    ])
  return [
    `${section} title ${summary}`,
    ...methods.map(method => `${section} route ${method} ${path}`),
    ...(query ? all('query', query) : []),
    ...(body ? all('body', body) : []),
    ...(text ? [`${section} body ${whole}: ${typeOf(text)}`, `${section} body ${whole} is required`] : []),
    ...all('answer', { properties: { ...failureAnswer.properties, data: result, ...beside?.properties } }),
  ]
}

function typeOf({ type, format, items }: TSchema): string {
  if (type === 'integer') return String(format)
  return type === 'array' ? `array[${typeOf(items)}]` : String(type)
}

function compare(text: Section[]): string[] {
  const said = text.flatMap(factsOfText)
  const operations = Object.values(contract).flatMap((group): Operation[] => Object.values(group))
  const promised = operations.filter(({ section }) => section !== undefined).flatMap(factsOfContract)
  return [
    ...said.filter(fact => !promised.includes(fact)).map(fact => `- ${fact}`),
    ...promised.filter(fact => !said.includes(fact)).map(fact => `+ ${fact}`),
  ]
}

const says = (text: Section[], [section, parameter, sentence]: (typeof misleading)[number]) =>
  text
    .find(each => each.section === section)
    ?.body.some(({ name, description }) => name === parameter && description === sentence)

const [file] = process.argv.slice(2)
if (!file) throw new Error('say which file holds the text of the API: node .ci/contract.ts FILE')
const text = JSON.parse(readFileSync(file, 'utf8')) as Section[]
const differences = compare(text)
for (const each of differences)
  console.log(each in deliberate ? `${each}   (${deliberate[each]})` : `${each}   UNEXPLAINED`)
const stale = [
  ...Object.keys(deliberate).filter(each => !differences.includes(each)),
  ...misleading.filter(each => !says(text, each)).map(([section, parameter]) => `${section} ${parameter}: wording`),
]
for (const each of stale) console.log(`${each}   EXPLAINED, BUT NOT THERE`)
const unexplained = differences.filter(each => !(each in deliberate))
console.log(`${text.length} sections, ${differences.length} differences, ${unexplained.length + stale.length} mistakes`)
process.exitCode = unexplained.length + stale.length > 0 ? 1 : 0
