import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { UsageError } from './failure.ts'

/** Asks on the terminal; refuses where there is none. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('there is no terminal to ask on: say --yes if you mean it')
  using lines = onTerminal(true)
  return (await lines.ask(`${question} Type yes to go on: `)) === 'yes'
}

/** Asks twice for a new password, without showing it. */
export async function askPassword(): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError('there is no terminal to ask on: give the password to --stdin')
  using lines = onTerminal(false)
  const password = await lines.ask('New password: ')
  if (password !== (await lines.ask('Once more: '))) throw new Error('the two are not the same: nothing was changed')
  return password
}

/** The standard input up to its end, without one line break there. */
export async function readPassword(): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of process.stdin) parts.push(part as Buffer)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts)).replace(/\r?\n$/, '')
  } catch {
    throw new Error('the password is not UTF-8')
  }
}

/** Questions go to the standard error, so that the standard output has the answer alone. */
function onTerminal(echo: boolean) {
  const silence = new Writable({ write: (_part, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: echo ? process.stderr : silence, terminal: true })
  const lines = reader[Symbol.asyncIterator]()
  reader.once('SIGINT', () => reader.close())
  return {
    async ask(question: string): Promise<string> {
      reader.setPrompt(question)
      if (echo) reader.prompt()
      else process.stderr.write(question)
      const { value, done } = await lines.next()
      if (!echo || done) process.stderr.write('\n')
      if (done) throw new Error('interrupted: nothing was changed')
      return value
    },
    [Symbol.dispose]: () => reader.close(),
  }
}
