import { connect, createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { WebSocket } from 'ws'
import type { Client, Notices, Realtime, RealtimeOptions } from '../../client/index.ts'
import { type ClientFrame, realtimePath, type ServerFrame } from '../../contract/frames.ts'
import { afterwards } from './afterwards.ts'
import { until } from './outcomes.ts'

type Closed = Notices['closed']

/** A device's connection through the client, with all that it heard. */
export interface Listener {
  socket: Realtime
  ready: Notices['ready'][]
  notices: Notices['notice'][]
  presence: Notices['presence'][]
  closed: Closed[]
  waiting: number[]
  /** Waits for the first close. */
  gone(): Promise<Closed>
}

/** Connects and waits for ready; closed after the test. */
export async function online(t: TestContext, client: Client, options?: RealtimeOptions): Promise<Listener> {
  const listener = listen(t, client, options)
  listener.socket.connect()
  await until(() => listener.ready.length > 0)
  return listener
}

/** Not connected yet. */
export function listen(t: TestContext, client: Client, options?: RealtimeOptions): Listener {
  const socket = client.realtime(options)
  afterwards(t, () => socket.close())
  const listener: Listener = {
    socket,
    ready: [],
    notices: [],
    presence: [],
    closed: [],
    waiting: [],
    async gone() {
      await until(() => listener.closed.length > 0)
      return listener.closed[0] as Closed
    },
  }
  socket.on('ready', frame => listener.ready.push(frame))
  socket.on('notice', frame => listener.notices.push(frame))
  socket.on('presence', frame => listener.presence.push(frame))
  socket.on('closed', event => listener.closed.push(event))
  socket.on('waiting', ({ milliseconds }) => listener.waiting.push(milliseconds))
  return listener
}

/** A bare WebSocket, for what the client would never do. */
export interface Bare {
  socket: WebSocket
  frames: ServerFrame[]
  /** Undefined while it is open. */
  code(): number | undefined
  send(frame: ClientFrame | Buffer | string): void
  /** The close code; waits for it. */
  gone(): Promise<number>
  /** The first frame of this type; waits for it, and fails when the connection closes without. */
  frame<Type extends ServerFrame['type']>(type: Type): Promise<ServerFrame<Type>>
}

/** An open socket that has not said hello. */
export async function bare(t: TestContext, url: string, headers: Record<string, string> = {}): Promise<Bare> {
  const socket = new WebSocket(url.replace(/^http/, 'ws') + realtimePath, { headers })
  const frames: ServerFrame[] = []
  let code: number | undefined
  afterwards(t, () => socket.terminate())
  socket.on('message', data => frames.push(JSON.parse(String(data)) as ServerFrame))
  socket.on('error', () => {})
  socket.on('close', closedWith => {
    code = closedWith
  })
  await until(() => socket.readyState === WebSocket.OPEN || code !== undefined)
  return {
    socket,
    frames,
    code: () => code,
    send: frame => socket.send(Buffer.isBuffer(frame) || typeof frame === 'string' ? frame : JSON.stringify(frame)),
    async gone() {
      await until(() => code !== undefined)
      return code as number
    },
    async frame(type) {
      await until(() => code !== undefined || frames.some(frame => frame.type === type))
      const found = frames.find(frame => frame.type === type)
      if (!found) throw new Error(`closed with ${code} before any ${type}`)
      return found as ServerFrame<typeof type>
    },
  }
}

export const helloOf = ({ connection }: Client, more: Partial<ClientFrame<'hello'>> = {}): ClientFrame<'hello'> => ({
  type: 'hello',
  app_id: connection.appId,
  access_token: connection.token ?? '',
  ...more,
})

/** A bare socket that was let in. */
export async function bareReady(t: TestContext, client: Client, more?: Partial<ClientFrame<'hello'>>): Promise<Bare> {
  const socket = await bare(t, client.connection.url)
  socket.send(helloOf(client, more))
  await socket.frame('ready')
  return socket
}

/** A network between the client and the node, which a test can take away without anybody being told. */
export async function network(t: TestContext, url: string) {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  let isThere = true
  const server = createServer(near => {
    const far = connect(Number(port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', data => isThere && to.write(data))
      from.on('close', () => isThere && to.destroy())
      from.on('error', () => {})
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  afterwards(t, () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    /** From here on nothing comes through, and nobody hears of it. */
    vanish() {
      isThere = false
    },
  }
}
