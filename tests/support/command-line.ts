import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { environmentOf } from './engine.ts'
import { Process } from './process.ts'
import { launcher } from './program.ts'

export interface Said {
  code: number | null
  output: string
  errors: string
}

/** The command line of one data folder, each call a process of its own that is not on a terminal. */
export function commandLine(t: TestContext, data: string, env: Record<string, string> = {}) {
  const run = async (words: string[], input = ''): Promise<Said> => {
    const whole = { STONECHAT_DATA: data, ...environmentOf(data), ...env }
    const program = new Process(t, process.execPath, [launcher, ...words], { env: whole })
    program.child.stdin?.end(input)
    const { code } = await program.ended
    return { code, output: program.output, errors: program.errors }
  }
  return {
    run,

    /** What it prints; fails where it fails. */
    async text(...words: string[]): Promise<string> {
      const { code, output, errors } = await run(words)
      assert.deepEqual({ code, errors }, { code: 0, errors: '' })
      return output
    },

    /** The one JSON document that it answers with; fails where it fails. */
    async json<T>(...words: string[]): Promise<T> {
      const { code, output, errors } = await run([...words, '--json'])
      assert.deepEqual({ code, errors }, { code: 0, errors: '' })
      return JSON.parse(output) as T
    },

    /** The one sentence with which it refuses; fails where it does not, or says anything more. */
    async refusal(...words: string[]): Promise<{ code: number | null; sentence: string }> {
      const { code, output, errors } = await run(words)
      assert.notEqual(code, 0)
      assert.equal(output, '')
      assert.match(errors, /^stonechat: [^\n]+\n$/)
      return { code, sentence: errors.slice('stonechat: '.length).trimEnd() }
    },
  }
}
