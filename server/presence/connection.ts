import type { WebSocket } from 'ws'
import { bounds, type CloseReason, closeCodes, type ServerFrame } from '../../contract/frames.ts'
import type { Session } from '../tokens/sessions.ts'

/** Who is at the other end, from the hello on. */
export interface Peer {
  app: string
  user: number
  device: number
  /** 0 unknown */
  platform: number
  /** As it was given, to ask for the session again. */
  token: string
  session: Session
}

/** How long the other side may take to agree to a close (ms). */
const farewell = 800

/** Pushes whose confirmation is waited for; whoever leaves more of them unconfirmed is not believed about the oldest. */
const mostUnconfirmed = 1000

/** One open WebSocket of a device. */
export class Connection {
  readonly id: string
  /** In which failures are explained. */
  readonly language: 'en' | 'zh'
  readonly #socket: WebSocket
  readonly #owner: { left(): void }
  #peer: Peer | undefined
  #open = true
  #code: number | undefined
  /** Something came from the other side since the last sweep. */
  heard = true
  /** It was let in: from here on notices reach it. */
  isReady = false
  /** Another connection of the same device has its place. */
  succeeded = false
  /** The users whose presence it asked for, with what it was told last; undefined until it asks. */
  subscriptions: Map<number, boolean | undefined> | undefined
  /** Frames that came in the window that began at `windowAt`. */
  #frames = 0
  #windowAt = 0
  /** By task, the nodes that wait to hear that a push has arrived. */
  #unconfirmed: Map<number, string> | undefined

  /** `owner` hears once that this side closes or the other is gone. */
  constructor(id: string, socket: WebSocket, language: 'en' | 'zh', owner: { left(): void }) {
    this.id = id
    this.language = language
    this.#socket = socket
    this.#owner = owner
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

  /** Why this side closed; undefined where it did not. */
  get closedWith() {
    return this.#code
  }

  send(frame: ServerFrame) {
    if (!this.#open) return
    if (this.#socket.bufferedAmount > bounds.waitingBytes) return this.close('too_slow')
    this.#socket.send(JSON.stringify(frame))
  }

  ping() {
    this.#socket.ping()
  }

  /** Counts a frame at `now` (ms, of a clock that never goes back); true when there were too many of them. */
  floods(now: number): boolean {
    if (now - this.#windowAt > bounds.frameSeconds * 1000) {
      this.#windowAt = now
      this.#frames = 0
    }
    return ++this.#frames > bounds.frames
  }

  /** A push goes out for the node `from`; its confirmation will not be held against the other side. */
  pushes(frame: ServerFrame<'push'>, from: string) {
    this.#unconfirmed ??= new Map()
    this.#unconfirmed.set(frame.task_id, from)
    if (this.#unconfirmed.size > mostUnconfirmed)
      this.#unconfirmed.delete(this.#unconfirmed.keys().next().value as number)
    this.send(frame)
  }

  /** A confirmation came: the node that waits for it; undefined where nobody does. */
  confirms(task: number): string | undefined {
    const from = this.#unconfirmed?.get(task)
    if (from === undefined) return undefined
    this.#unconfirmed?.delete(task)
    this.#frames--
    return from
  }

  close(reason: CloseReason) {
    if (!this.#open) return
    this.#open = false
    this.#code = closeCodes[reason]
    this.#socket.close(this.#code, reason)
    setTimeout(() => this.#socket.terminate(), farewell).unref()
    this.#owner.left()
  }

  /** The same token, looked up again. */
  renew(session: Session) {
    if (this.#peer) this.#peer = { ...this.#peer, session }
  }

  /** The other side is gone: nobody is left to say goodbye to. */
  cut() {
    this.#socket.terminate()
    if (!this.#open) return
    this.#open = false
    this.#owner.left()
  }
}
