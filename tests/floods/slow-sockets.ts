// Opens sockets that are slow in every way: node slow-sockets.ts <url> <sockets>. Says "open" once all are, and stays.
import { connect, type Socket } from 'node:net'

const [url, sockets] = process.argv.slice(2) as [string, string]
const { hostname, port } = new URL(url)

/** Answers that nobody reads pile up in the system's memory, some MB a socket: of these a few are enough. */
const mostReaders = 20
const body = 1000

const upgrade =
  'GET /realtime HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eHh4eHh4eHh4eHh4eHh4eA==\r\n\r\n'

/** What each kind says at first, and what it adds every second. */
const kinds = {
  headers: ['GET /healthz HTTP/1.1\r\nHost: x\r\n', 'X-A: b\r\n'],
  body: [
    `POST /token/user HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body}\r\n\r\n{`,
    ' ',
  ],
  hello: [upgrade, ''],
  reader: ['GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20), ''],
  silent: ['', ''],
} as const

const kindOf = (i: number) =>
  i < Number(sockets) / 10 && i < mostReaders
    ? kinds.reader
    : [kinds.headers, kinds.body, kinds.hello, kinds.silent][i % 4]

const all: { socket: Socket; more: string }[] = []

function open(i: number): Promise<void> {
  const [first = '', more = ''] = kindOf(i) ?? []
  return new Promise(resolve => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(first)
      all.push({ socket, more })
      resolve()
    })
    // Being cut off is what is waited for.
    socket.on('error', () => resolve())
  })
}

for (let i = 0; i < Number(sockets); i += 100)
  await Promise.all(Array.from({ length: Math.min(100, Number(sockets) - i) }, (_, j) => open(i + j)))
console.log('open')
setInterval(() => {
  for (const { socket, more } of all) if (more !== '' && socket.writable) socket.write(more)
}, 1000)
