import { closeSync, cpSync, fsyncSync, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Load, type Tool } from './load.ts'
import { endAll, type Place, type Serving, serving } from './processes.ts'
import { type Store, seed } from './seed.ts'

/** How much is measured. */
export interface Plan {
  rounds: number
  /** Of one side of one round. */
  seconds: number
  /** Seconds of load before anything counts: so long it takes until the hot code is compiled for good. */
  warmUp: number
  /** Numbers of users. */
  small: number
  large: number
  connections: number[]
  /** WebSockets that are held at once: below the usual limit of 20,000 descriptors for a process. */
  sockets: number
  /** Starts of a server, for what is measured at the start. */
  starts: number
}

export const program = fileURLToPath(new URL('../bin/stonechat.mjs', import.meta.url))
const bare = fileURLToPath(new URL('bare.ts', import.meta.url))
const bareSockets = fileURLToPath(new URL('sockets/bare-ws.ts', import.meta.url))
const commitEach = fileURLToPath(new URL('commit-each.ts', import.meta.url))

/** One run of the benchmark: its folder, its stores and the servers on them. */
export class Site {
  readonly plan: Plan
  readonly load: Load
  readonly #folder: string
  readonly #stores = new Map<number, Store>()
  #folders = 0

  constructor(plan: Plan, tool: Tool, parent: string) {
    this.plan = plan
    this.#folder = mkdtempSync(join(parent, 'stonechat-bench-'))
    this.load = new Load(tool, this.#folder)
  }

  newFolder(): string {
    return join(this.#folder, `data-${++this.#folders}`)
  }

  /** The store of so many users, made when it is first asked for; may be served, but not changed. */
  async store(users: number): Promise<Store> {
    let store = this.#stores.get(users)
    if (!store) {
      say(`writing ${users.toLocaleString('en')} users …`)
      store = await seed(this.newFolder(), users)
      settle(store.data)
      this.#stores.set(users, store)
    }
    return store
  }

  /** Likewise, for one scenario's own writes. */
  async ownStore(users: number): Promise<Store> {
    const store = await this.store(users)
    const data = this.newFolder()
    cpSync(store.data, data, { recursive: true })
    settle(data)
    return { ...store, data }
  }

  /** The real program, as a process of its own. */
  serve(data: string, place: Place = 'server'): Promise<Serving> {
    return serving(place, [process.execPath, program, 'serve'], environment(data))
  }

  /** The same program, committing each write by itself. */
  serveCommitEach(data: string): Promise<Serving> {
    return serving('server', [process.execPath, '--import', commitEach, program, 'serve'], environment(data))
  }

  /** The same program, which leaves a profile of its processor's time in the folder when it stops. */
  serveProfiled(data: string, folder: string): Promise<Serving> {
    const flags = ['--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', folder]
    return serving('server', [process.execPath, ...flags, program, 'serve'], environment(data))
  }

  /** node:http with one fixed answer. */
  serveBare(answer: object): Promise<Serving> {
    return serving('server', [process.execPath, bare, JSON.stringify(answer)])
  }

  /** The program beside clients that take up both processors, with a heartbeat every `heartbeat` s. */
  serveSockets(data: string, heartbeat: number): Promise<Serving> {
    const settings = { ...environment(data), STONECHAT_HEARTBEAT: String(heartbeat) }
    return serving('anywhere', [process.execPath, program, 'serve'], settings)
  }

  /** ws and nothing else. */
  serveBareSockets(): Promise<Serving> {
    return serving('anywhere', [process.execPath, bareSockets])
  }

  close() {
    endAll()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Waits until all files are on the disk, so that writing them does not slow down what is measured. */
function settle(folder: string) {
  for (const name of readdirSync(folder)) {
    const file = openSync(join(folder, name), 'r+')
    fsyncSync(file)
    closeSync(file)
  }
}

export const environment = (data: string, port = 0) => ({
  PORT: String(port),
  STONECHAT_DATA: data,
  STONECHAT_LIMITS: 'off',
})

/** Progress is for whoever waits; the figures alone go to standard output. */
export const say = (text: string) => console.error(`  ${text}`)
