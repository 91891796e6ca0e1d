import cluster, { type Worker } from 'node:cluster'

/** A worker that ends sooner than this after its start (ms) is not replaced at once: what ends it may last. */
const life = 1000

/** What a worker tells the process that started it. */
export interface Ready {
  ready: string
}

/**
 * Starts `count` nodes that share a port, each a process of its own, and replaces one that ends. Done when all have
 * stopped: with the exit code. Where the first ones cannot start, nobody replaces them, and all are stopped.
 */
export function runWorkers(count: number, args: string[], say: (sentence: string) => void): Promise<number> {
  cluster.setupPrimary({ args })
  const { promise, resolve } = Promise.withResolvers<number>()
  const started = new Map<Worker, number>()
  const ready = new Set<Worker>()
  let hasServed = false
  let stopping = false
  let worst = 0

  const start = () => {
    if (!stopping) started.set(cluster.fork(), performance.now())
  }
  const stop = () => {
    stopping = true
    for (const worker of started.keys()) worker.process.kill('SIGTERM')
    if (started.size === 0) resolve(worst)
  }

  cluster.on('message', (worker, message: Ready) => {
    ready.add(worker)
    if (ready.size < count || hasServed) return
    hasServed = true
    say(`Stonechat is ready at ${message.ready} (${count} workers)`)
  })
  cluster.on('exit', (worker, code, signal) => {
    const lived = performance.now() - (started.get(worker) ?? 0)
    started.delete(worker)
    ready.delete(worker)
    if (stopping || !hasServed) {
      // One that was just starting does not know yet what the signal means.
      if (signal !== 'SIGTERM') worst = Math.max(worst, code ?? 1)
      if (!stopping) stop()
      else if (started.size === 0) resolve(worst)
      return
    }
    say(`worker ${worker.process.pid} ended (${signal ?? `code ${code}`}): another takes its place`)
    setTimeout(start, lived < life ? life : 0)
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop)
  for (let i = 0; i < count; i++) start()
  return promise
}

/** In a worker: tells the process that started it where it serves; false where nobody did. */
export function tellReady(url: string): boolean {
  if (!cluster.isWorker) return false
  process.send?.({ ready: url } satisfies Ready)
  return true
}
