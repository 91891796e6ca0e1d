import { bounds, isFinal, realtimePath, type ServerFrame } from '../contract/frames.ts'
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
  /** A push; it has been confirmed. One that comes twice has the same `task_id`. */
  push: ServerFrame<'push'>
  /** Whatever else the service tells: `password_changed`, `info_updated`, `device_online` … */
  notice: Exclude<ServerFrame, { type: 'ready' | 'presence' | 'push' | 'heartbeat' }>
  /** The connection is gone. `final`: the session is over or another has its place, and there will be no reconnect. */
  closed: { code: number; reason: string; final: boolean }
  /** The next try comes after `milliseconds`. */
  waiting: { milliseconds: number }
}

type Listener<T> = (event: T) => void

const firstPause = 500
const longestPause = 30_000
/** From the first try to `ready` (ms). */
const patience = 10_000
/** What a browser, too, calls a connection that broke. */
const broken = 1006

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
  /** Of the next try or, during one, of its end. */
  #timer: ReturnType<typeof setTimeout> | undefined

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
    if (!this.#socket) this.#open()
    return this
  }

  /** Closes, and stays closed until `connect` is called again. */
  close() {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#socket?.close(1000)
  }

  /** Tells of these users' presence from now on, across reconnects. Throws beyond 500 users in all. */
  subscribe(userIds: number[]) {
    if (new Set([...this.#watched, ...userIds]).size > bounds.subscriptions)
      throw new RangeError(`a connection watches at most ${bounds.subscriptions} users`)
    for (const id of userIds) this.#watched.add(id)
    this.#sendSubscription('subscribe', userIds)
  }

  unsubscribe(userIds: number[]) {
    for (const id of userIds) this.#watched.delete(id)
    this.#sendSubscription('unsubscribe', userIds)
  }

  #sendSubscription(type: 'subscribe' | 'unsubscribe', userIds: number[]) {
    const user_ids = [...new Set(userIds)]
    if (this.#isReady && user_ids.length > 0) this.#send({ type, user_ids })
  }

  #open() {
    clearTimeout(this.#timer)
    const socket = new WebSocket(this.#connection.url.replace(/^http/, 'ws').replace(/\/$/, '') + realtimePath)
    socket.onopen = () => this.#hello()
    socket.onmessage = ({ data }) => this.#take(JSON.parse(String(data)) as ServerFrame)
    socket.onclose = ({ code, reason }) => this.#closed(code, reason)
    this.#socket = socket
    this.#timer = setTimeout(() => this.#abandon(), patience)
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
    if (frame.type === 'push') return this.#pushed(frame)
    if (frame.type === 'ready') return this.#welcomed(frame)
    if (frame.type === 'stopping') this.#spread = frame.spread_ms
    this.#emit('notice', frame)
  }

  /** Confirmed where somebody listens for pushes: else it has to come another way. */
  #pushed(frame: ServerFrame<'push'>) {
    if (!this.#listeners.get('push')?.size) return
    this.#emit('push', frame)
    this.#send({ type: 'push_received', task_id: frame.task_id })
  }

  #welcomed(frame: ServerFrame<'ready'>) {
    clearTimeout(this.#timer)
    this.#isReady = true
    this.#heartbeat = setInterval(() => this.#beat(), frame.heartbeat_seconds * 1000)
    this.#sendSubscription('subscribe', [...this.#watched])
    this.#emit('ready', frame)
  }

  /** The service answers each; silence for a whole heartbeat means that it, or the network, is gone. */
  #beat() {
    if (!this.#heard) return this.#abandon()
    // Only what lasts earns quick tries again: who is turned away each time comes back ever more slowly.
    this.#pause = firstPause
    this.#heard = false
    this.#send({ type: 'heartbeat' })
  }

  /** Nobody may be left to agree to a close, so it is not waited for. */
  #abandon() {
    const socket = this.#socket
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
    this.#closed(broken, 'the service is silent')
  }

  #closed(code: number, reason: string) {
    clearInterval(this.#heartbeat)
    clearTimeout(this.#timer)
    this.#socket = undefined
    this.#isReady = false
    this.#heard = true
    const final = isFinal(code)
    this.#emit('closed', { code, reason, final })
    if (final || this.#stopped || this.#socket) return
    this.#retry()
  }

  /** Everybody who was cut off comes back at a moment of their own. */
  #retry() {
    const milliseconds = Math.random() * (this.#spread ?? this.#pause)
    this.#pause = Math.min(this.#pause * 2, longestPause)
    this.#spread = undefined
    this.#timer = setTimeout(() => this.#open(), milliseconds)
    this.#emit('waiting', { milliseconds })
  }

  #send(frame: object) {
    this.#socket?.send(JSON.stringify(frame))
  }

  #emit<Name extends keyof Notices>(name: Name, event: Notices[Name]) {
    for (const listener of this.#listeners.get(name) ?? []) (listener as Listener<Notices[Name]>)(event)
  }
}
