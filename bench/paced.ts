// Sends the requests of a file at a fixed rate: node paced.ts <url> <connections> <seconds> <file> <rate a second>
// A time counts from when the request was due, so that one that had to wait for its turn is not a fast one.
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

const [url, connections, seconds, file, rate] = process.argv.slice(2) as [string, string, string, string, string]
const requests = readFileSync(file, 'utf8').trimEnd().split('\n').map(read)
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) })
const apart = 1000 / Number(rate)
const times: number[] = []
let errors = 0
let unanswered = 0

/** What comes before is sent but not counted, in ms: connections open, and Node compiles what it will run. */
const warmUp = 1000
const start = performance.now() + warmUp
const end = start + Number(seconds) * 1000
let due = start - warmUp
for (let i = 0; due < end; ) {
  for (; due <= performance.now() && due < end; due += apart) send(requests[i++ % requests.length] as Line, due)
  await wait(1)
}
while (unanswered > 0) await wait(1)
const sorted = Float64Array.from(times).sort()
const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
const took = (performance.now() - start) / 1000
console.log(JSON.stringify({ requests: sorted.length, seconds: took, errors, p50: at(0.5), p99: at(0.99) }))
process.exit()

type Line = ReturnType<typeof read>

function read(line: string) {
  const [method, path, body, ...pairs] = line.split('\t')
  const headers = pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])
  return { method, path, body, headers: Object.fromEntries(headers) }
}

function send({ method, path, body, headers }: Line, due: number) {
  unanswered++
  request(`${url}${path}`, { method, headers, agent }, response => {
    response.resume().on('end', () => {
      unanswered--
      if ((response.statusCode ?? 500) >= 400) errors++
      else if (due >= start) times.push(performance.now() - due)
    })
  })
    .on('error', () => {
      unanswered--
      errors++
    })
    .end(body)
}
