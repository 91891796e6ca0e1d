// Sends each request of a list once, over some connections, and prints what came of them as one line of JSON.
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { buffer } from 'node:stream/consumers'

const [url, connections, list] = process.argv.slice(2) as [string, string, string]
const lines = readFileSync(list, 'utf8').trimEnd().split('\n').values()
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) })
const times: number[] = []
let errors = 0

function send(line: string): Promise<void> {
  const [method, path, body = '', ...pairs] = line.split('\t')
  const headers = Object.fromEntries(pairs.map(pair => pair.split(/=(.*)/s).slice(0, 2)))
  const start = performance.now()
  return new Promise((resolve, reject) => {
    const length = body ? { 'content-length': String(Buffer.byteLength(body)) } : {}
    const outgoing = request(`${url}${path}`, { method, agent, headers: { ...headers, ...length } }, async response => {
      await buffer(response)
      times.push(performance.now() - start)
      if ((response.statusCode ?? 0) >= 400) errors++
      resolve()
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

const began = performance.now()
await Promise.all(
  Array.from({ length: Number(connections) }, async () => {
    for (const line of lines) await send(line)
  }),
)
const seconds = (performance.now() - began) / 1000
times.sort((a, b) => a - b)
const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))]
console.log(JSON.stringify({ requests: times.length, seconds, errors, p50: at(0.5), p99: at(0.99) }))
process.exit(0)
