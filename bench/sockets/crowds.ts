import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Serving } from '../processes.ts'
import type { Answer, Ask, Member } from './crowd.ts'

/** Two, since one process cannot hold as many sockets as the server beside its files. */
const processes = 2
/** Sockets that one process opens at a time: what a listening socket lets wait. */
const connectsAtOnce = 256

/** Whose sockets they are, and whom to ask for a kick. */
export interface Guests {
  app: string
  adminToken: string
  members: Member[]
}

/** Clients that hold sockets to one server, in processes of their own. */
export class Crowds {
  readonly #server: Pick<Serving, 'url'>
  readonly #guests: Guests
  readonly #crowds: ChildProcess[]

  constructor(server: Pick<Serving, 'url'>, guests: Guests) {
    this.#server = server
    this.#guests = guests
    const program = fileURLToPath(new URL('crowd.ts', import.meta.url))
    this.#crowds = Array.from({ length: processes }, () => fork(program, { execPath: process.execPath }))
  }

  /** Waits until the processes run. */
  async start() {
    await this.#all(() => ({ ask: 'count' }))
    return this
  }

  /** All connect; returns how long that took (s), and throws where one was lost. */
  async connect(): Promise<number> {
    const { app, members } = this.#guests
    const start = performance.now()
    const answers = await this.#all<{ connected: number; lost: number }>(i => ({
      ask: 'connect',
      url: this.#server.url,
      app,
      members: members.filter((_, at) => at % processes === i),
      atOnce: connectsAtOnce,
    }))
    const seconds = (performance.now() - start) / 1000
    const lost = answers.reduce((sum, answer) => sum + answer.lost, 0)
    if (lost > 0) throw new Error(`${lost} of ${members.length} sockets were lost`)
    return seconds
  }

  /** Kicks `count` users who were not kicked yet; from sending the call to the close that the client sees (ms), sorted. */
  async kick(count: number, atOnce: number): Promise<number[]> {
    const { app, adminToken } = this.#guests
    const [each, lanes] = [count / processes, Math.ceil(atOnce / processes)].map(Math.floor) as [number, number]
    const answers = await this.#all<{ times: number[] }>(() => ({
      ask: 'kick',
      url: this.#server.url,
      app,
      adminToken,
      count: each,
      atOnce: lanes,
    }))
    return answers.flatMap(({ times }) => times).sort((a, b) => a - b)
  }

  /** Sockets that the server has not closed. */
  async open(): Promise<number> {
    const answers = await this.#all<{ open: number }>(() => ({ ask: 'count' }))
    return answers.reduce((sum, { open }) => sum + open, 0)
  }

  async end() {
    await Promise.all(
      this.#crowds.map(async crowd => {
        const gone = once(crowd, 'exit')
        crowd.kill('SIGKILL')
        await gone
      }),
    )
  }

  #all<Kind extends Answer>(ask: (i: number) => Ask): Promise<Kind[]> {
    return Promise.all(
      this.#crowds.map(async (crowd, i) => {
        const answer = once(crowd, 'message')
        crowd.send(ask(i))
        return ((await Promise.race([answer, ended(crowd)])) as [Kind])[0]
      }),
    )
  }
}

async function ended(crowd: ChildProcess): Promise<never> {
  const [code] = await once(crowd, 'exit')
  throw new Error(`the process that holds the sockets ended with ${code}`)
}
