import { statSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { hashToken } from '../../../server/tokens/secrets.ts'
import { KeepAlive } from '../../support/keep-alive.ts'
import { serving } from '../../support/program.ts'

/** Something that a client was promised, and how much of the trace there was when it heard so. */
export type Promised = { at: number } & (
  | { is: 'started'; app: string }
  | { is: 'registered'; id: number; username: string }
  | { is: 'nickname'; id: number; sent: number }
  | { is: 'revoked'; hash: string }
)

export interface Recording {
  app: string
  promised: Promised[]
}

const lax = fileURLToPath(new URL('./lax.mjs', import.meta.url))

/**
 * Starts the program on an empty folder under the recorder, and lets `users` register, sign in twice, write `writes`
 * nicknames in all, and kick their first device, as many at once as there are users. Ends with a kill.
 */
export async function recordLoad(
  t: TestContext,
  {
    recorder,
    folder,
    trace,
    users,
    writes,
    isLax = false,
  }: { recorder: string; folder: string; trace: string; users: number; writes: number; isLax?: boolean },
): Promise<Recording> {
  const env = {
    LD_PRELOAD: recorder,
    RECORD_FOLDER: folder,
    RECORD_TRACE: trace,
    ...(isLax && { NODE_OPTIONS: `--import ${lax}` }),
  }
  const { program, url, first } = await serving(t, `${folder}/data`, env)
  const promised: Promised[] = []
  const promise = (what: WithoutTime<Promised>) => promised.push({ ...what, at: statSync(trace).size } as Promised)
  promise({ is: 'started', app: first.app_id })
  let written = 0

  const people = Array.from({ length: users }, async (_, i) => {
    const username = `writer_${i}`
    const login = { name: username, password: 'a long password' }
    const guest = new KeepAlive(url, { app_id: first.app_id })
    const { user_id: id } = await answer(guest, 'POST', '/user/register/v2', { username, password: login.password })
    promise({ is: 'registered', id, username })
    const lost = await answer(guest, 'POST', '/token/user', { ...login, device_guid: 'lost' })
    const { token } = await answer(guest, 'POST', '/token/user', { ...login, device_guid: 'kept' })
    const self = new KeepAlive(url, { app_id: first.app_id, 'access-token': token })
    const kickAt = Math.floor((writes * (i + 1)) / (users + 1))
    let isKicked = false
    for (let sent = 1; written < writes; sent++) {
      if (!isKicked && written >= kickAt) {
        isKicked = true
        await answer(self, 'POST', '/user/kick', { device_sn: lost.device_sn })
        promise({ is: 'revoked', hash: hashToken(lost.token) })
      }
      await answer(self, 'PUT', '/user/nickname', { nick_name: String(sent) })
      promise({ is: 'nickname', id, sent })
      written++
    }
    guest.close()
    self.close()
  })
  await Promise.all(people)
  program.child.kill('SIGKILL')
  await program.ended
  return { app: first.app_id, promised }
}

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never
type Session = { user_id: number; token: string; device_sn: number }

async function answer(connection: KeepAlive, method: string, path: string, body: object): Promise<Session> {
  const reply = await connection.call(method, path, body)
  if (reply?.code !== 200) throw new Error(`${method} ${path} was answered with ${JSON.stringify(reply)}`)
  return reply.data as Session
}
