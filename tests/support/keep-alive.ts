import { connect, type Socket } from 'node:net'

export interface Reply {
  status: number
  code: number
  data: unknown
}

/** One connection that is kept open and has one call on its way at a time. A call answers undefined once the connection is gone. */
export class KeepAlive {
  readonly #socket: Socket
  readonly #headers: string
  #received = Buffer.alloc(0)
  #answer: ((reply: Reply | undefined) => void) | undefined
  #gone = false

  constructor(url: string, headers: Record<string, string>) {
    const { hostname, port, host } = new URL(url)
    this.#headers = lines({ host, ...headers })
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true })
    this.#socket.on('data', data => this.#read(data as Buffer))
    // A reset is one of the ends that the callers ask about.
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => {
      this.#gone = true
      this.#settle(undefined)
    })
  }

  call(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Reply | undefined> {
    if (this.#gone) return Promise.resolve(undefined)
    const text = body ? JSON.stringify(body) : ''
    const length: Record<string, string> = body
      ? { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }
      : {}
    this.#socket.write(`${method} ${path} HTTP/1.1\r\n${this.#headers}${lines({ ...headers, ...length })}\r\n${text}`)
    return new Promise(resolve => {
      this.#answer = resolve
    })
  }

  close() {
    this.#socket.destroy()
  }

  #read(data: Buffer) {
    this.#received = Buffer.concat([this.#received, data])
    const end = this.#received.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = this.#received.subarray(0, end).toString('latin1')
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1])
    if (this.#received.length < end + 4 + length) return
    const body = JSON.parse(this.#received.subarray(end + 4, end + 4 + length).toString())
    this.#received = this.#received.subarray(end + 4 + length)
    this.#settle({ status: Number(head.slice(9, 12)), code: body.code, data: body.data })
  }

  #settle(reply: Reply | undefined) {
    this.#answer?.(reply)
    this.#answer = undefined
  }
}

const lines = (headers: Record<string, string>) =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
