/**
 * Calls that start at once for one thing that only one can have. The first may win, or the last: what counts is that
 * exactly one does.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findAlias } from '../server/push/push.sql.ts'
import { type Person, testNode } from './harness.ts'
import { count, outcomes } from './support/outcomes.ts'
import { everyRound, hashing, rounds, times } from './support/races.ts'

test('many who register one name at once make one user', async t => {
  await everyRound(t, async ({ stranger, admin, signIn }, i) => {
    const attempts = times(20, n => ({ username: n % 2 ? `name_${i}` : `NAME_${i}`, password: `password ${n}` }))
    const codes = await outcomes(attempts.map((user, n) => (n % 3 ? stranger : admin).accounts.register(user)))

    assert.equal(count(codes, 200), 1)
    assert.equal(count(codes, 10004), 19)
    const winner = attempts[codes.indexOf(200)] as (typeof attempts)[number]
    assert.equal((await signIn(winner.username, winner.password)).name, winner.username)
    assert.equal((await admin.accounts.listUsers()).data.length, i + 1)
  })
})

test('many who register at once do not pass the cap of the app', async t => {
  const node = await testNode(t, hashing)
  const { stranger, admin } = await node.otherApp({ user_cap: rounds })

  const codes = await outcomes(
    times(rounds + 10, i => stranger.accounts.register({ username: `u${i}`, password: 'x' })),
  )

  assert.equal(count(codes, 200), rounds)
  assert.equal(count(codes, 40002), 10)
  assert.equal((await admin.accounts.listUsers()).data.length, rounds)
})

test('two users who take one alias, name or mobile at once: one of them has it', async t => {
  const node = await testNode(t, hashing)
  const people = [await node.signUp('ann', 'x'), await node.signUp('ben', 'x')] as const
  const sql = node.node.services.sql

  for (let i = 0; i < rounds * 5; i++) {
    const mobile = `+49151${String(i).padStart(8, '0')}`
    const each = <T>(take: (person: Person) => Promise<T>) => outcomes(times(20, n => take(people[n % 2] as Person)))
    const aliasCodes = await each(({ push }) => push.setAlias({ alias: `alias ${i}` }))
    const nameCodes = await each(({ accounts }) => accounts.setUsername({ username: `name_${i}` }))
    const mobileCodes = await each(({ accounts }) => accounts.setMobile({ mobile }))

    const profiles = await Promise.all(people.map(({ profiles }) => profiles.getProfile()))
    const aliases = await Promise.all(people.map(({ id }) => findAlias(sql, node.appId, id)))
    assert.equal(count(aliases, `alias ${i}`), 1)
    assert.equal(
      count(
        profiles.map(({ username }) => username),
        `name_${i}`,
      ),
      1,
    )
    assert.equal(
      count(
        profiles.map(({ mobile }) => mobile),
        mobile,
      ),
      1,
    )
    for (const [codes, loss] of [
      [aliasCodes, 13004],
      [nameCodes, 11011],
      [mobileCodes, 11012],
    ] as const)
      assert.deepEqual([count(codes, 200), count(codes, loss)], [10, 10])
  }
})

test('two users who bind one device token at once: one of them has it, and all calls succeed', async t => {
  const node = await testNode(t, hashing)
  const people = [await node.signUp('ann', 'x'), await node.signUp('ben', 'x')] as const

  for (let i = 0; i < rounds * 5; i++) {
    const device_token = `token ${i}`
    const bind = ({ device, devices }: Person) =>
      devices.bindDeviceToken({ device_sn: device, device_token, notifier_name: 'capture' })
    const codes = await outcomes(times(20, n => bind(people[n % 2] as Person)))

    const owners = await node.node.services.sql`
      select user_id from bindings where app_id = ${node.appId} and device_token = ${device_token}`
    assert.equal(count(codes, 200), 20)
    assert.equal(owners.length, 1)
  }
})

test('two users who claim one push token at once: one of them has it', async t => {
  const node = await testNode(t, hashing)
  const people = [await node.signUp('ann', 'x'), await node.signUp('ben', 'x')] as const

  for (let i = 0; i < rounds * 5; i++) {
    const push_token = `push token ${i}`
    const codes = await outcomes(
      times(20, n =>
        (people[n % 2] as Person).settings.setSettings({ user_id: (people[n % 2] as Person).id, push_token }),
      ),
    )

    const tokens = await Promise.all(people.map(async ({ settings }) => (await settings.getSettings()).push_token))
    assert.equal(count(tokens, push_token), 1)
    assert.deepEqual([count(codes, 200), count(codes, 13005)], [10, 10])
  }
})
