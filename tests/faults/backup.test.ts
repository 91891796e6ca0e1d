// Runs once: it is about the file that SQLite keeps.
/** Takes a backup, by the command of docs/deploy.md, while many write; what it holds is one moment between its start and its end. */
import assert from 'node:assert/strict'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder } from '../harness.ts'
import { commandLine } from '../support/command-line.ts'
import { makeCrowd, type Written, writeNicknames } from '../support/crowd.ts'
import { documented } from '../support/documented.ts'
import { inspect, lostOf } from '../support/kept.ts'
import { until } from '../support/outcomes.ts'
import { serving } from '../support/program.ts'

const writers = 50

test('a backup taken under load is restored whole, with everything acknowledged before it began', async t => {
  const place = folder(t)
  const [data, restored] = [join(place, 'data'), join(place, 'restored')]
  const { program, first } = await serving(t, data)
  program.child.kill('SIGTERM')
  await program.ended
  const members = await makeCrowd(data, first.app_id, writers)
  const written: Written[] = members.map(({ id }) => ({ id, sent: 0, acknowledged: 0 }))
  const running = await serving(t, data)
  await running.stranger.accounts.register({ username: 'ann', password: 'x' })
  let acknowledged = 0
  const writing = writeNicknames(running.url, first.app_id, members, written, () => acknowledged++)
  await until(() => acknowledged > 2000)

  const before = written.map(each => ({ ...each }))
  const copy = join(place, 'stonechat.db.copy')
  const command = documented('docs/deploy.md', /stonechat\.mjs (backup) --data/)
  await commandLine(t, data).text(command, copy)
  const promised = before.map(({ id, acknowledged }, i) => ({ id, acknowledged, sent: written[i]?.sent as number }))
  const during = acknowledged
  await until(() => acknowledged > during + 2000)
  running.program.child.kill('SIGKILL')
  await Promise.all([writing, running.program.ended])
  await commandLine(t, restored).text('restore', copy)
  for (const file of ['master.key', 'first-run.json']) cpSync(join(data, file), join(restored, file))

  const again = await serving(t, restored)
  assert.deepEqual(await lostOf(again, promised), [])
  await again.stranger.tokens.signInByName({ name: 'ann', password: 'x' })
  again.program.child.kill('SIGTERM')
  assert.equal((await again.program.ended).code, 0)
  const { integrity, counted, users } = inspect(restored)
  assert.deepEqual([integrity, counted], ['ok', users])
  t.diagnostic(`restored from a backup under ${writers} writers: ${users} users, 0 lost of what came before it`)
})
