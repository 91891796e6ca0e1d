import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { output, type Place, type Serving } from './processes.ts'

/** One line of a list of requests. Ten # in path or body become a number of its own in each request that is sent. */
export interface Request {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  path: string
  body?: string
  headers: Record<string, string>
}

/** What one round showed; times in ms, as the load generator saw them. */
export interface Measured {
  /** Answers a second. */
  rate: number
  p50: number
  p99: number
  /** Of the server's processor time for each answer, in µs; NaN where it cannot be read. Other programs hardly disturb it. */
  work: number
}

export type Tool = 'wrk' | 'autocannon'

/** Sends requests as fast as they are answered, over a fixed number of connections. */
export class Load {
  readonly tool: Tool
  readonly #folder: string
  #lists = 0
  #number = 0

  constructor(tool: Tool, folder: string) {
    this.tool = tool
    this.#folder = folder
  }

  /** Keeps the list in a file, which is what `run` takes. */
  list(requests: Request[]): string {
    const file = join(this.#folder, `requests-${++this.#lists}`)
    writeFileSync(file, `${requests.map(lineOf).join('\n')}\n`)
    return file
  }

  /** Throws where any request failed on the way or got a status of 400 or more. */
  async run(
    server: Serving,
    list: string,
    connections: number,
    seconds: number,
    place: Place = 'load',
  ): Promise<Measured> {
    // Room for more requests than a round can send, so that no number comes twice.
    const number = String(++this.#number * 10_000_000)
    return measured(server, this.#command(server.url, list, connections, seconds, number), place)
  }

  /** Sends `rate` requests a second, whatever the server does, and counts each time from when the request was due. */
  paced(server: Serving, list: string, connections: number, seconds: number, rate: number): Promise<Measured> {
    const [count, time] = [String(connections), String(seconds)]
    const command = [process.execPath, here('paced.ts'), server.url, count, time, list, String(rate)]
    return measured(server, command, 'anywhere')
  }

  #command(url: string, list: string, connections: number, seconds: number, number: string): string[] {
    const [count, time] = [String(connections), String(seconds)]
    if (this.tool === 'autocannon') return [process.execPath, here('autocannon.ts'), url, count, time, list, number]
    return [
      'wrk',
      '-t1',
      `-c${count}`,
      `-d${time}s`,
      '--timeout',
      '20s',
      '-s',
      here('wrk.lua'),
      url,
      '--',
      list,
      number,
    ]
  }
}

/** What a generator's last line says, and what the server spent meanwhile. */
export async function measured(server: Serving, command: string[], place: Place): Promise<Measured> {
  const before = server.processorTime
  const printed = await output(place, command)
  const seen = JSON.parse(printed.trimEnd().split('\n').at(-1) ?? '') as Record<string, number>
  const { requests = 0, seconds = 1, errors, p50 = 0, p99 = 0 } = seen
  if (errors !== 0 || requests === 0)
    throw new Error(`${errors} of ${requests} requests to ${server.url} failed (${command.join(' ')}):\n${printed}`)
  const work = ((server.processorTime - before) * 1000) / requests
  return { rate: requests / seconds, p50, p99, work }
}

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

const lineOf = ({ method, path, body = '', headers }: Request) =>
  [method, path, body, ...Object.entries(headers).map(([name, value]) => `${name}=${value}`)].join('\t')
