import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { afterwards } from './afterwards.ts'

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

/** A process of its own, with nothing of our environment but the path; it is gone after the test. */
export class Process {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  #output = ''
  #errors = ''

  constructor(t: TestContext, command: string, args: string[], options: SpawnOptions = {}) {
    this.child = spawn(command, args, { stdio: 'pipe', ...options, env: { PATH: process.env.PATH, ...options.env } })
    this.child.stdout?.on('data', data => {
      this.#output += data
    })
    this.child.stderr?.on('data', data => {
      this.#errors += data
    })
    this.ended = once(this.child, 'close').then(([code, signal]) => ({ code, signal }) as Ended)
    afterwards(t, () => {
      this.#kill(options.detached === true)
      return this.ended
    })
  }

  /** Where it leads a group, all of the group: what it started in its turn must not stay behind. */
  #kill(group: boolean) {
    const { pid } = this.child
    if (pid === undefined) return
    try {
      process.kill(group ? -pid : pid, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }

  get output() {
    return this.#output
  }

  get errors() {
    return this.#errors
  }

  /** Waits until the output has it. Fails, with what was said, where the process ends before. */
  async says(wanted: RegExp): Promise<RegExpMatchArray> {
    let over = false
    this.ended.then(() => {
      over = true
      this.child.stdout?.emit('data', '')
    })
    for (;;) {
      const found = wanted.exec(this.#output)
      if (found) return found
      if (over) throw new Error(`the process ended before it said ${wanted}: ${this.#output}${this.#errors}`)
      await once(this.child.stdout as NonNullable<ChildProcess['stdout']>, 'data')
    }
  }
}
