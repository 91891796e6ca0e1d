import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folder } from '../harness.ts'
import { Process } from '../support/process.ts'

const paced = fileURLToPath(new URL('../../bench/paced.ts', import.meta.url))

export interface Measured {
  requests: number
  errors: number
  p50: number
  p99: number
}

/** One request of a list: method, path, body and headers. */
export type Line = [method: string, path: string, body: string, headers: Record<string, string>]

/** Sends the requests in turn at this rate (a second), from a process of its own, and tells how long answers took (ms). */
export async function pace(
  t: TestContext,
  url: string,
  lines: Line[],
  rate: number,
  seconds: number,
): Promise<Measured> {
  const file = join(folder(t), 'requests')
  const text = lines.map(([method, path, body, headers]) =>
    [method, path, body, ...Object.entries(headers).map(([name, value]) => `${name}=${value}`)].join('\t'),
  )
  writeFileSync(file, text.join('\n'))
  const process_ = new Process(t, process.execPath, [paced, url, '64', String(seconds), file, String(rate)])
  const [said] = await process_.says(/^\{.*\}$/m)
  return JSON.parse(said) as Measured
}

/** How many files and sockets a process has open. */
export const descriptors = (pid: number | undefined) => readdirSync(`/proc/${pid}/fd`).length
