import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { folder } from '../harness.ts'
import { amount } from '../support/amount.ts'
import { makeCrowd, type Written, writeNicknames } from '../support/crowd.ts'
import { KeepAlive } from '../support/keep-alive.ts'
import { until } from '../support/outcomes.ts'
import { serving } from '../support/program.ts'

const clients = 1000
const registrants = 4
const rounds = amount(20, 200)

/** A build's rounds take over a minute on two processors. */
const conditions = { timeout: amount(10, 240) * 60_000 }

interface Registered {
  id: number
  username: string
}

test('a kill under a thousand writers takes nothing that was acknowledged', conditions, async t => {
  const data = join(folder(t), 'data')
  const { program, first } = await serving(t, data)
  program.child.kill('SIGTERM')
  await program.ended
  const members = await makeCrowd(data, first.app_id, clients)
  const written: Written[] = members.map(({ id }) => ({ id, sent: 0, acknowledged: 0 }))
  const registered: Registered[] = []
  let acknowledged = 0

  for (let round = 0; round < rounds; round++) {
    const { program, url } = await serving(t, data)
    const [start, registeredBefore] = [acknowledged, registered.length]
    const killAt = start + clients + Math.floor(Math.random() * 4 * clients)
    // First, since a thousand busy connections are accepted one a turn of the loop.
    const registering = Promise.all(
      Array.from({ length: registrants }, (_, i) => register(url, first.app_id, `r${round}_${i}`, registered)),
    )
    const writing = writeNicknames(url, first.app_id, members, written, () => acknowledged++)
    await until(() => acknowledged >= killAt && registered.length > registeredBefore)
    program.child.kill('SIGKILL')
    await Promise.all([writing, registering, program.ended])

    const after = await serving(t, data)
    const lost = await lostOf(after, written, registered)
    after.program.child.kill('SIGTERM')
    const { code } = await after.program.ended

    assert.deepEqual(lost, [], `round ${round}`)
    assert.equal(code, 0)
  }

  const ids = [...registered, ...written].map(({ id }) => id)
  const duplicates = ids.length - new Set(ids).size
  const { integrity, counted, users } = inspect(data)
  assert.equal(duplicates, 0)
  assert.equal(integrity, 'ok')
  assert.equal(counted, users, 'the counters kept step with the users')
  t.diagnostic(
    `${rounds} kills under ${clients} writers: ${acknowledged + registered.length} acknowledged, 0 lost, ${duplicates} duplicates`,
  )
})

/** Registers one user after the other until the connection is gone, and notes those that were acknowledged. */
async function register(url: string, app: string, prefix: string, registered: Registered[]) {
  const connection = new KeepAlive(url, { app_id: app })
  for (let i = 0; ; i++) {
    const username = `${prefix}_${i}`
    const reply = await connection.call('POST', '/user/register/v2', { username, password: 'a password' })
    if (!reply) return
    assert.equal(reply.code, 200)
    registered.push({ id: (reply.data as { user_id: number }).user_id, username })
  }
}

/** What the restarted program does not know any more. A write that was sent and not acknowledged may be there or not. */
async function lostOf(
  { url, first }: Awaited<ReturnType<typeof serving>>,
  written: Written[],
  registered: Registered[],
): Promise<string[]> {
  const lost: string[] = []
  const checks = [...written, ...registered].values()
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

function inspect(data: string) {
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
