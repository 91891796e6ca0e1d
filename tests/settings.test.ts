import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, type Person, testNode } from './harness.ts'
import { outcome, outcomes } from './support/outcomes.ts'
import { send } from './support/wire.ts'

const everything = {
  auth_answer: 'blue',
  auth_mode: 3,
  auth_question: 'which colour?',
  auto_download: true,
  group_confirm: true,
  no_push: true,
  no_push_detail: true,
  no_push_end_hour: 7,
  no_push_start_hour: 23,
  no_sounds: true,
  push_nick_name: 'Annie',
  push_token: "the client's own",
  silence_end_time: 6,
  silence_start_time: 22,
  time_zone: 'Asia/Tokyo',
  vibratory: true,
}

test('the settings have the 17 fields of the text and a time zone, and keep what is set', async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')

  await ann.settings.setSettings({ user_id: ann.id, ...everything })
  const settings = await ann.settings.getSettings()

  assert.equal(Object.keys(settings).length, 18)
  assert.deepEqual(settings, { id: ann.id, user_id: ann.id, ...everything })
})

test('a change of settings is partial: what is absent stays, and emptied text is empty', async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  await ann.settings.setSettings({ user_id: ann.id, ...everything })

  await ann.settings.setSettings({ user_id: ann.id })
  const untouched = await ann.settings.getSettings()
  await ann.settings.setSettings({ user_id: ann.id, auth_answer: '', vibratory: false, auth_mode: 0 })

  const all = { id: ann.id, user_id: ann.id, ...everything }
  assert.deepEqual(untouched, all)
  assert.deepEqual(await ann.settings.getSettings(), { ...all, auth_answer: '', vibratory: false, auth_mode: 0 })
})

test('one bad field refuses the whole change', async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const before = await ann.settings.getSettings()
  const bad = [
    { auth_mode: 4 },
    { auth_mode: -1 },
    { no_push_start_hour: 24 },
    { no_push_end_hour: -1 },
    { silence_start_time: 24 },
    { time_zone: 'Mars/Phobos' },
    { time_zone: '+08:00' },
    { silence_end_time: 25 },
    { push_nick_name: 'x'.repeat(129) },
    { push_token: 'ä'.repeat(257) },
    { auth_question: 'x'.repeat(257) },
  ]

  for (const wrong of bad)
    assert.equal(await outcome(ann.settings.setSettings({ user_id: ann.id, no_push: true, ...wrong })), 10002)

  assert.deepEqual(await ann.settings.getSettings(), before)
})

test('each single setter changes its own field and no other', async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const setters: [() => Promise<boolean>, object][] = [
    [() => ann.settings.setAuthMode({ value: 2 }), { auth_mode: 2 }],
    [() => ann.settings.setAutoDownload({ value: true }), { auto_download: true }],
    [() => ann.settings.setNoSounds({ value: true }), { no_sounds: true }],
    [() => ann.settings.setVibratory({ value: true }), { vibratory: true }],
    [() => ann.settings.setNoPush({ value: true }), { no_push: true }],
    [() => ann.settings.setNoPushDetail({ value: true }), { no_push_detail: true }],
    [
      () => ann.settings.setQuietHours({ no_push_start_hour: 22, no_push_end_hour: 6 }),
      { no_push_start_hour: 22, no_push_end_hour: 6 },
    ],
    [() => ann.settings.setPushNickname({ value: 'Annie' }), { push_nick_name: 'Annie' }],
    [() => ann.settings.setPushNickname({ value: '' }), { push_nick_name: '' }],
    [() => ann.settings.setNoPush({ value: false }), { no_push: false }],
  ]

  let expected = await ann.settings.getSettings()
  for (const [set, change] of setters) {
    assert.equal(await set(), true)
    expected = { ...expected, ...change }
    assert.deepEqual(await ann.settings.getSettings(), expected)
  }
})

test('single setters refuse what is out of range, and change nothing', async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const before = await ann.settings.getSettings()

  const codes = await outcomes([
    ann.settings.setAuthMode({ value: 4 }),
    ann.settings.setAuthMode({ value: -1 }),
    ann.settings.setQuietHours({ no_push_start_hour: 24, no_push_end_hour: 6 }),
    ann.settings.setQuietHours({ no_push_start_hour: 1, no_push_end_hour: -1 }),
    ann.settings.setPushNickname({ value: 'x'.repeat(129) }),
  ])

  assert.deepEqual(codes, Array(5).fill(10002))
  assert.deepEqual(await ann.settings.getSettings(), before)
})

test('a flag may come as the string true or false, and as nothing else', async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const set = async (values: object) =>
    (await send(ann.connection, 'POST', '/user/settings', { user_id: ann.id, ...values })).code

  const strings = await set({ no_push: 'true', no_sounds: 'true', auth_mode: '2', user_id: String(ann.id) })
  const on = await ann.settings.getSettings()
  await set({ no_push: 'false' })
  const bad = []
  for (const no_sounds of [1, 0, '1', 'TRUE', '', null, [], 'yes']) bad.push(await set({ no_sounds }))

  assert.equal(strings, 200)
  assert.deepEqual([on.no_push, on.no_sounds, on.auth_mode], [true, true, 2])
  const after = await ann.settings.getSettings()
  assert.deepEqual([after.no_push, after.no_sounds], [false, true])
  assert.deepEqual(bad, Array(8).fill(10002))
})

test('the user_id in the body of a user is its own, and the id beside it is ignored', async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const ben = await signUp('ben', 'x')
  const set = (body: object) => send(ann.connection, 'PUT', '/user/settings', { no_push: true, ...body })

  const codes = [await set({ user_id: ben.id }), await set({}), await set({ user_id: 0 })].map(({ code }) => code)
  const ignored = await set({ user_id: ann.id, id: ben.id })

  assert.deepEqual(codes, [10010, 10002, 10002])
  assert.equal(ignored.code, 200)
  assert.deepEqual(
    [(await ann.settings.getSettings()).no_push, (await ben.settings.getSettings()).no_push],
    [true, false],
  )
})

test('an admin names the user in the body, in the header, or in both alike', async t => {
  const { admin, signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const ben = await signUp('ben', 'x')
  const isSet = async ({ settings }: Person) => (await settings.getSettings()).vibratory

  await admin.settings.setSettings({ user_id: ann.id, vibratory: true })
  await admin.actingFor(ben.id).settings.setSettings({ user_id: ben.id, vibratory: true })
  const codes = await outcomes([
    admin.actingFor(ann.id).settings.setSettings({ user_id: ben.id, vibratory: false }),
    admin.settings.setSettings({ user_id: 999_999, vibratory: false }),
    admin.settings.getSettings(),
  ])

  assert.deepEqual(codes, [10010, 10000, 10002])
  assert.deepEqual([await isSet(ann), await isSet(ben)], [true, true])
})

test('the push token in the settings is the calling device’s; an admin sees that of the device last seen', async t => {
  const { admin, stranger, signUp } = await testNode(t)
  const phone = await signUp('ann', 'x')
  const tablet = await stranger.tokens.signInByName({ name: 'ann', password: 'x' })
  const pushToken = async ({ settings }: Pick<Person, 'settings'>) => (await settings.getSettings()).push_token

  const tokens = [
    await pushToken(phone),
    await pushToken(stranger.as(tablet.token)),
    await pushToken(admin.actingFor(phone.id)),
  ]

  assert.notEqual(tokens[0], tokens[1])
  assert.equal(tokens[1], tablet.push_token)
  assert.equal(tokens[2], tablet.push_token)
})

test('a new push token goes to the calling device; an empty one, and the own one again, change nothing', async t => {
  const { signUp, signIn } = await testNode(t)
  const phone = await signUp('ann', 'x')
  const tablet = await signIn('ann', 'x')
  const pushToken = async ({ settings }: Person) => (await settings.getSettings()).push_token
  const ofTablet = await pushToken(tablet)

  const tokens = []
  for (const push_token of ['own', '', 'own', 'x'.repeat(512)]) {
    await phone.settings.setSettings({ user_id: phone.id, push_token })
    tokens.push(await pushToken(phone))
  }

  assert.deepEqual(tokens, ['own', 'own', 'own', 'x'.repeat(512)])
  assert.equal(await pushToken(tablet), ofTablet)
})

test("another user's push token is refused, and with it the rest of the change", async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const ben = await signUp('ben', 'x')
  const { push_token } = await ben.settings.getSettings()
  const before = await ann.settings.getSettings()

  const code = await codeOf(ann.settings.setSettings({ user_id: ann.id, push_token, no_push: true }))

  assert.equal(code, 13005)
  assert.deepEqual(await ann.settings.getSettings(), before)
  assert.equal((await ben.settings.getSettings()).push_token, push_token)
})
