import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'

/** How long an answer may wait for a reader that takes nothing of it, and how often it is looked at (ms). */
const patience = 10_000
const look = 1000

interface Waiting {
  sent: number
  since: number
}

/**
 * Node lets a client ask, and take no answer away, for ever: what waits for it would hold a socket and its memory.
 * Connections of `/realtime` have bounds of their own.
 */
export function cutSlowReaders(server: Server) {
  const sockets = new Map<Socket, Waiting | undefined>()
  server.on('connection', (socket: Socket) => {
    sockets.set(socket, undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('upgrade', ({ socket }: IncomingMessage) => sockets.delete(socket))
  const timer = setInterval(() => {
    const now = performance.now()
    for (const [socket, waiting] of sockets) {
      const next = stillWaiting(socket, waiting, now)
      if (next && now - next.since > patience) socket.destroy()
      else if (next !== waiting) sockets.set(socket, next)
    }
  }, look).unref()
  server.once('close', () => clearInterval(timer))
}

/** Since when nothing has moved; undefined where nothing waits. */
function stillWaiting(socket: Socket, before: Waiting | undefined, now: number): Waiting | undefined {
  if (socket.writableLength === 0) return undefined
  const sent = socket.bytesWritten - socket.writableLength
  return before?.sent === sent ? before : { sent, since: now }
}
