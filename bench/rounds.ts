import type { Measured } from './load.ts'
import { shown } from './scenario.ts'
import { type Plan, say } from './site.ts'

/** One of the things that are compared. */
export interface Side {
  name: string
  run(seconds: number): Promise<Measured>
}

export interface Compared {
  /** Of each side, the medians of its rounds. */
  sides: Measured[]
  /** The median, over the rounds, of a figure of one side divided by that of another in the same round. */
  ratio(figure: keyof Measured, side: number, to: number): number
}

/** Short rounds of all sides in turn, each beginning with another side, so that the noise of the machine falls on all alike. */
export async function alternate(
  { rounds, seconds }: Pick<Plan, 'rounds' | 'seconds'>,
  what: string,
  sides: Side[],
): Promise<Compared> {
  const seen = sides.map((): Measured[] => [])
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < sides.length; turn++) {
      const i = (round + turn) % sides.length
      const measured = await (sides[i] as Side).run(seconds)
      seen[i]?.push(measured)
      tell(`${what}, round ${round + 1} of ${rounds}, ${sides[i]?.name}`, measured)
    }
  }
  return {
    sides: seen.map(middle),
    ratio: (figure, side, to) => median(pairs(seen, side, to).map(([one, other]) => one[figure] / other[figure])),
  }
}

const pairs = (seen: Measured[][], side: number, to: number) =>
  (seen[side] as Measured[]).map((one, round) => [one, seen[to]?.[round] as Measured] as const)

const tell = (what: string, { rate, p99, work }: Measured) =>
  say(`${what}: ${shown(rate, 0)}/s, p99 ${shown(p99)} ms, ${shown(work, 1)} µs each`)

const middle = (rounds: Measured[]): Measured => ({
  rate: median(rounds.map(({ rate }) => rate)),
  p50: median(rounds.map(({ p50 }) => p50)),
  p99: median(rounds.map(({ p99 }) => p99)),
  work: median(rounds.map(({ work }) => work)),
})

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2
}
