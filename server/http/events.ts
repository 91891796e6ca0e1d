import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** So often something is sent (ms), that proxies leave the connection open and a reader sees that it is. */
const pulse = 15_000

/** Answers with server-sent events, as fast as the reader takes them; whoever goes away ends the iteration. */
export function sendEvents(reply: FastifyReply, events: AsyncIterable<unknown>, report: (error: unknown) => void) {
  const body = new PassThrough()
  const beat = setInterval(() => body.write(':\n\n'), pulse).unref()
  body.on('close', () => clearInterval(beat))
  reply
    .type('text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .send(body)
  pour(events, body).catch(report)
}

async function pour(events: AsyncIterable<unknown>, body: PassThrough) {
  const left = once(body, 'close')
  for await (const event of events) {
    if (body.destroyed) return
    if (!body.write(`data: ${JSON.stringify(event)}\n\n`)) await Promise.race([once(body, 'drain'), left])
  }
  body.end()
}
