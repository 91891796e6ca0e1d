import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Tool } from './load.ts'
import { pins } from './processes.ts'
import { median } from './rounds.ts'

/** What the figures depend on, a line each. */
export function describeMachine(folder: string, tool: Tool): string[] {
  const kind = cpus()[0]?.model.trim().replace(/\s+/g, ' ') ?? 'unknown'
  return [
    `Processor: ${kind}, ${availableParallelism()} cores; ${Math.round(totalmem() / 2 ** 30)} GB of memory`,
    `System: ${platform()} ${release()} (${arch()}), Node ${process.version}`,
    `Data folder: ${inMemory(folder) ? 'in memory, so a commit costs nothing and the durable writes show nothing' : `on disk, where an fsync takes ${fsyncTime(folder).toFixed(2)} ms`}`,
    `Load: ${tool} over loopback, ${pins ? 'on processor 1 while the server is on processor 0 (`taskset`), unless said otherwise' : 'not pinned to any processor'}`,
    `Other work on the machine when the run began: ${loadavg()[0]?.toFixed(2)} processors, averaged over a minute`,
  ]
}

const tmpfs = 0x01021994
const inMemory = (folder: string) => statfsSync(folder).type === tmpfs

/** Median, in ms, of what a small write costs until it is durable. */
function fsyncTime(folder: string): number {
  const path = join(folder, `stonechat-fsync-${process.pid}`)
  const file = openSync(path, 'w')
  const times = Array.from({ length: 100 }, () => {
    writeSync(file, Buffer.alloc(4096))
    const start = performance.now()
    fsyncSync(file)
    return performance.now() - start
  })
  closeSync(file)
  rmSync(path)
  return median(times)
}
