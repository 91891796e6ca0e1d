// Runs once: it is about the file that SQLite keeps.
/** On a disk of 3 MB that somebody else fills: what must work goes on, what grows is refused, and it recovers alone. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { folder } from '../harness.ts'
import { afterwards } from '../support/afterwards.ts'
import { inspect } from '../support/kept.ts'
import { outcome, outcomes, refusal, until } from '../support/outcomes.ts'
import { serving } from '../support/program.ts'

const skip = process.getuid?.() === 0 ? undefined : 'mounting a small disk needs root'
const password = 'a password'

test('a full disk refuses what grows, and lets people sign in, be banned and be signed out', { skip }, async t => {
  const disk = smallDisk(t, '3m')
  const data = join(disk, 'data')
  const { program, stranger, admin, url } = await serving(t, data, { STONECHAT_RESERVE: '1' })
  const users = await Promise.all(
    ['ann', 'ben', 'cid'].map(username => stranger.accounts.register({ username, password })),
  )
  const [, ben, cid] = users.map(({ user_id }) => user_id) as [number, number, number]
  const sessions = await Promise.all(
    ['ann', 'ben', 'cid'].map(name => stranger.tokens.signInByName({ name, password })),
  )
  const [asAnn, asBen, asCid] = sessions.map(({ token }) => stranger.as(token)) as [Client, Client, Client]
  await asAnn.profiles.setNickname({ nick_name: 'before' })
  await until(() => existsSync(join(data, 'reserve')))

  const filler = join(disk, 'filler')
  fill(filler)
  await until(async () => (await metric(url, 'stonechat_disk_full')) === 1)
  fill(filler, 600_000)

  const refused = await refusal(asAnn.profiles.setNickname({ nick_name: 'during' }))
  assert.deepEqual([refused.code, refused.status, refused.retryAfter], [503, 503, 30])
  assert.equal(await outcome(stranger.accounts.register({ username: 'dee', password })), 503)
  const again = () => stranger.tokens.signInByName({ name: 'ann', password, device_guid: 'again' })
  for (let i = 0; i < 30; i++) assert.equal(await outcome(again()), 200)
  await admin.accounts.disable({ list: [ben] })
  await admin.actingFor(cid).devices.kick({})
  const reads = await outcomes([asAnn, asBen, asCid].map(each => each.profiles.getProfile()))
  assert.deepEqual(reads, [200, 402, 402])
  assert.equal(
    await outcome(asAnn.accounts.changePassword({ old_password: password, new_password: 'another one' })),
    200,
  )

  rmSync(filler)
  await until(async () => (await metric(url, 'stonechat_disk_full')) === 0)
  await asAnn.profiles.setNickname({ nick_name: 'after' })
  assert.equal((await asAnn.profiles.getProfile()).nick_name, 'after')
  assert.ok(existsSync(join(data, 'reserve')))
  program.child.kill('SIGTERM')
  assert.equal((await program.ended).code, 0)
  const { integrity, counted, users: kept } = inspect(data)
  assert.deepEqual([integrity, counted, kept], ['ok', 3, 3])
})

type Client = Awaited<ReturnType<typeof serving>>['stranger']

/** A disk of its own, in memory. */
function smallDisk(t: TestContext, size: string): string {
  const disk = join(folder(t), 'disk')
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk])
  afterwards(t, () => execFileSync('umount', ['--lazy', disk]))
  return disk
}

/** Leaves `spare` bytes on the disk, or a page where nothing is said. */
function fill(file: string, spare = 4096) {
  appendFileSync(file, '')
  const { bavail, bsize } = statfsSync(file)
  const size = bavail * bsize - spare
  if (size > 0) appendFileSync(file, Buffer.alloc(size))
}

async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
}
