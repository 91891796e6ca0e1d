/** Lets the clock of the running program jump (libfaketime): what was revoked or has run out stays so, and nobody is locked out. */
import assert from 'node:assert/strict'
import { globSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder } from '../harness.ts'
import { amount } from '../support/amount.ts'
import { commandLine } from '../support/command-line.ts'
import { outcomes, until } from '../support/outcomes.ts'
import { serving } from '../support/program.ts'
import { missing } from '../support/programs.ts'
import { online } from '../support/realtime.ts'

const hour = 3600
const day = 24 * hour
const password = 'a password'
const conditions = { skip: missing('faketime'), timeout: amount(2, 60) * 60_000 }

test('a clock that jumps revives nothing, kills nothing and locks nobody out', conditions, async t => {
  const place = folder(t)
  const data = join(place, 'data')
  const clock = join(place, 'clock')
  const [library = ''] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')
  const set = (seconds: number) => {
    writeFileSync(`${clock}.next`, `${seconds < 0 ? '' : '+'}${seconds}`)
    renameSync(`${clock}.next`, clock)
  }
  set(0)
  const { url, stranger, admin } = await serving(t, data, {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: clock,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  })
  const jump = async (seconds: number) => {
    set(seconds)
    await until(async () => Math.abs((await serverTime(url)) - Date.now() / 1000 - seconds) < 5)
  }
  const signIn = async (name: string, device_guid: string) => {
    const session = await stranger.tokens.signInByName({ name, password, device_guid })
    return { ...session, ...stranger.as(session.token) }
  }
  await Promise.all(['ann', 'ben'].map(username => stranger.accounts.register({ username, password })))
  const [kicked, kept, banned] = await Promise.all([signIn('ann', 'lost'), signIn('ann', 'kept'), signIn('ben', 'his')])
  await kept.devices.kick({ device_sn: kicked.device_sn })
  await admin.accounts.disable({ list: [banned.user_id] })
  const codes = () => outcomes([kicked, kept, banned].map(each => each.profiles.getProfile()))

  const hours = Array.from({ length: amount(6, 200) }, () => Math.floor(Math.random() * 96) - 48)
  for (const jumped of [0, ...hours]) {
    await jump(jumped * hour)
    assert.deepEqual(await codes(), [402, 200, 402], `at ${jumped} hours`)
    assert.deepEqual(await outcomes([signIn('ann', 'kept too')]), [200])
    assert.deepEqual(await outcomes([signIn('ben', 'his')]), [13001])
  }

  await jump(0)
  const watcher = await online(t, kept)
  await jump(hour)
  await until(async () => (await kept.presence.getOnlineStatus()).online)
  assert.equal(watcher.closed.length, 0)

  await commandLine(t, data).text('app', 'set', 'token-days=1')
  const brief = await signIn('ann', 'brief')
  const seen = await outcomes([brief.profiles.getProfile()])
  await jump(hour + 2 * day)
  seen.push(...(await outcomes([brief.profiles.getProfile()])))
  await jump(0)
  seen.push(...(await outcomes([brief.profiles.getProfile(), kept.profiles.getProfile()])))
  assert.deepEqual(seen, [200, 402, 402, 200])
  t.diagnostic(`${hours.length + 5} jumps of the clock: 0 revived, 0 killed, 0 locked out`)
})

/** Seconds since 1970, as the server's answers say. */
async function serverTime(url: string): Promise<number> {
  const { headers } = await fetch(`${url}/healthz`)
  return Date.parse(headers.get('date') ?? '') / 1000
}
