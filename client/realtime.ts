import type { ServerFrame } from '../contract/frames.ts'
import type { Connection } from './call.ts'

/** Who connects: an app's user by its token. The token travels in the first frame, never in the URL. */
export interface RealtimeOptions {
  /** The client's own stable name for the device: the device is named by it, or found again. */
  deviceGuid?: string
  /** 1 ios, 2 android, 3 windows, 4 mac, 5 linux, 6 web. */
  platform?: number
  userAgent?: string
}

export interface Notices {
  /** Let in; also after each reconnect. */
  ready: ServerFrame<'ready'>
  presence: ServerFrame<'presence'>
  /** Whatever else the service tells: `password_changed`, `info_updated`, `device_online` … */
  notice: Exclude<ServerFrame, { type: 'ready' | 'presence' | 'heartbeat' }>
  /** The connection is gone. `final`: the token is over, and there will be no reconnect. */
  closed: { code: number; reason: string; final: boolean }
  /** The next try comes after `milliseconds`. */
  waiting: { milliseconds: number }
}

type Listener<T> = (event: T) => void

const isFinal = (code: number) => code >= 4001 && code <= 4005
const firstPause = 500
const longestPause = 30_000

/** One device's connection, kept up: it heartbeats, comes back by itself, and asks for its subscriptions again. */
export class Realtime {
  readonly #connection: Connection
  readonly #options: RealtimeOptions
  readonly #listeners = new Map<string, Set<Listener<never>>>()
  readonly #watched = new Set<number>()
  #socket: WebSocket | undefined
  #isReady = false
  #stopped = false
  #pause = firstPause
  #spread: number | undefined
  #heard = true
  #heartbeat: ReturnType<typeof setInterval> | undefined
  #retry: ReturnType<typeof setTimeout> | undefined

  constructor(connection: Connection, options: RealtimeOptions = {}) {
    this.#connection = connection
    this.#options = options
  }

  /** Returns what takes the listener away again. */
  on<Name extends keyof Notices>(name: Name, listener: Listener<Notices[Name]>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(listener))
    return () => listeners.delete(listener)
  }

  connect(): this {
    this.#stopped = false
    this.#socket = new WebSocket(`${this.#connection.url.replace(/^http/, 'ws').replace(/\/$/, '')}/realtime`)
    this.#socket.onopen = () => this.#hello()
    this.#socket.onmessage = ({ data }) => this.#take(JSON.parse(String(data)) as ServerFrame)
    this.#socket.onclose = ({ code, reason }) => this.#closed(code, reason)
    return this
  }

  /** Closes, and stays closed until `connect` is called again. */
  close() {
    this.#stopped = true
    clearTimeout(this.#retry)
    this.#socket?.close(1000)
  }

  /** Tells of these users' presence from now on, across reconnects; at most 500 in all. */
  subscribe(userIds: number[]) {
    for (const id of userIds) this.#watched.add(id)
    this.#sendSubscription('subscribe', userIds)
  }

  unsubscribe(userIds: number[]) {
    for (const id of userIds) this.#watched.delete(id)
    this.#sendSubscription('unsubscribe', userIds)
  }

  #sendSubscription(type: 'subscribe' | 'unsubscribe', user_ids: number[]) {
    if (this.#isReady && user_ids.length > 0) this.#send({ type, user_ids })
  }

  #hello() {
    const { appId: app_id, token: access_token } = this.#connection
    const { deviceGuid: device_guid, platform, userAgent: user_agent } = this.#options
    this.#send({ type: 'hello', app_id, access_token, device_guid, platform, user_agent })
  }

  #take(frame: ServerFrame) {
    this.#heard = true
    if (frame.type === 'heartbeat') return
    if (frame.type === 'presence') return this.#emit('presence', frame)
    if (frame.type !== 'ready') {
      if (frame.type === 'stopping') this.#spread = frame.spread_ms
      return this.#emit('notice', frame)
    }
    this.#isReady = true
    this.#pause = firstPause
    this.#heartbeat = setInterval(() => this.#beat(), frame.heartbeat_seconds * 1000)
    this.#sendSubscription('subscribe', [...this.#watched])
    this.#emit('ready', frame)
  }

  /** The service answers each; silence for a whole heartbeat means that it, or the network, is gone. */
  #beat() {
    if (!this.#heard) return this.#socket?.close(4000, 'the service is silent')
    this.#heard = false
    this.#send({ type: 'heartbeat' })
  }

  #closed(code: number, reason: string) {
    clearInterval(this.#heartbeat)
    this.#isReady = false
    this.#heard = true
    const final = isFinal(code)
    this.#emit('closed', { code, reason, final })
    if (final || this.#stopped) return
    const milliseconds = Math.random() * (this.#spread ?? this.#pause)
    this.#pause = Math.min(this.#pause * 2, longestPause)
    this.#spread = undefined
    this.#emit('waiting', { milliseconds })
    this.#retry = setTimeout(() => this.connect(), milliseconds)
  }

  #send(frame: object) {
    this.#socket?.send(JSON.stringify(frame))
  }

  #emit<Name extends keyof Notices>(name: Name, event: Notices[Name]) {
    for (const listener of this.#listeners.get(name) ?? []) (listener as Listener<Notices[Name]>)(event)
  }
}
