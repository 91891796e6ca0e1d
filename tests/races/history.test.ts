// Runs once: no storage takes part.
/** The checker itself: it has to see what the races look for. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, type Event, explain, History, type Model } from './history.ts'

interface Take {
  who: string
}

/** One thing that the first has for good. */
const once: Model<string, Take> = {
  start: '',
  looks: (_, answer) => answer !== 200,
  step: (owner, { who }, answer) =>
    answer === 200 ? (owner === '' ? who : undefined) : owner === '' ? undefined : owner,
}

const took = (who: string, began: number, ended: number, answer: Answer): Event<Take> => ({
  op: { who },
  began,
  ended,
  answer,
})

const order = (events: Event<Take>[]) =>
  explain(events, once)
    ?.map(({ op }) => op.who)
    .join(' ')

test('one winner explains any number of losers', () => {
  const losers = Array.from({ length: 200 }, (_, i) => took(`l${i}`, i + 2, 1000 + i, 10004))

  assert.ok(order([took('w', 1, 900, 200), ...losers])?.startsWith('w l'))
})

test('two winners, and no winner, are explained by nothing', () => {
  const losers = Array.from({ length: 20 }, (_, i) => took(`l${i}`, i + 3, 1000 + i, 10004))

  assert.equal(order([took('a', 1, 900, 200), took('b', 2, 901, 200), ...losers]), undefined)
  assert.equal(order(losers), undefined)
})

test('nobody loses to a winner that came after', () => {
  assert.equal(order([took('loser', 1, 2, 10004), took('winner', 3, 4, 200)]), undefined)
  assert.equal(order([took('loser', 1, 3, 10004), took('winner', 2, 4, 200)]), 'winner loser')
})

test('what is read after all is over has to fit with what was answered', () => {
  interface Write {
    value?: string
  }
  const register: Model<string, Write> = {
    start: '',
    looks: ({ value }) => value === undefined,
    step: (now, { value }, answer) => (value === undefined ? (now === answer ? now : undefined) : value),
  }
  const writes = ['a', 'b', 'c'].map((value, i) => ({ op: { value }, began: i + 1, ended: 10 + i, answer: 200 }))
  const late = { op: { value: 'd' }, began: 20, ended: 21, answer: 200 }
  const read = (answer: string) => ({ op: {}, began: 30, ended: 31, answer })

  for (const value of ['a', 'b', 'c']) assert.ok(explain([...writes, read(value)], register))
  assert.ok(explain([...writes, late, read('d')], register))
  assert.equal(explain([...writes, late, read('a')], register), undefined)
})

test('calls are recorded with what came before what', async () => {
  const history = new History<string>()

  await Promise.all([history.record('a', async () => 1), history.record('b', async () => 2)])
  await history.record('c', async () => 3)

  const [a, b, c] = history.events as [Event<string>, Event<string>, Event<string>]
  assert.ok(a.began < b.began && b.began < a.ended && b.ended < c.began)
})
