import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { ApiError } from '../../contract/errors.ts'
import { bounds } from '../../contract/frames.ts'
import type { Announcement } from '../bus/announcements.ts'
import { failureBody, languageOf } from '../http/envelope.ts'
import { Conversation } from './conversation.ts'
import type { Desk } from './desk.ts'
import { Socket } from './socket.ts'

/** Over how long clients are asked to spread when they come back (ms): a second at least, and one for each connection. */
const spreadOf = (connections: number) => Math.max(1000, connections)

/** `GET /realtime`: takes sockets in, brings announcements to them, and sends them away when the node stops. */
export class Gateway {
  readonly #desk: Desk
  readonly #sockets = new WebSocketServer({
    WebSocket: Socket,
    noServer: true,
    perMessageDeflate: false,
    maxPayload: bounds.frameBytes,
    clientTracking: false,
  })
  readonly #conversations = new Set<Conversation>()
  readonly #empty = Promise.withResolvers<void>()
  #stopping = false

  constructor(desk: Desk) {
    this.#desk = desk
  }

  listen(server: Server) {
    const { services, dismissals, watchers } = this.#desk
    services.bus.subscribe(this.#deliver, () => {
      dismissals.look()
      watchers.lookAgain()
    })
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  /** No new connections; those that are there are told to come back, spread over time, and are waited for. */
  async stop() {
    this.#stopping = true
    const spread = spreadOf(this.#conversations.size)
    for (const conversation of this.#conversations) conversation.stop(spread)
    if (this.#conversations.size > 0) await this.#empty.promise
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    if (this.#stopping) return turnAway(socket)
    const { origin, 'accept-language': languages } = request.headers
    this.#sockets.handleUpgrade(request, socket, head, webSocket => {
      const visitor = { origin, language: languageOf(languages) }
      this.#conversations.add(new Conversation(this.#desk, webSocket, visitor, this.#over))
    })
  }

  readonly #over = (conversation: Conversation) => {
    this.#conversations.delete(conversation)
    if (this.#stopping && this.#conversations.size === 0) this.#empty.resolve()
  }

  readonly #deliver = (announcement: Announcement, isForeign: boolean) => {
    const { hub, watchers, watch, dismissals } = this.#desk
    const { about } = announcement
    if (about === 'push') return hub.deliverPush(announcement.push)
    if (about === 'presence') return watchers.changed(announcement.change.app, announcement.change.user)
    if (isForeign && (about === 'ending' || about === 'dismissals')) return dismissals.look()
    if (about !== 'ending' && about !== 'notice') return
    const start = performance.now()
    if (about === 'notice') hub.deliverNotice(announcement.notice)
    else {
      hub.deliverEnding(announcement.ending)
      watchers.changed(announcement.ending.app, announcement.ending.user)
    }
    watch.told(about, performance.now() - start)
  }
}

function turnAway(socket: Duplex) {
  const body = failureBody(new ApiError('overloaded'), 'en')
  // Whoever does not wait for the answer needs none.
  socket.on('error', () => {})
  socket.end(
    `HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
