import type { WebSocket } from 'ws'
import { type CloseReason, closeCodes, type ServerFrame } from '../../contract/frames.ts'
import type { Session } from '../tokens/sessions.ts'

/** Who is at the other end, from the hello on. */
export interface Peer {
  app: string
  user: number
  device: number
  platform: number
  /** As it was given, to ask for the session again. */
  token: string
  session: Session
}

/** Bytes that may wait for a slow reader. */
const patience = 1_048_576
/** How long the other side may take to agree to a close (ms). */
const farewell = 1000

/** One open WebSocket of a device. */
export class Connection {
  readonly id: string
  readonly #socket: WebSocket
  #peer: Peer | undefined
  #open = true
  /** Something came from the other side since the last sweep. */
  heard = true
  /** Its lease is in the database. */
  leased = false
  /** The users whose presence it asked for. */
  readonly subscriptions = new Set<number>()
  /** Frames that came in the window that began at `windowAt`. */
  #frames = 0
  #windowAt = 0

  constructor(id: string, socket: WebSocket) {
    this.id = id
    this.#socket = socket
  }

  /** Undefined before the hello. */
  get peer() {
    return this.#peer
  }

  welcome(peer: Peer) {
    this.#peer = peer
  }

  /** False from the moment at which this side closes: what still arrives is not looked at. */
  get isOpen() {
    return this.#open
  }

  send(frame: ServerFrame) {
    if (!this.#open) return
    if (this.#socket.bufferedAmount > patience) return this.close('too_slow')
    this.#socket.send(JSON.stringify(frame))
  }

  ping() {
    this.#socket.ping()
  }

  /** Counts a frame; true when there were too many of them. */
  floods(now: number, most: number, window: number): boolean {
    if (now - this.#windowAt > window) {
      this.#windowAt = now
      this.#frames = 0
    }
    return ++this.#frames > most
  }

  close(reason: CloseReason) {
    if (!this.#open) return
    this.#open = false
    this.#socket.close(closeCodes[reason], reason)
    setTimeout(() => this.#socket.terminate(), farewell).unref()
  }

  /** The same token, looked up again. */
  renew(session: Session) {
    if (this.#peer) this.#peer = { ...this.#peer, session }
  }

  /** The other side is gone: nobody is left to say goodbye to. */
  cut() {
    this.#open = false
    this.#socket.terminate()
  }
}
