import { Counter, type Metric, type Registry } from 'prom-client'

/** Called once for each answer: the body's code, and how long it took in ms. */
export type Measure = (code: number, milliseconds: number) => void

/** The bounds of all buckets of times. */
export const timeBounds = [0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1000, 5000]

/** One operation's answers: how many by code, how many within each bound but not the one before, and their time in all. */
interface Figures {
  byCode: Map<number, number>
  within: Float64Array
  milliseconds: number
}

const requests = { name: 'stonechat_requests_total', help: 'Requests by operation and code of the answer' }
const durations = { name: 'stonechat_request_milliseconds', help: 'From the headers to the answer' }

/**
 * Counts the answers of all operations. Every answer passes here, so it only adds to plain numbers; labels and text are
 * made when somebody looks.
 */
export class CallFigures {
  readonly #operations = new Map<string, Figures>()

  constructor(registry: Registry) {
    const operations = this.#operations
    new Counter({
      ...requests,
      labelNames: ['operation', 'code'],
      registers: [registry],
      collect() {
        this.reset()
        for (const [operation, { byCode }] of operations)
          for (const [code, count] of byCode) this.inc({ operation, code: String(code) }, count)
      },
    })
    // A histogram of the library takes observations one at a time only; this one is already summed up.
    registry.registerMetric({ name: durations.name, get: async () => this.#histogram() } as unknown as Metric)
  }

  operation(operation: string): Measure {
    const figures: Figures = { byCode: new Map(), within: new Float64Array(timeBounds.length + 1), milliseconds: 0 }
    this.#operations.set(operation, figures)
    return (code, milliseconds) => {
      figures.byCode.set(code, (figures.byCode.get(code) ?? 0) + 1)
      let i = 0
      while (i < timeBounds.length && milliseconds > (timeBounds[i] as number)) i++
      figures.within[i] = (figures.within[i] as number) + 1
      figures.milliseconds += milliseconds
    }
  }

  #histogram() {
    return {
      ...durations,
      type: 'histogram',
      aggregator: 'sum',
      values: [...this.#operations].flatMap(series),
    }
  }
}

/** As Prometheus has them: buckets that include the ones before, the sum and the count. */
function series([operation, { within, milliseconds }]: [string, Figures]) {
  let count = 0
  const buckets = [...within].map((some, i) => {
    count += some
    return {
      metricName: `${durations.name}_bucket`,
      labels: { operation, le: String(timeBounds[i] ?? '+Inf') },
      value: count,
    }
  })
  if (count === 0) return []
  return [
    ...buckets,
    { metricName: `${durations.name}_sum`, labels: { operation }, value: milliseconds },
    { metricName: `${durations.name}_count`, labels: { operation }, value: count },
  ]
}
