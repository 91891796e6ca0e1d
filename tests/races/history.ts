/**
 * What was called at once, and whether what was answered can be: is there an order of the calls, no call before one
 * that had been answered when it began, in which each is answered as a plain model of the service would?
 */

/** One call: when it began and was answered, on a clock that all calls of the history share. */
export interface Event<Op> {
  op: Op
  began: number
  ended: number
  answer: Answer
}

/** A code, or what was read. */
export type Answer = number | string | boolean

export interface Model<State, Op> {
  start: State
  /** The state after the call when it is answered so; undefined where it cannot be. States are plain data, never changed. */
  step(state: State, op: Op, answer: Answer): State | undefined
  /** Whether such a call, answered so, leaves every state as it is. */
  looks(op: Op, answer: Answer): boolean
}

export class History<Op> {
  readonly events: Event<Op>[] = []
  #clock = 0

  /** Makes the call now. */
  async record(op: Op, call: () => Promise<Answer>): Promise<Answer> {
    const began = ++this.#clock
    const answer = await call()
    this.events.push({ op, began, ended: ++this.#clock, answer })
    return answer
  }
}

/** Beyond so many steps the search gives up, which counts as a failure. */
const mostSteps = 200_000

/** An order of the calls that explains every answer; undefined where there is none. */
export function explain<State, Op>(events: Event<Op>[], model: Model<State, Op>): Event<Op>[] | undefined {
  const seen = new Set<string>()
  let steps = 0
  const byBeginning = [...events].sort((a, b) => a.began - b.began)
  return search(model.start, byBeginning)

  function search(state: State, waiting: Event<Op>[]): Event<Op>[] | undefined {
    const { looked, left } = look(state, waiting)
    if (left.length === 0) return looked
    const place = `${JSON.stringify(state)} ${left.map(({ began }) => began)}`
    if (seen.has(place)) return undefined
    seen.add(place)
    for (const { event, next } of choices(state, left)) {
      if (++steps > mostSteps) return undefined
      const rest = search(next, without(left, event))
      if (rest) return [...looked, event, ...rest]
    }
    return undefined
  }

  /** Whatever only looks, and sees what is now, may as well have come now. */
  function look(state: State, waiting: Event<Op>[]) {
    const looked: Event<Op>[] = []
    let left = waiting
    for (;;) {
      const fits = ({ op, answer }: Event<Op>) => model.looks(op, answer) && model.step(state, op, answer) !== undefined
      const fitting = new Set(first(left).filter(fits))
      if (fitting.size === 0) return { looked, left }
      looked.push(...fitting)
      left = left.filter(event => !fitting.has(event))
    }
  }

  /**
   * What may come next, and what follows: what leaves the state as it is first. Of equal calls that are answered alike
   * only the one that was answered first: it is the one that can wait least.
   */
  function choices(state: State, waiting: Event<Op>[]) {
    const soonest = new Map<string, Event<Op>>()
    for (const event of first(waiting)) {
      const likeness = JSON.stringify([event.op, event.answer])
      const known = soonest.get(likeness)
      if (!known || event.ended < known.ended) soonest.set(likeness, event)
    }
    const now = JSON.stringify(state)
    return [...soonest.values()]
      .map(event => ({ event, next: model.step(state, event.op, event.answer) as State }))
      .filter(({ next }) => next !== undefined)
      .map(choice => ({ ...choice, idle: JSON.stringify(choice.next) === now }))
      .sort((a, b) => Number(b.idle) - Number(a.idle) || a.event.ended - b.event.ended)
  }
}

/** Those that had begun before any of the others was answered. */
function first<Op>(waiting: Event<Op>[]): Event<Op>[] {
  const end = Math.min(...waiting.map(({ ended }) => ended))
  return waiting.filter(({ began }) => began < end)
}

const without = <T>(list: T[], gone: T) => list.filter(each => each !== gone)
