import { randomUUID } from 'node:crypto'
import type { Line, OpenLine, Parcel } from './line.ts'

/** How often a node speaks to itself over the line, and for how long it may hear nothing of that (ms). */
const beat = 1000
const patience = 2500
/** How long handing something over may take (ms), and opening a line. */
const sending = 1500
const opening = 5000
/** Before a line is opened again (ms): at first, and at the most. */
const shortest = 100
const longest = 2000

export interface WireEvents {
  hear(text: string): void
  /** What was announced may have been lost. */
  gap(): void
  report(error: unknown): void
}

/**
 * A line that heals. Nothing tells of a peer that hangs or of a network that swallows: so the node sends to itself, and
 * where it does not hear that the line is closed and opened anew.
 */
export class Wire {
  readonly name: string
  readonly #open: OpenLine
  readonly #node: string
  readonly #events: WireEvents
  #line: Line | undefined
  #well = false
  #echo = ''
  #heardAt = 0
  #beats: NodeJS.Timeout | undefined
  #wait = shortest
  #stopped = false
  /** Said once, and not at each attempt. */
  #complained = false

  constructor(name: string, open: OpenLine, node: string, events: WireEvents) {
    this.name = name
    this.#open = open
    this.#node = node
    this.#events = events
    void this.#connect()
  }

  get isWell() {
    return this.#well
  }

  get mostBytes() {
    return this.#line?.mostBytes ?? 0
  }

  /** Fails where they could not be handed over in time; then they may have arrived, or not. */
  async send(parcels: readonly Parcel[]) {
    const line = this.#line
    if (!line) throw new Error(`the bus has no line by ${this.name}`)
    try {
      await inTime(line.send(parcels), sending, 'sending took too long')
    } catch (error) {
      this.#break(line, error as Error)
      throw error
    }
  }

  async close() {
    this.#stopped = true
    clearInterval(this.#beats)
    await this.#line?.close()
  }

  async #connect() {
    try {
      // Each attempt has ears of its own: what an earlier one still says is not listened to.
      let line: Line | undefined
      let over: Error | undefined
      const opened = this.#open(this.#node, {
        hear: text => line === this.#line && this.#hear(text),
        gap: () => line !== undefined && line === this.#line && this.#events.gap(),
        broken: error => {
          over = error
          if (line) this.#break(line, error)
        },
      })
      line = await inTime(opened, opening, 'connecting took too long')
      if (this.#stopped) return void (await line.close())
      if (over) throw over
      this.#line = line
      this.#heardAt = performance.now()
      this.#beats = setInterval(() => this.#beat(), beat).unref()
      this.#beat()
    } catch (error) {
      this.#again(error as Error)
    }
  }

  #beat() {
    const line = this.#line
    if (!line) return
    if (performance.now() - this.#heardAt > patience)
      return this.#break(line, new Error('it does not bring what is sent'))
    this.#echo = `echo ${randomUUID()}`
    line.send([{ to: this.#node, text: this.#echo }]).catch(error => this.#break(line, error))
  }

  #hear(text: string) {
    if (!text.startsWith('echo ')) return this.#events.hear(text)
    if (text !== this.#echo) return
    this.#heardAt = performance.now()
    this.#wait = shortest
    if (this.#well) return
    this.#well = true
    this.#complained = false
    this.#events.gap()
  }

  #break(line: Line, error: Error) {
    if (line !== this.#line || this.#stopped) return
    this.#line = undefined
    clearInterval(this.#beats)
    if (this.#well) this.#events.gap()
    this.#well = false
    line.close().catch(this.#events.report)
    this.#again(error)
  }

  #again(error: Error) {
    if (this.#stopped) return
    if (!this.#complained)
      this.#events.report(new Error(`the bus has no line by ${this.name} (${error.message})`, { cause: error }))
    this.#complained = true
    setTimeout(() => void this.#connect(), this.#wait).unref()
    this.#wait = Math.min(longest, 2 * this.#wait)
  }
}

function inTime<T>(work: Promise<T>, milliseconds: number, complaint: string): Promise<T> {
  let timer: NodeJS.Timeout
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(complaint)), milliseconds)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
