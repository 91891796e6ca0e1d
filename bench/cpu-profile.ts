import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What V8 writes with --cpu-prof, as far as it is used here; times in µs. */
interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string }; children?: number[] }[]
  samples: number[]
  timeDeltas: number[]
}

/** Where the processor's time goes, in the order in which a request meets them. */
export const parts = [
  'the kernel: reading from and writing to sockets',
  'Node: HTTP, sockets, timers, the event loop',
  'Fastify and its router',
  'who calls, reading parameters, the envelope',
  'the operation',
  'the batch: waves, loaders, one row for each caller',
  'SQLite, with its sync',
  'writing JSON',
  'garbage collection',
] as const
export type Part = (typeof parts)[number]

const sqlite = new Set(['rowsOf', 'exec', 'prepare', 'all', 'get', 'run'])

const places: [RegExp, Part][] = [
  [/fast-json-stringify/, 'writing JSON'],
  [/node_modules\/(?!ws\/)/, 'Fastify and its router'],
  [/server\/storage\//, 'the batch: waves, loaders, one row for each caller'],
  [/server\/(http|tokens|apps)\/|contract\//, 'who calls, reading parameters, the envelope'],
  [/server\//, 'the operation'],
]

/** The share of each part in the time that the main thread was at work, over the last `seconds` of the profile in the folder. */
export function sharesIn(folder: string, seconds: number): Map<Part, number> {
  const [file = ''] = readdirSync(folder).sort()
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile
  const partOf = new Map(nodes.map(({ id, callFrame }) => [id, partOfFrame(callFrame)]))
  const spent = new Map<Part, number>()
  let [left, total] = [seconds * 1e6, 0]
  for (let i = samples.length - 1; i >= 0 && left > 0; i--) {
    const [part, time] = [partOf.get(samples[i] as number), timeDeltas[i] as number]
    left -= time
    if (part === undefined) continue
    spent.set(part, (spent.get(part) ?? 0) + time)
    total += time
  }
  return new Map(parts.map(part => [part, (spent.get(part) ?? 0) / total]))
}

/** Undefined for a thread that waits. */
function partOfFrame({ functionName, url }: Profile['nodes'][number]['callFrame']): Part | undefined {
  if (functionName === '(idle)') return undefined
  if (functionName === '(garbage collector)') return 'garbage collection'
  if (/^(write(Utf8|Latin1)String|writev|writeBuffer|readStart|\(program\))$/.test(functionName))
    return 'the kernel: reading from and writing to sockets'
  if (/server\/storage\//.test(url) && sqlite.has(functionName)) return 'SQLite, with its sync'
  return places.find(([place]) => place.test(url))?.[1] ?? 'Node: HTTP, sockets, timers, the event loop'
}
