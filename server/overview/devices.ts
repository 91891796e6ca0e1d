import type { Sql } from '../storage/sql.ts'
import { findSpan, sampleDevices } from './overview.sql.ts'

/** The ids of the app are cut into so many stretches, and so many devices of each are looked at. */
const stretches = 20
const looks = 500

/**
 * How many devices the app has, by platform. Of each stretch of ids the first devices are looked at: where that is all
 * of them, the figure is exact; where not, the rest of the stretch is taken to be as dense, and of the same kinds.
 */
export async function estimateDevices(sql: Sql, app: string) {
  const span = await findSpan(sql, app)
  const byPlatform = new Map<number, number>()
  let exact = true
  const width = span ? Math.ceil((span.last - span.first + 1) / stretches) : 0
  for (let i = 0; span && i < stretches; i++) {
    const from = span.first + i * width
    const to = Math.min(from + width - 1, span.last)
    if (from > to) break
    const sample = await sampleDevices(sql, app, from, to, looks)
    const through = sample.length < looks ? to : (sample.at(-1)?.user_id ?? to)
    if (sample.length === looks) exact = false
    const weight = (to - from + 1) / (through - from + 1)
    for (const { platform } of sample) byPlatform.set(platform, (byPlatform.get(platform) ?? 0) + weight)
  }
  const by_platform = [...byPlatform]
    .sort(([a], [b]) => a - b)
    .map(([platform, devices]) => ({ platform, devices: Math.round(devices) }))
  return { value: by_platform.reduce((sum, { devices }) => sum + devices, 0), exact, by_platform }
}
