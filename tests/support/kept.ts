import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Written } from './crowd.ts'
import { KeepAlive } from './keep-alive.ts'
import type { serving } from './program.ts'

export interface Registered {
  id: number
  username: string
}

/** Registers one user after the other until the connection is gone, and notes those that were acknowledged. */
export async function registerMany(url: string, app: string, prefix: string, registered: Registered[]) {
  const connection = new KeepAlive(url, { app_id: app })
  for (let i = 0; ; i++) {
    const username = `${prefix}_${i}`
    const reply = await connection.call('POST', '/user/register/v2', { username, password: 'a password' })
    if (reply?.code !== 200) return reply
    registered.push({ id: (reply.data as { user_id: number }).user_id, username })
  }
}

/** What the restarted program does not know any more. A write that was sent and not acknowledged may be there or not. */
export async function lostOf(
  { url, first }: Awaited<ReturnType<typeof serving>>,
  promised: (Written | Registered)[],
): Promise<string[]> {
  const lost: string[] = []
  const checks = promised.values()
  const readers = Array.from({ length: 32 }, async () => {
    const connection = new KeepAlive(url, { app_id: first.app_id, 'access-token': first.admin_token })
    for (const wanted of checks) {
      const reply = await connection.call('GET', '/user/profile', undefined, { user_id: String(wanted.id) })
      const found = reply?.data as { nick_name: string; username: string } | undefined
      if (!found || !isKept(wanted, found)) lost.push(`${JSON.stringify(wanted)} is ${JSON.stringify(found)}`)
    }
    connection.close()
  })
  await Promise.all(readers)
  return lost
}

function isKept(wanted: Written | Registered, { nick_name, username }: { nick_name: string; username: string }) {
  if ('username' in wanted) return username === wanted.username
  return Number(nick_name) >= wanted.acknowledged && Number(nick_name) <= wanted.sent
}

/** Whether a store that nobody serves is whole. */
export function inspect(data: string) {
  const database = new DatabaseSync(join(data, 'stonechat.db'))
  try {
    const value = (query: string) => Object.values(database.prepare(query).get() ?? {})[0]
    return {
      integrity: value('pragma integrity_check'),
      counted: value('select sum(users) from user_counts where width = 0'),
      users: value('select count(*) from users'),
    }
  } finally {
    database.close()
  }
}
