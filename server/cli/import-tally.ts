import { createWriteStream, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { App } from '../apps/apps.sql.ts'
import { type Answer, plural } from './print.ts'

/** Failures that people are shown; the file of results has all. */
const mostShown = 20

/** What became of one line of the file. */
export interface Result {
  line: number
  username: string
  user_id: number
  success: boolean
  /** It was there already, and was left as it is. */
  existed: boolean
  reason: string
}

/** Counts what became of the lines, and keeps it in a file where one is wanted. */
export class Tally {
  imported = 0
  existed = 0
  failed = 0
  /** Somebody has ended the run before the end of the file. */
  isStopped = false
  readonly #failures: Result[] = []
  readonly #file: WriteStream | undefined

  constructor(path: string | undefined) {
    this.#file = path === undefined ? undefined : createWriteStream(path, { flags: 'wx', mode: 0o600 })
  }

  get seen() {
    return this.imported + this.existed + this.failed
  }

  add(results: Result[]) {
    for (const result of results) {
      if (!result.success) this.failed++
      else if (result.existed) this.existed++
      else this.imported++
      if (!result.success && this.#failures.length < mostShown) this.#failures.push(result)
      this.#file?.write(`${JSON.stringify(result)}\n`)
    }
  }

  async close() {
    this.#file?.end()
    if (this.#file) await finished(this.#file)
  }

  answer({ app_id, name }: App, isDry: boolean): Answer {
    const { imported, existed, failed, isStopped } = this
    if (failed > 0 || isStopped) process.exitCode = 1
    const lines = [
      `${plural(imported, 'user')} ${isDry ? 'could be' : 'were'} imported into ${app_id} (${name}); ` +
        `${existed} were there already; ${failed} failed.`,
      ...this.#failures.map(({ line, username, reason }) => `line ${line}${username && ` (${username})`}: ${reason}`),
      ...(isStopped ? ['It was stopped before the end of the file: run it again to go on.'] : []),
      ...(failed > mostShown ? [`… and ${failed - mostShown} more; --results <path> keeps all.`] : []),
    ]
    return {
      data: { app_id, dry_run: isDry, stopped: isStopped, imported, existed, failed, failures: this.#failures },
      text: lines.join('\n'),
    }
  }
}
