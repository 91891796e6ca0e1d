import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Person, testNode } from './harness.ts'
import { until } from './support/outcomes.ts'
import { type Listener, online } from './support/realtime.ts'

/** Ann's phone and laptop, and Ben's phone, connected. */
async function household(t: TestContext) {
  const node = await testNode(t)
  const phone = await node.signUp('ann')
  const laptop = await node.signIn('ann', phone.password)
  const ben = await node.signUp('ben')
  const sockets = {
    phone: await online(t, phone),
    laptop: await online(t, laptop),
    ben: await online(t, ben),
  }
  await until(() => sockets.phone.notices.length === 1)
  for (const { notices } of Object.values(sockets)) notices.length = 0
  return { node, phone, laptop, ben, sockets, admin: node.admin.actingFor(phone.id) }
}

type House = Awaited<ReturnType<typeof household>>

/** What each of the three heard, once all that was sent before has arrived. */
async function heard({ sockets, ben, phone, laptop, node }: House) {
  // A notice that comes after all others on each connection that is still open.
  const marks: [Listener, Person][] = [
    [sockets.phone, phone],
    [sockets.laptop, laptop],
    [sockets.ben, ben],
  ]
  for (const [socket, person] of marks) {
    const isOver = () => socket.closed.length > 0
    const mark = { type: 'info_updated' as const, fields: ['mark'] }
    const { bus } = node.node.services
    bus.publish({ about: 'notice', notice: { app: node.appId, user: person.id, frame: mark } })
    await until(() => isOver() || socket.notices.some(notice => 'fields' in notice && notice.fields[0] === 'mark'))
  }
  const told = ({ notices, closed }: Listener) => [
    ...notices
      .filter(notice => !('fields' in notice && notice.fields[0] === 'mark'))
      .map(({ type, ...more }) => ({ type, ...more })),
    ...closed.map(({ code }) => code),
  ]
  return { phone: told(sockets.phone), laptop: told(sockets.laptop), ben: told(sockets.ben) }
}

/** A device goes offline a moment after the call that ended it. */
const offline = (socket: Listener) => until(() => socket.notices.some(({ type }) => type === 'device_offline'))

test('device_added goes to the other devices of the user, when there is a new one', async t => {
  const house = await household(t)

  const tablet = await house.node.signIn('ann', house.phone.password, 'tablet')
  await house.node.signIn('ann', house.phone.password, 'tablet')

  const added = { type: 'device_added', device_sn: tablet.device }
  assert.deepEqual(await heard(house), { phone: [added], laptop: [added], ben: [] })
})

test('device_online and device_offline go to the other devices of the user', async t => {
  const house = await household(t)

  house.sockets.laptop.socket.close()
  await offline(house.sockets.phone)
  await online(t, house.laptop)
  await until(() => house.sockets.phone.notices.length === 2)

  const device_sn = house.laptop.device
  const { phone, ben } = await heard(house)
  assert.deepEqual(phone, [
    { type: 'device_offline', device_sn },
    { type: 'device_online', device_sn },
  ])
  assert.deepEqual(ben, [])
})

test('kicked goes to that device only; the others hear that it is offline', async t => {
  const house = await household(t)

  await house.admin.devices.kick({ device_sn: house.laptop.device })
  await offline(house.sockets.phone)

  const device_sn = house.laptop.device
  assert.deepEqual(await heard(house), {
    phone: [{ type: 'device_offline', device_sn }],
    laptop: [{ type: 'kicked', device_sn }, 4001],
    ben: [],
  })
})

test('a kick of all devices tells each of itself', async t => {
  const house = await household(t)

  await house.admin.devices.kick({})

  assert.deepEqual(await heard(house), {
    phone: [{ type: 'kicked', device_sn: house.phone.device }, 4001],
    laptop: [{ type: 'kicked', device_sn: house.laptop.device }, 4001],
    ben: [],
  })
})

test('device_removed goes to that device only; the others hear that it is offline', async t => {
  const house = await household(t)

  await house.phone.devices.removeDevice({ device_sn: house.laptop.device })
  await offline(house.sockets.phone)

  const device_sn = house.laptop.device
  assert.deepEqual(await heard(house), {
    phone: [{ type: 'device_offline', device_sn }],
    laptop: [{ type: 'device_removed', device_sn }, 4001],
    ben: [],
  })
})

test('replaced goes to the connection whose device was signed in on again', async t => {
  const house = await household(t)
  const tablet = await online(t, await house.node.signIn('ann', house.phone.password, 'tablet'))
  await until(() => house.sockets.phone.notices.length === 2)
  house.sockets.phone.notices.length = house.sockets.laptop.notices.length = 0

  const again = await house.node.signIn('ann', house.phone.password, 'tablet')
  await offline(house.sockets.phone)

  const gone = { type: 'device_offline', device_sn: again.device }
  assert.deepEqual(tablet.notices, [{ type: 'replaced', device_sn: again.device }])
  assert.equal((await tablet.gone()).code, 4005)
  assert.deepEqual(await heard(house), { phone: [gone], laptop: [gone], ben: [] })
})

test('password_changed goes to all devices, and only the acting one stays', async t => {
  const house = await household(t)

  await house.phone.accounts.changePassword({ old_password: house.phone.password, new_password: 'y' })
  await offline(house.sockets.phone)

  assert.deepEqual(await heard(house), {
    phone: [{ type: 'password_changed' }, { type: 'device_offline', device_sn: house.laptop.device }],
    laptop: [{ type: 'password_changed' }, 4003],
    ben: [],
  })
})

for (const [kind, act, code] of [
  ['password_changed', ({ admin }: House) => admin.accounts.changePasswordAdmin({ password: 'y' }), 4003],
  ['disabled', ({ node, phone }: House) => node.admin.accounts.disable({ list: [phone.id] }), 4002],
  ['deleted', ({ admin }: House) => admin.accounts.deleteUser({}), 4004],
] as const)
  test(`${kind} by an admin goes to all devices of the user, and none stays`, async t => {
    const house = await household(t)

    await act(house)

    assert.deepEqual(await heard(house), { phone: [{ type: kind }, code], laptop: [{ type: kind }, code], ben: [] })
  })

test('info_updated goes to all devices of the user with the names of what changed, and no values', async t => {
  const house = await household(t)
  const { phone, admin, node } = house

  await phone.profiles.setNickname({ nick_name: 'Ann' })
  await phone.profiles.setProfile({ description: 'a person', public_info: 'x' })
  await phone.settings.setNoPush({ value: true })
  await phone.settings.setSettings({ user_id: phone.id, auth_mode: 1, vibratory: true })
  await phone.accounts.setMobile({ mobile: '+4912345678' })
  await phone.accounts.setUsername({ username: 'anna' })
  await admin.profiles.setAvatar({ avatar: 'a.png' })
  await node.admin.profiles.setProfileBatch({ list: [{ user_id: phone.id, private_info: 'x' }] })

  const updates = [
    ['nick_name'],
    ['description', 'public_info'],
    ['no_push'],
    ['auth_mode', 'vibratory'],
    ['mobile'],
    ['username'],
    ['avatar'],
    ['private_info'],
  ].map(fields => ({ type: 'info_updated', fields }))
  assert.deepEqual(await heard(house), { phone: updates, laptop: updates, ben: [] })
})

test('what changes nothing, or fails, tells nobody', async t => {
  const house = await household(t)

  await assert.rejects(house.phone.accounts.setUsername({ username: 'ben' }))
  await assert.rejects(house.phone.devices.kick({ device_sn: 99 }))
  await assert.rejects(house.node.admin.accounts.disable({ list: [house.phone.id, 999_999] }))

  assert.deepEqual(await heard(house), { phone: [], laptop: [], ben: [] })
})

test('notices stay in their app, where another has the same user', async t => {
  const node = await testNode(t)
  const other = await node.otherApp()
  const people = [await node.signUp('ann'), await other.signUp('ann')] as const
  const sockets = [await online(t, people[0]), await online(t, people[1])] as const

  await people[0].profiles.setNickname({ nick_name: 'Ann' })
  await people[0].devices.kick({})
  await sockets[0].gone()
  await people[1].profiles.setNickname({ nick_name: 'Anna' })
  await until(() => sockets[1].notices.length > 0)

  assert.deepEqual(
    sockets.map(({ notices }) => notices.map(({ type }) => type)),
    [['info_updated', 'kicked'], ['info_updated']],
  )
  assert.equal(sockets[1].closed.length, 0)
})
