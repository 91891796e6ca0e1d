import { randomUUID } from 'node:crypto'
import { ApiError, fail } from '../../contract/errors.ts'
import { bounds, type ClientFrame, type CloseReason } from '../../contract/frames.ts'
import { Connection, type Peer } from './connection.ts'
import type { Desk } from './desk.ts'
import { readFrame } from './frames.ts'
import { greet } from './hello.ts'
import type { Others } from './leases.ts'
import { refuse } from './refusal.ts'
import type { Listener, Socket } from './socket.ts'

/** What the upgrade said of whoever comes. */
export interface Visitor {
  origin: string | undefined
  language: 'en' | 'zh'
}

const notHello = { en: 'the first frame must be hello', zh: '第一帧必须是 hello' }
const notReady = { en: 'wait for ready', zh: '请等待 ready' }
const helloTwice = { en: 'hello was said already', zh: '已发送过 hello' }

/** In place of what was waited for. */
const greeted = Promise.resolve()

/** One socket from the upgrade to the end: hello, frames, close. */
export class Conversation implements Listener {
  readonly #desk: Desk
  readonly #origin: string | undefined
  readonly #connection: Connection
  readonly #over: (self: Conversation) => void
  #late: NodeJS.Timeout | undefined
  #greeting: Promise<void> | undefined
  #leased = false
  #left: Promise<void> | undefined

  /** `over` is called once: the socket is gone, and nobody counts it as online any more. */
  constructor(desk: Desk, socket: Socket, { origin, language }: Visitor, over: (self: Conversation) => void) {
    this.#desk = desk
    this.#origin = origin
    this.#over = over
    this.#connection = new Connection(randomUUID(), socket, language, this)
    this.#late = setTimeout(() => this.#refuse(new ApiError('timed_out')), bounds.helloSeconds * 1000)
    socket.listen(this)
  }

  /** This side closes, or the other is gone. */
  left() {
    this.#left = this.#leave().catch(this.#desk.services.report)
  }

  pinged() {
    this.#counts()
  }

  ponged() {
    this.#connection.heard = true
  }

  failed(error: Error) {
    this.#desk.services.debug(error)
  }

  async closed(code: number) {
    this.#connection.cut()
    this.#desk.watch.closed(this.#connection.closedWith ?? code)
    await this.#left
    this.#over(this)
  }

  /** The node stops: come back after a random part of `spread_ms`. */
  stop(spread_ms: number) {
    this.#connection.send({ type: 'stopping', spread_ms })
    this.#connection.close('stopping')
  }

  /** False where nothing is to be listened to any more. */
  #counts(): boolean {
    this.#connection.heard = true
    if (this.#connection.floods(performance.now())) this.#refuse(new ApiError('too_many_tries'))
    return this.#connection.isOpen
  }

  hear(data: Buffer, isBinary: boolean) {
    if (!this.#counts()) return
    let frame: ClientFrame
    try {
      frame = readFrame(data, isBinary)
    } catch (error) {
      return this.#refuse(error, 'unreadable')
    }
    try {
      this.#take(frame)
    } catch (error) {
      this.#refuse(error)
    }
  }

  #take(frame: ClientFrame) {
    const { watchers } = this.#desk
    if (!this.#greeting) {
      if (frame.type !== 'hello') return fail('bad_request', notHello)
      this.#inTime()
      this.#greeting = this.#greet(frame)
        .catch(error => this.#refuse(error))
        .then(() => {
          this.#greeting = greeted
        })
    } else if (!this.#connection.isReady) fail('bad_request', notReady)
    else if (frame.type === 'hello') fail('bad_request', helloTwice)
    else if (frame.type === 'heartbeat') this.#connection.send({ type: 'heartbeat' })
    else if (frame.type === 'subscribe') watchers.watch(this.#connection, frame.user_ids)
    else if (frame.type === 'push_received') this.#confirm(frame.task_id)
    else watchers.unwatch(this.#connection, frame.user_ids)
  }

  /** Whoever sent the push waits for it, on whichever node; what nobody sent is not passed on. */
  #confirm(task: number) {
    const { app, user, device } = this.#connection.peer as Peer
    const from = this.#connection.confirms(task)
    if (from === undefined) return
    this.#desk.services.bus.publish({ about: 'receipt', receipt: { app, user, device, task } }, [from])
  }

  /**
   * Held first, leased second: an ending that comes before the lease finds the token dead, one after it the connection
   * held. An older connection of the device goes last, so that the device is not offline in between.
   */
  async #greet(hello: ClientFrame<'hello'>) {
    const { services, hub, leases, doorstep, rules, watch } = this.#desk
    const connection = this.#connection
    await doorstep.pass()
    const { peer, userAgent } = await greet(services, hello, this.#origin, rules.anyOrigin)
    if (!connection.isOpen) return
    hub.hold(connection, peer)
    const others = await leases.take(peer, connection.id, userAgent)
    this.#leased = true
    if (!connection.isOpen) return
    connection.isReady = true
    hub.replaceOlder(connection)
    const { user: user_id, device: device_sn } = peer
    connection.send({ type: 'ready', user_id, device_sn, heartbeat_seconds: rules.heartbeatSeconds })
    watch.hello()
    this.#announce(peer, 'device_online', others)
  }

  /** Forgotten as well: a timer that was cleared still weighs 200 bytes. */
  #inTime() {
    clearTimeout(this.#late)
    this.#late = undefined
  }

  /** Nobody reaches the connection any more; a lease that is just being taken is given back after it. */
  async #leave() {
    const { hub, watchers, leases, doorstep } = this.#desk
    this.#inTime()
    const { peer } = this.#connection
    if (peer) {
      hub.release(this.#connection)
      watchers.unwatch(this.#connection)
    }
    await this.#greeting
    if (!this.#leased) return
    await doorstep.pass()
    await this.#giveUpLease(this.#connection.peer as Peer, leases)
  }

  async #giveUpLease(peer: Peer, leases: Desk['leases']) {
    const others = await leases.giveUp(peer, this.#connection.id)
    const wasTold = this.#connection.isReady && !this.#connection.succeeded
    this.#announce(peer, 'device_offline', { ...others, device: others.device || !wasTold })
  }

  /** Tells the user's other devices unless another connection speaks for this one, and watchers unless another device does. */
  #announce({ app, user, device }: Peer, type: 'device_online' | 'device_offline', others: Others) {
    const { bus } = this.#desk.services
    const notice = { app, user, frame: { type, device_sn: device }, except: device }
    if (!others.device) bus.publish({ about: 'notice', notice })
    if (!others.user) bus.publish({ about: 'presence', change: { app, user } })
  }

  #refuse(error: unknown, reason?: CloseReason) {
    refuse(this.#desk.services, this.#connection, error, reason)
  }
}
