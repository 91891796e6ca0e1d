import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { ApiError } from '../../contract/errors.ts'
import type { ClientFrame, CloseReason } from '../../contract/frames.ts'
import { failureOf } from '../http/envelope.ts'
import type { Services } from '../services.ts'
import { Connection, type Peer } from './connection.ts'
import { readFrame } from './frames.ts'
import { greet } from './hello.ts'
import { Hub } from './hub.ts'
import type { Leases } from './leases.ts'
import { presenceOf } from './presence.ts'

export interface GatewayRules {
  heartbeatSeconds: number
  /** Browsers may connect from any origin. */
  anyOrigin: boolean
}

/** Told of what happens, for the figures. */
export interface Watch {
  hello(platform: number): void
  closed(code: number): void
}

const path = '/realtime'
const helloWithin = 5000
const largestFrame = 16 * 1024
const mostFrames = 100
const frameWindow = 10_000
const mostSubscriptions = 500

/** `GET /realtime`: from the upgrade through hello, frames and close. */
export class Gateway {
  readonly #services: Services
  readonly #hub = new Hub(connection => this.letGo(connection))
  readonly #leases: Leases
  readonly #rules: GatewayRules
  readonly #watch: Watch
  readonly #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: largestFrame,
    clientTracking: false,
  })
  #stopping = false
  /** All that are open, with or without a hello, and those whose end is still to be written down. */
  readonly #connections = new Set<Connection>()

  constructor(services: Services, leases: Leases, rules: GatewayRules, watch: Watch) {
    this.#services = services
    this.#leases = leases
    this.#rules = rules
    this.#watch = watch
  }

  get hub() {
    return this.#hub
  }

  listen(server: Server) {
    this.#services.bus.subscribe(this.#hub.deliver)
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  /** No new connections; those that are there are told to come back, spread over time, and are waited for. */
  async stop() {
    this.#stopping = true
    const spread_ms = Math.max(1000, this.#hub.size)
    for (const connection of this.#connections) {
      connection.send({ type: 'stopping', spread_ms })
      connection.close('stopping')
    }
    while (this.#connections.size > 0) await new Promise(resolve => setTimeout(resolve, 20))
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    if (this.#stopping || request.url?.split('?')[0] !== path) {
      socket.end(
        `HTTP/1.1 ${this.#stopping ? '503 Service Unavailable' : '404 Not Found'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      )
      return
    }
    this.#sockets.handleUpgrade(request, socket, head, webSocket => this.#serve(webSocket, request.headers.origin))
  }

  #serve(socket: WebSocket, origin: string | undefined) {
    const connection = new Connection(randomUUID(), socket)
    this.#connections.add(connection)
    const late = setTimeout(() => this.#refuse(connection, new ApiError('timed_out'), 'against_the_rules'), helloWithin)
    let greeted = false
    socket.on('message', (data, isBinary) => {
      connection.heard = true
      if (!connection.isOpen) return
      try {
        const frame = readFrame(data as Buffer, isBinary)
        if (greeted) return this.#take(connection, frame)
        clearTimeout(late)
        greeted = true
        this.#hello(connection, frame, origin).catch(error => this.#refuse(connection, error, 'session_over'))
      } catch (error) {
        this.#refuse(connection, error, 'unreadable')
      }
    })
    socket.on('pong', () => {
      connection.heard = true
    })
    // What breaks a connection (an oversized frame, a reset) also closes it, and that is where it is let go.
    socket.on('error', error => this.#services.debug(error))
    socket.on('close', code => {
      clearTimeout(late)
      this.#watch.closed(code)
      connection.cut()
      this.letGo(connection).finally(() => this.#connections.delete(connection))
    })
  }

  /** Held first, leased second: an ending that comes between the two finds the connection, one before them the token. */
  async #hello(connection: Connection, frame: ClientFrame, origin: string | undefined) {
    if (frame.type !== 'hello')
      throw new ApiError('bad_request', { en: 'the first frame must be hello', zh: '第一帧必须是 hello' })
    const peer = await greet(this.#services, frame, origin, this.#rules.anyOrigin)
    if (!connection.isOpen) return
    this.#hub.hold(connection, peer)
    const wasOffline = await this.#leases.take({ ...peer, connection: connection.id }, peer.session.hash)
    connection.leased = true
    if (!connection.isOpen) return void (await this.#giveUpLease(connection, peer))
    this.#watch.hello(peer.platform)
    connection.send({
      type: 'ready',
      user_id: peer.user,
      device_sn: peer.device,
      heartbeat_seconds: this.#rules.heartbeatSeconds,
    })
    this.#announce(peer, 'device_online', wasOffline ? true : undefined)
  }

  #take(connection: Connection, frame: ClientFrame) {
    const peer = connection.peer
    if (!peer || !connection.leased) throw new ApiError('bad_request', { en: 'wait for ready', zh: '请等待 ready' })
    if (connection.floods(this.#services.now(), mostFrames, frameWindow)) return connection.close('too_many')
    if (frame.type === 'heartbeat') connection.send({ type: 'heartbeat' })
    else if (frame.type === 'unsubscribe') this.#hub.unwatch(connection, frame.user_ids)
    else if (frame.type === 'subscribe')
      this.#subscribe(connection, peer, frame.user_ids).catch(error =>
        this.#refuse(connection, error, 'against_the_rules'),
      )
    else throw new ApiError('bad_request', { en: 'hello was said already', zh: '已发送过 hello' })
  }

  /** Watched first, read second: a change that comes between the two is told after what was read. */
  async #subscribe(connection: Connection, { app }: Peer, users: number[]) {
    if (new Set([...connection.subscriptions, ...users]).size > mostSubscriptions)
      throw new ApiError('invalid_parameter', {
        en: `a connection watches at most ${mostSubscriptions} users`,
        zh: `每个连接最多订阅 ${mostSubscriptions} 个用户`,
      })
    this.#hub.watch(connection, users)
    for (const { user_id, online, last_seen } of await presenceOf(this.#services, app, users))
      connection.send({ type: 'presence', user_id, online, last_seen })
  }

  #refuse(connection: Connection, error: unknown, reason: CloseReason) {
    const failure = failureOf(error)
    if (failure.failure === 'internal') this.#services.report(error)
    connection.send({ type: 'error', code: failure.code, message: failure.message })
    connection.close(reason)
  }

  /** From here on nobody reaches the connection, and nobody counts it as online. */
  readonly letGo = async (connection: Connection) => {
    this.#hub.release(connection)
    if (connection.peer) await this.#giveUpLease(connection, connection.peer).catch(this.#services.report)
  }

  async #giveUpLease(connection: Connection, peer: Peer) {
    if (!connection.leased) return
    connection.leased = false
    const isOffline = await this.#leases.giveUp({ ...peer, connection: connection.id })
    this.#announce(peer, 'device_offline', isOffline ? false : undefined)
  }

  #announce({ app, user, device }: Peer, type: 'device_online' | 'device_offline', online: boolean | undefined) {
    const { bus, now } = this.#services
    bus.publish({ about: 'notice', notice: { app, user, frame: { type, device_sn: device }, except: device } })
    if (online !== undefined) bus.publish({ about: 'presence', change: { app, user, online, at: now() } })
  }
}
