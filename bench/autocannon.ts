// Does what wrk.lua does, where there is no wrk: node autocannon.ts <url> <connections> <seconds> <file> <number>
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import autocannon, { type Request } from 'autocannon'

const [url, connections, seconds, file, from] = process.argv.slice(2) as [string, string, string, string, string]
const mark = '##########'
let number = Number(from)

const requests = readFileSync(file, 'utf8').trimEnd().split('\n').map(read)
let clients = 0
const times: number[] = []
let errors = 0

const settings: autocannon.Options = {
  url,
  connections: Number(connections),
  duration: Number(seconds) + 1,
  // Each connection has its share of the requests, so that all together send each of them.
  setupClient(client) {
    const own = clients++ % requests.length
    client.setRequests(requests.filter((_, i) => i % Number(connections) === own))
  },
}
// With a callback it returns what tells of each answer, rather than a promise of the whole.
const run = autocannon(settings, () => {})
run.on('response', (_, status, __, milliseconds) => {
  times.push(milliseconds)
  if (status >= 400) errors++
})
run.on('reqError', () => errors++)

const start = performance.now()
await wait(Number(seconds) * 1000)
const took = (performance.now() - start) / 1000
const sorted = Float64Array.from(times).sort()
const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
console.log(JSON.stringify({ requests: sorted.length, seconds: took, errors, p50: at(0.5), p99: at(0.99) }))
process.exit()

function read(line: string): Request {
  const [method, path, body, ...pairs] = line.split('\t') as [Request['method'], string, string, ...string[]]
  const headers = Object.fromEntries(
    pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
  const request: Request = { method, path, headers, ...(body && { body }) }
  if (!line.includes(mark)) return request
  return {
    ...request,
    setupRequest: (each: Request) => {
      const next = String(++number).padStart(mark.length, '0')
      return { ...each, path: path.replaceAll(mark, next), body: body.replaceAll(mark, next) }
    },
  }
}
