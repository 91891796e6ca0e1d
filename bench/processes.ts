import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'

/** Where a process may run: a server on the first processor, the load on the second, or either on all. */
export type Place = 'server' | 'load' | 'anywhere'

export const onPath = (program: string) =>
  (process.env.PATH ?? '').split(':').some(folder => folder !== '' && existsSync(`${folder}/${program}`))

/** Whether the places are told apart at all. */
export const pins = onPath('taskset') && availableParallelism() > 1 && canPin()

function canPin() {
  return spawnSync('taskset', ['-c', '1', 'true']).status === 0
}

const processors = { server: '0', load: '1' }

const placed = (place: Place, command: string[]) =>
  pins && place !== 'anywhere' ? ['taskset', '-c', processors[place], ...command] : command

const running = new Set<ChildProcess>()
/** What each wrote to its standard error: of interest only when it fails. */
const complaints = new WeakMap<ChildProcess, string>()

const failed = (child: ChildProcess, how: string) =>
  new Error(`${child.spawnargs.join(' ')} ${how}:\n${complaints.get(child) ?? ''}`)

/** Ends what is still running. */
export function endAll() {
  for (const child of running) child.kill('SIGKILL')
}

type Environment = Record<string, string>

/** Of our own environment only what a program needs to run: settings of an installation stay out. */
export function start(place: Place, command: string[], environment: Environment = {}): ChildProcess {
  const [program, ...rest] = placed(place, command) as [string, ...string[]]
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(program, rest, {
    env: { PATH, HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stderr?.setEncoding('utf8').on('data', text => complaints.set(child, (complaints.get(child) ?? '') + text))
  running.add(child)
  child.on('exit', () => running.delete(child))
  return child
}

/** Runs a program to its end and returns what it printed. */
export async function output(place: Place, command: string[], environment?: Environment): Promise<string> {
  const child = start(place, command, environment)
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', chunk => {
    text += chunk
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw failed(child, `ended with ${code}`)
  return text
}

/** In ms: the unit of processor time in /proc. */
const tick = 10

/** A program that serves until it is stopped. */
export class Serving {
  readonly url: string
  readonly #child: ChildProcess
  readonly #pid: number | undefined

  /** `pid` where it is not the process that was started that does the work, but a child of it. */
  constructor(url: string, child: ChildProcess, pid = child.pid) {
    this.url = url
    this.#child = child
    this.#pid = pid
  }

  /** Processor time that it has used so far, in ms; NaN where the system does not tell it as Linux does. */
  get processorTime(): number {
    const status = this.#read('stat')
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * tick
  }

  /** Memory that it holds at the moment, in MB; likewise. */
  get memory(): number {
    return Number(/VmRSS:\s+(\d+) kB/.exec(this.#read('status'))?.[1]) / 1024
  }

  /** Likewise, without the pages of files that the system lends it. */
  get ownMemory(): number {
    return Number(/RssAnon:\s+(\d+) kB/.exec(this.#read('status'))?.[1]) / 1024
  }

  #read(file: string): string {
    const path = `/proc/${this.#pid}/${file}`
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  }

  async stop() {
    if (!running.has(this.#child)) return
    const ended = once(this.#child, 'exit')
    process.kill(this.#pid as number, 'SIGTERM')
    await ended
  }
}

/** Starts a program; `announced` is the URL that it prints once it is ready. */
export function launch(place: Place, command: string[], environment?: Environment) {
  const child = start(place, command, environment)
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  const announced = new Promise<string>((resolve, reject) => {
    lines.on('line', line => {
      const url = / ready at (http:\S+)/.exec(line)?.[1]
      if (url) resolve(url)
    })
    child.on('close', () => reject(failed(child, 'ended before it was ready')))
  })
  return { child, announced }
}

export async function serving(place: Place, command: string[], environment?: Environment): Promise<Serving> {
  const { child, announced } = launch(place, command, environment)
  return new Serving(await announced, child)
}
