import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { afterwards } from './afterwards.ts'

export interface Told {
  headers: Record<string, string>
  payload: string
  event: { type: string; timestamp: string; data: { app_id: string; user_id?: number; fields?: string[] } }
}

/** The app's own server: keeps what it is told, and answers as `answer` says. */
export async function receiver(t: TestContext) {
  const told: Told[] = []
  const state = { answer: 200, headers: {} as Record<string, string>, until: Promise.resolve() }
  const server = createServer(async (request, response) => {
    const payload = await text(request)
    told.push({ headers: request.headers as Record<string, string>, payload, event: JSON.parse(payload) })
    const { answer, headers, until } = state
    await until
    response.writeHead(answer, headers).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  afterwards(t, () => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, url: `${origin}/hook`, told, state, types: () => told.map(({ event }) => event.type) }
}
