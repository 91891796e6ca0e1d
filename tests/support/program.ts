import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createClient } from '../../client/index.ts'
import type { FirstRun } from '../../server/first-run.ts'
import { databaseOf, environmentOf } from './engine.ts'
import { Process } from './process.ts'

export const launcher = fileURLToPath(new URL('../../bin/stonechat.mjs', import.meta.url))

/** A heap that is small and cleared often: else it grows for a while because it may. What leaks fills it, and ends the program. */
export const frugal = [process.execPath, '--max-old-space-size=48', '--max-semi-space-size=1']

/** Starts the program as a user does, with nothing set but the port, the data folder, and what the test asks for. */
export function launch(t: TestContext, data: string, env: Record<string, string> = {}, command = [process.execPath]) {
  const [node, ...before] = command as [string, ...string[]]
  return new Process(t, node, [...before, launcher, 'serve'], {
    env: {
      PORT: '0',
      STONECHAT_DATA: data,
      STONECHAT_LIMITS: 'off',
      STONECHAT_RESERVE: '0',
      STONECHAT_LOG: 'error',
      ...environmentOf(data),
      ...env,
    },
    detached: true,
  })
}

/** Likewise, and waits until it serves. */
export async function serving(t: TestContext, data: string, env?: Record<string, string>, command?: string[]) {
  await databaseOf(t, data)
  const program = launch(t, data, env, command)
  const [, url = ''] = await program.says(/Stonechat is ready at (\S+)/)
  const first = JSON.parse(readFileSync(join(data, 'first-run.json'), 'utf8')) as FirstRun
  const stranger = createClient({ url, appId: first.app_id })
  return { program, url, first, stranger, admin: stranger.as(first.admin_token) }
}
