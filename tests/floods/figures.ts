/** The value below which this share of the list lies. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

export const median = (values: number[]) => percentile(values, 0.5)

/** How far two samples are apart in rank, in standard deviations (Mann and Whitney; ties share their rank). */
export function rankDistance(a: number[], b: number[]): number {
  const all = [...a.map(value => ({ value, mine: true })), ...b.map(value => ({ value, mine: false }))]
  all.sort((x, y) => x.value - y.value)
  let ranks = 0
  let ties = 0
  for (let from = 0; from < all.length; ) {
    let to = from
    while (to < all.length && all[to]?.value === all[from]?.value) to++
    const rank = (from + to + 1) / 2
    for (const { mine } of all.slice(from, to)) if (mine) ranks += rank
    ties += (to - from) ** 3 - (to - from)
    from = to
  }
  const n = all.length
  const u = ranks - (a.length * (a.length + 1)) / 2
  const variance = ((a.length * b.length) / 12) * (n + 1 - ties / (n * (n - 1)))
  return (u - (a.length * b.length) / 2) / Math.sqrt(variance)
}

/** Calls `fire` at this rate (a second) for so long (ms), late ones at once; waits for all of them. */
export async function paced(rate: number, milliseconds: number, fire: (i: number) => Promise<unknown>) {
  const start = performance.now()
  const under: Promise<unknown>[] = []
  for (let fired = 0; ; ) {
    const passed = Math.min(performance.now() - start, milliseconds)
    for (; fired < (passed / 1000) * rate; fired++) under.push(fire(fired))
    if (passed >= milliseconds) break
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  await Promise.all(under)
}

/** How long it took, in ms. */
export async function timed(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await call()
  return performance.now() - start
}
