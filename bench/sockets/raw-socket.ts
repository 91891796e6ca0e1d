import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

/** As little of a WebSocket as a client can do with, so that the load takes little from what is measured. */
export class RawSocket {
  readonly #socket: Socket
  readonly #heard: (opcode: number, payload: Buffer) => void
  #isOpen = false
  #pending: Buffer = Buffer.alloc(0)

  /** Sends `hello` once the server has agreed to speak WebSocket; `gone` is called once, however it ends. */
  constructor(url: URL, hello: string, heard: (opcode: number, payload: Buffer) => void, gone: () => void) {
    this.#heard = heard
    this.#socket = connect(Number(url.port), url.hostname)
    this.#socket.setNoDelay(true)
    this.#socket.write(upgrade(url))
    this.#socket.on('data', data => this.#read(data as Buffer, hello))
    this.#socket.on('error', () => {})
    this.#socket.on('close', gone)
  }

  #read(data: Buffer, hello: string) {
    this.#pending = this.#pending.length === 0 ? data : Buffer.concat([this.#pending, data])
    if (!this.#isOpen) {
      const end = this.#pending.indexOf('\r\n\r\n')
      if (end < 0) return
      if (!this.#pending.toString('latin1', 0, end).startsWith('HTTP/1.1 101')) return this.#socket.destroy()
      this.#isOpen = true
      this.#pending = this.#pending.subarray(end + 4)
      this.#send(opcodes.text, Buffer.from(hello))
    }
    this.#frames()
  }

  #frames() {
    while (this.#pending.length >= 2) {
      const [first, second] = this.#pending as unknown as [number, number]
      const long = second === 126
      const start = long ? 4 : 2
      if (this.#pending.length < start) return
      const size = long ? this.#pending.readUInt16BE(2) : second
      if (this.#pending.length < start + size) return
      const payload = this.#pending.subarray(start, start + size)
      this.#pending = this.#pending.subarray(start + size)
      const opcode = first & 15
      if (opcode === opcodes.ping) this.#send(opcodes.pong, payload)
      this.#heard(opcode, payload)
      if (opcode === opcodes.close) {
        this.#send(opcodes.close, payload)
        this.#socket.end()
      }
    }
    if (this.#pending.length === 0) this.#pending = Buffer.alloc(0)
  }

  /** Masked, as a client has to; with zeros, which leave the payload as it is. */
  #send(opcode: number, payload: Buffer) {
    const size = payload.length
    const head = size < 126 ? [128 | opcode, 128 | size] : [128 | opcode, 128 | 126, size >> 8, size & 255]
    this.#socket.write(Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload]))
  }

  end() {
    this.#socket.destroy()
  }
}

export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 }

const upgrade = ({ host, pathname }: URL) =>
  `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`
