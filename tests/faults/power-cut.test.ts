// Runs once: it is about the file that SQLite keeps.
/** Cuts the power of the whole program at thousands of moments: what was acknowledged is there when it comes back. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { amount } from '../support/amount.ts'
import { missing } from '../support/programs.ts'
import { quickFolder } from '../support/quick-folder.ts'
import { Disk, type Left } from './power/disk.ts'
import { recordLoad } from './power/load.ts'
import { lostIn } from './power/lost.ts'
import { readTrace } from './power/trace.ts'

const conditions = { skip: missing('cc'), timeout: amount(5, 240) * 60_000 }

test('a power cut takes nothing that was acknowledged, from the first start on', conditions, async t => {
  const figures = await cutThePower(t, { states: amount(2000, 50_000), writes: 2600 })

  t.diagnostic(said(figures))
  assert.deepEqual(figures.corrupt, [])
  assert.deepEqual(figures.lost, [])
})

test(
  'the rig is not blind: with synchronous = NORMAL the same cuts lose what was acknowledged',
  conditions,
  async t => {
    const figures = await cutThePower(t, { states: 100, writes: 400, isLax: true })

    t.diagnostic(said(figures))
    assert.ok(figures.lost.length > 0, 'nothing was lost, and something must be')
  },
)

interface Figures {
  states: number
  deeds: number
  acknowledged: number
  lost: string[]
  corrupt: string[]
}

const lefts: Left[] = ['nothing', 'some', 'everything']

async function cutThePower(
  t: TestContext,
  plan: { states: number; writes: number; isLax?: boolean },
): Promise<Figures> {
  const folder = quickFolder(t)
  const trace = join(folder, 'trace')
  const watched = join(folder, 'watched')
  mkdirSync(watched)
  const { promised } = await recordLoad(t, { recorder: compile(folder), folder: watched, trace, users: 24, ...plan })
  const deeds = readTrace(trace)
  const disk = new Disk()
  const figures: Figures = { states: 0, deeds: deeds.length, acknowledged: promised.length, lost: [], corrupt: [] }

  for (const [i, deed] of deeds.entries()) {
    disk.apply(deed)
    // Spread evenly over the deeds, whatever their number.
    while (figures.states * deeds.length < (i + 1) * plan.states) {
      const left = lefts[figures.states % lefts.length] as Left
      const state = disk.cut(left, Math.random)
      const known = promised.filter(({ at }) => at <= deed.end)
      const label = `after deed ${i} with ${left} of the rest`
      try {
        const lost = await lostIn(join(folder, 'state'), state, known)
        if (lost.length > 0) figures.lost.push(`${label}: ${lost}`)
      } catch (error) {
        figures.corrupt.push(`${label}: ${error instanceof Error ? error.message : error}`)
      }
      figures.states++
    }
  }
  assert.ok(promised.length > plan.writes, 'the load ran to its end')
  return figures
}

const said = ({ states, deeds, acknowledged, lost, corrupt }: Figures) =>
  `${states} states of ${deeds} deeds, ${acknowledged} acknowledged: ${lost.length} states lost something, ${corrupt.length} corrupt`

function compile(folder: string): string {
  const recorder = join(folder, 'recorder.so')
  const source = fileURLToPath(new URL('./power/recorder.c', import.meta.url))
  execFileSync('cc', ['-O2', '-shared', '-fPIC', source, '-o', recorder, '-ldl', '-lpthread'])
  return recorder
}
