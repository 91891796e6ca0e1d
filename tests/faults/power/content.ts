/** The bytes of a file, with room behind them, so that a log that grows is not copied at each write. */
export class Content {
  #room: Buffer
  #size: number

  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.#room = Buffer.alloc(bytes.length)
    bytes.copy(this.#room)
    this.#size = bytes.length
  }

  get bytes(): Buffer {
    return this.#room.subarray(0, this.#size)
  }

  write(at: number, data: Buffer) {
    if (at + data.length > this.#size) this.resize(at + data.length)
    data.copy(this.#room, at)
  }

  /** What is cut off comes back as zeros. */
  resize(size: number) {
    if (size > this.#room.length) {
      const room = Buffer.alloc(Math.ceil(size * 1.5))
      this.bytes.copy(room)
      this.#room = room
    }
    this.#room.fill(0, Math.min(size, this.#size), Math.max(size, this.#size))
    this.#size = size
  }
}
