import { randomBytes } from 'node:crypto'
import { existsSync, rmSync, statSync } from 'node:fs'
import { UsageError } from './failure.ts'

/** Refuses a name that is taken, or cannot be one of a file. */
export function mustBeFree(path: string) {
  if (path === '') throw new UsageError('the name of the file is empty')
  if (!existsSync(path)) return
  throw new Error(`${path} exists: ${statSync(path).isDirectory() ? 'name a file in it' : 'name another file'}`)
}

/**
 * Lets `work` make a file under a name of its own beside `path`; whatever happens to it, a failure or Ctrl-C, nothing is left
 * behind that could be taken for a whole one.
 */
export async function withDraft<T>(path: string, work: (draft: string) => Promise<T>): Promise<T> {
  const draft = `${path}.${randomBytes(4).toString('hex')}.part`
  const remove = () => {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(draft + suffix, { force: true })
  }
  const interrupted = () => {
    remove()
    process.exit(130)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted)
  try {
    return await work(draft)
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupted)
    remove()
  }
}
