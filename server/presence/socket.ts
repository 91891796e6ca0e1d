import { WebSocket } from 'ws'

/** Who listens to a socket. */
export interface Listener {
  hear(data: Buffer, isBinary: boolean): void
  /** A ping came. */
  pinged(): void
  /** The answer to a ping of ours came. */
  ponged(): void
  /** What breaks a connection (an oversized frame, a reset) also closes it. */
  failed(error: Error): void
  closed(code: number): void
}

/** A WebSocket that knows its listener: functions that all sockets share weigh nothing, five of its own 300 bytes. */
export class Socket extends WebSocket {
  listener: Listener | undefined

  listen(listener: Listener) {
    this.listener = listener
    this.on('message', onMessage)
    this.on('ping', onPing)
    this.on('pong', onPong)
    this.on('error', onError)
    this.on('close', onClose)
  }
}

function onMessage(this: WebSocket, data: unknown, isBinary: boolean) {
  ;(this as Socket).listener?.hear(data as Buffer, isBinary)
}
function onPing(this: WebSocket) {
  ;(this as Socket).listener?.pinged()
}
function onPong(this: WebSocket) {
  ;(this as Socket).listener?.ponged()
}
function onError(this: WebSocket, error: Error) {
  ;(this as Socket).listener?.failed(error)
}
function onClose(this: WebSocket, code: number) {
  ;(this as Socket).listener?.closed(code)
}
