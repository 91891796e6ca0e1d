/**
 * Calls that start at once and end sessions. Whatever comes first: what has ended does not come back, and no state is
 * half one and half the other.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Person, testNode } from './harness.ts'
import { leftOf } from './support/database.ts'
import { count, outcome, outcomes } from './support/outcomes.ts'
import { codesOf, everyRound, hashing, liveTokens, rounds, signInWhile, times } from './support/races.ts'

test('sign-ins around a deletion leave nobody signed in and no row behind', async t => {
  await everyRound(t, async (node, i) => {
    const name = `user_${i}`
    const { user_id } = await node.stranger.accounts.register({ username: name, password: 'x' })
    const remove = () => node.admin.actingFor(user_id).accounts.deleteUser({})

    const { codes, people } = await signInWhile(node, name, i % 5, remove)

    assert.ok(
      codes.every(code => code === 200 || code === 402),
      String(codes),
    )
    assert.equal(count(await codesOf(people), 402), people.length)
    assert.deepEqual(await leftOf(node, user_id), ['deleted_users'])
    assert.equal(await outcome(node.signIn(name, 'x')), 402)
  })
})

test('sign-ins around a ban leave nobody signed in', async t => {
  await everyRound(t, async (node, i) => {
    const name = `user_${i}`
    const { user_id } = await node.stranger.accounts.register({ username: name, password: 'x' })
    const ban = () => node.admin.accounts.disable({ list: [user_id] })

    const { codes, people } = await signInWhile(node, name, i % 5, ban)

    assert.ok(
      codes.every(code => code === 200 || code === 13001),
      String(codes),
    )
    assert.equal(count(await codesOf(people), 402), people.length)
    assert.equal(await liveTokens(node, user_id), 0)
    assert.equal(await outcome(node.signIn(name, 'x')), 13001)
  })
})

test('sign-ins with the old password around its change leave nobody signed in', async t => {
  await everyRound(t, async (node, i) => {
    const name = `user_${i}`
    const { user_id } = await node.stranger.accounts.register({ username: name, password: 'x' })
    const change = () => node.admin.actingFor(user_id).accounts.changePasswordAdmin({ password: 'y' })

    const { codes, people } = await signInWhile(node, name, i % 5, change)

    assert.ok(
      codes.every(code => code === 200 || code === 402),
      String(codes),
    )
    assert.equal(count(await codesOf(people), 402), people.length)
    assert.equal(await liveTokens(node, user_id), 0)
    assert.deepEqual(await outcomes([node.signIn(name, 'x'), node.signIn(name, 'y')]), [402, 200])
  })
})

test('of two devices that change the password at once one wins, and signs the other out', async t => {
  await everyRound(t, async (node, i) => {
    const name = `user_${i}`
    const devices = [await node.signUp(name, 'x'), await node.signIn(name, 'x')]

    const codes = await outcomes(
      devices.map(({ accounts }, n) => accounts.changePassword({ old_password: 'x', new_password: `new ${n}` })),
    )

    const winner = codes.indexOf(200)
    assert.deepEqual([count(codes, 200), count(codes, 402)], [1, 1])
    assert.deepEqual(await codesOf(devices), codes)
    const signIns = await outcomes(['x', 'new 0', 'new 1'].map(password => node.signIn(name, password)))
    assert.deepEqual(signIns, [402, winner === 0 ? 200 : 402, winner === 1 ? 200 : 402])
  })
})

test('of two changes of the password on one device one wins, and the other had the wrong old password', async t => {
  await everyRound(t, async (node, i) => {
    const name = `user_${i}`
    const { accounts, profiles } = await node.signUp(name, 'x')

    const codes = await outcomes(
      times(2, n => accounts.changePassword({ old_password: 'x', new_password: `new ${n}` })),
    )

    assert.deepEqual([count(codes, 200), count(codes, 11001)], [1, 1])
    assert.equal(await outcome(profiles.getProfile()), 200)
    assert.equal(await outcome(node.signIn(name, `new ${codes.indexOf(200)}`)), 200)
  })
})

test('a user deleted by itself and by an admin at once is deleted once, and counted once', async t => {
  await everyRound(t, async (node, i) => {
    const stays = await node.admin.accounts.register({ username: `stays_${i}`, password: 'x' })
    const ann = await node.signUp('ann', 'x')
    const byAdmin = () => node.admin.actingFor(ann.id).accounts.deleteUser({})

    const codes = await outcomes([byAdmin(), ann.accounts.deleteUser({ password: 'x' }), byAdmin(), byAdmin()])

    assert.equal(count(codes, 200), 1)
    assert.deepEqual(await leftOf(node, ann.id), ['deleted_users'])
    const pages = await Promise.all(times(i + 2, n => node.admin.accounts.listUsers({ page_num: n + 1, page_size: 1 })))
    assert.deepEqual(
      pages.at(-2)?.data.map(({ user_id }) => user_id),
      [stays.user_id],
    )
    assert.deepEqual(pages.at(-1)?.data, [])
  })
})

test('sign-ins at once on one device leave one token alive', async t => {
  await everyRound(t, async (node, i) => {
    const name = `user_${i}`
    const { user_id } = await node.stranger.accounts.register({ username: name, password: 'x' })

    const people = await Promise.all(times(6, () => node.signIn(name, 'x', 'phone')))

    assert.equal(new Set(people.map(({ device }) => device)).size, 1)
    assert.equal(count(await codesOf(people), 200), 1)
    assert.equal(await liveTokens(node, user_id), 1)
  })
})

test('sign-ins at once do not pass the cap of devices', async t => {
  const node = await testNode(t, hashing)
  const app = await node.otherApp({ device_cap: 3 })
  const { user_id } = await app.stranger.accounts.register({ username: 'ann', password: 'x' })

  const people = await Promise.all(times(3 + rounds, () => app.signIn('ann', 'x')))

  assert.equal(count(await codesOf(people), 200), 3)
  const { data } = await app.admin.actingFor(user_id).devices.listDevices()
  assert.equal(data.length, 3)
  assert.equal(new Set(people.map(({ device }) => device)).size, 3 + rounds)
})

test('a kick amid the requests of many devices ends all of them for good', async t => {
  await everyRound(t, async (node, i) => {
    const name = `user_${i}`
    const people = [await node.signUp(name, 'x'), await node.signIn(name, 'x'), await node.signIn(name, 'x')]
    const requests = (n: number) => codesOf(times(n, k => people[k % 3] as Person))

    const warm = await requests(30)
    const [, amid] = await Promise.all([node.admin.actingFor((people[0] as Person).id).devices.kick({}), requests(60)])
    const after = await requests(30)

    assert.equal(count(warm, 200), 30)
    assert.equal(count(amid, 200) + count(amid, 402), 60)
    assert.equal(count(after, 402), 30)
  })
})

test('a deletion amid the writes of the user leaves no row of them', async t => {
  await everyRound(t, async (node, i) => {
    const { id, device, push, profiles, settings, devices } = await node.signUp(`user_${i}`, 'x')
    const write = (n: number) => [
      push.addTags({ tags: [`tag ${n}`] }),
      push.setAlias({ alias: `alias ${i} ${n}` }),
      profiles.setNickname({ nick_name: `name ${n}` }),
      settings.setSettings({ user_id: id, push_token: `push token ${i} ${n}` }),
      devices.bindDeviceToken({ device_sn: device, device_token: `token ${i} ${n}`, notifier_name: 'capture' }),
    ]

    const before = times(4, write).flat()
    const deletion = node.admin.actingFor(id).accounts.deleteUser({})
    const codes = await outcomes([...before, ...times(4, write).flat()])
    await deletion

    // Whoever was let in before the deletion may hear that the user, or its device, is gone.
    for (const code of codes) assert.ok([200, 402, 10021, 13002].includes(code), String(codes))
    assert.deepEqual(await leftOf(node, id), ['deleted_users'])
  })
})
