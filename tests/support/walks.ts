import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Process } from './process.ts'
import { launch } from './program.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A part of a page that a reader types: a fenced block with the word `walk` beside its language. */
export interface Walk {
  language: 'sh' | 'ts'
  text: string
}

export function walksOf(page: string): Walk[] {
  return [...page.matchAll(/^```(sh|ts) walk\n(.*?)^```$/gms)].map(([, language, text]) => ({
    language: language as Walk['language'],
    text: text as string,
  }))
}

/** What a walk prints, by the page: its comments that begin with `>`. `…` stands for anything. */
export const shownBy = ({ text }: Walk) => [...text.matchAll(/^(?:#|\/\/)> (.*)$/gm)].map(([, line]) => line as string)

const isShown = (shown: string, line: string) =>
  new RegExp(`^${shown.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.*')}$`).test(line)

/** Fails where a line that was printed is not the one that the page shows. */
export function assertShown(walk: Walk, printed: string[]) {
  const shown = shownBy(walk)
  assert.deepEqual(
    printed.map((line, i) => (isShown(shown[i] ?? '', line) ? shown[i] : line)),
    shown,
  )
}

/** Starts the program on an empty folder, and takes the exports that it prints as a reader's shell would. */
export async function firstShell(t: TestContext, data: string): Promise<Record<string, string>> {
  const program = launch(t, data, { STONECHAT_LIMITS: 'on' })
  await program.says(/Stonechat is ready/)
  const exports = program.output.matchAll(/^export (\w+)=(.*)$/gm)
  return Object.fromEntries([...exports].map(([, name, value]) => [name as string, value as string]))
}

/** Does what the page says, in the project's folder, and returns the lines that come. */
export async function take(t: TestContext, { language, text }: Walk, env: Record<string, string>): Promise<string[]> {
  const [command, ...args] =
    language === 'sh'
      ? ['bash', '-euo', 'pipefail', '-c', text]
      : [process.execPath, '--input-type=module-typescript', '-e', text]
  const done = new Process(t, command as string, args, { cwd: root, env })
  const { code } = await done.ended
  assert.equal(code, 0, done.errors)
  return done.output.split('\n').filter(Boolean)
}
