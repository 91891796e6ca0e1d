/** Random sequences of calls by several people and admins of two apps, each answer beside that of a model in plain data. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { testNode } from '../harness.ts'
import { amount } from '../support/amount.ts'
import { count } from '../support/outcomes.ts'
import { quickFolder } from '../support/quick-folder.ts'
import { hashQuickly } from '../support/quick-hashing.ts'
import { times } from '../support/races.ts'
import { rules } from './model/model.ts'
import { step } from './model/operations.ts'
import { type Answered, Play } from './model/play.ts'

const lanes = 3
const sequencesEach = amount(25, 1000)
const longest = 200
/** In ms, with the shrinking of a sequence that fails. */
const patience = amount(100_000, 3 * 3_600_000)

test('every answer, and all that can be read at the end, is what the model says', async t => {
  const all = (await Promise.all(times(lanes, () => lane(t)))).flat()

  const codes = all.map(({ code }) => code)
  const shown = [...new Set(codes)].sort().map(code => `${count(codes, code)} × ${code}`)
  t.diagnostic(
    `${lanes * sequencesEach} sequences, ${all.length} calls answered as the model says: ${shown.join(', ')}`,
  )
  for (const name of Object.keys(rules))
    assert.ok(
      all.some(each => each.name === name && each.code === 200),
      `${name} never succeeded`,
    )
  for (const code of refusals) assert.ok(codes.includes(code), `nothing was refused with ${code}`)
})

/** Those that come by the dozen; 11012, 13003 and 13004 are seen now and then. */
const refusals = [
  ...[402, 10000, 10002, 10003, 10004, 10008, 10010, 10021, 11001, 11011],
  ...[13001, 13002, 13005, 13006, 40000, 40001],
]

/** One sequence after the other, on a node with a clock of its own. */
async function lane(t: TestContext): Promise<Answered[]> {
  const start = Date.now()
  const clock = { now: start }
  const node = await testNode(t, { data: quickFolder(t), push: 'off' }, () => clock.now)
  hashQuickly(node, 0)
  const answers: Answered[] = []

  const sequence = fc.array(step, { minLength: 1, maxLength: longest, size: 'max' })
  const property = fc.asyncProperty(sequence, async steps => {
    // The months that a sequence lets pass are over with it.
    clock.now = start + answers.length
    const play = await Play.open(t, node, clock)
    for (const each of steps) await play.take(each)
    await play.readAll()
    answers.push(...play.answers)
  })
  await fc.assert(property, { numRuns: sequencesEach, interruptAfterTimeLimit: patience, markInterruptAsFailure: true })
  return answers
}
