import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, type TestNode, testNode } from './harness.ts'
import { outcome, outcomes } from './support/outcomes.ts'
import { send } from './support/wire.ts'

interface Outcome {
  user_id: number
  success: boolean
  reason: string
}

test('a profile has nine fields, and what was never set is empty', async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('Ann', 'x')

  const profile = await ann.profiles.getProfile()

  assert.deepEqual(profile, {
    avatar: '',
    description: '',
    email: '',
    mobile: '',
    nick_name: '',
    private_info: '',
    public_info: '',
    user_id: ann.id,
    username: 'Ann',
  })
})

test('a change of the profile is partial: what is absent stays, and emptied text is empty', async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  await ann.profiles.setProfile({ nick_name: 'Ann', description: 'first\nsecond', private_info: 'p', public_info: 'q' })
  const full = await ann.profiles.getProfile()

  await ann.profiles.setProfile({})
  const untouched = await ann.profiles.getProfile()
  await ann.profiles.setProfile({ nick_name: '', public_info: '{"a":1}' })

  assert.deepEqual(
    [full.nick_name, full.description, full.private_info, full.public_info],
    ['Ann', 'first\nsecond', 'p', 'q'],
  )
  assert.deepEqual(untouched, full)
  assert.deepEqual(await ann.profiles.getProfile(), { ...full, nick_name: '', public_info: '{"a":1}' })
})

test('each single setter changes its own field and no other', async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const setters: [() => Promise<boolean>, object][] = [
    [() => ann.profiles.setNickname({ nick_name: '安' }), { nick_name: '安' }],
    [() => ann.profiles.setAvatar({ avatar: 'not even a url' }), { avatar: 'not even a url' }],
    [() => ann.profiles.setPrivateInfo({ text: 'mine\t"quoted"' }), { private_info: 'mine\t"quoted"' }],
    [() => ann.profiles.setPublicInfo({ text: '{"json": true}' }), { public_info: '{"json": true}' }],
    [() => ann.profiles.setNickname({ nick_name: '' }), { nick_name: '' }],
    [() => ann.profiles.setAvatar({ avatar: '' }), { avatar: '' }],
    [() => ann.profiles.setPrivateInfo({ text: '' }), { private_info: '' }],
  ]

  let expected = await ann.profiles.getProfile()
  for (const [set, change] of setters) {
    assert.equal(await set(), true)
    expected = { ...expected, ...change }
    assert.deepEqual(await ann.profiles.getProfile(), expected)
  }
})

test('texts have their limits, are never cut, and one too long refuses the whole change', async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const { profiles } = ann
  const longest = {
    nick_name: '😀'.repeat(128),
    description: '汉'.repeat(1024),
    private_info: 'x'.repeat(16_384),
    public_info: 'ä'.repeat(8192),
  }
  await profiles.setProfile(longest)
  await profiles.setAvatar({ avatar: 'ä'.repeat(1024) })
  const before = await profiles.getProfile()

  const codes = await outcomes([
    profiles.setNickname({ nick_name: 'x'.repeat(129) }),
    profiles.setAvatar({ avatar: 'ä'.repeat(1025) }),
    profiles.setAvatar({ avatar: 'a\tb' }),
    profiles.setPrivateInfo({ text: 'x'.repeat(16_385) }),
    profiles.setPublicInfo({ text: 'ä'.repeat(8193) }),
    profiles.setProfile({ nick_name: 'short', description: 'x'.repeat(1025) }),
    profiles.setProfile({ nick_name: 'short', private_info: 'ä'.repeat(8193) }),
    profiles.setProfile({ nick_name: 'a\u0007' }),
  ])

  assert.deepEqual(codes, Array(8).fill(10002))
  assert.deepEqual(await profiles.getProfile(), before)
  assert.equal(before.nick_name, longest.nick_name)
  assert.equal(before.public_info, longest.public_info)
})

test('private information is read by the user and the admin, and nobody else reads the profile at all', async t => {
  const { admin, stranger, signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const ben = await signUp('ben', 'x')
  await ann.profiles.setPrivateInfo({ text: 'secret' })

  assert.equal((await ann.profiles.getProfile()).private_info, 'secret')
  assert.equal((await admin.actingFor(ann.id).profiles.getProfile()).private_info, 'secret')
  assert.equal(await codeOf(ben.actingFor(ann.id).profiles.getProfile()), 10010)
  assert.equal(await codeOf(stranger.actingFor(ann.id).profiles.getProfile()), 10003)
})

async function peopleOf(node: TestNode) {
  const [ann, ben, gone] = [
    await node.signUp('ann', 'x'),
    await node.signUp('ben', 'x'),
    await node.signUp('gone', 'x'),
  ]
  await node.admin.actingFor(gone.id).accounts.deleteUser({})
  return { ann, ben, gone }
}

/** Items that are refused in a batch of either kind, and why. */
const malformed = [
  [null, /must be a JSON object/],
  ['text', /must be a JSON object/],
  [[], /must be a JSON object/],
  [{}, /user_id is required/],
  [{ user_id: 'abc' }, /user_id must be an integer/],
  [{ user_id: 0 }, /user_id must be from 1/],
  [{ user_id: 1.5 }, /user_id must be an integer/],
] as const

test('a batch of profiles answers each item: good, unknown, deleted and malformed ones', async t => {
  const node = await testNode(t)
  const { ann, ben, gone } = await peopleOf(node)
  await ben.profiles.setProfile({ description: 'stays' })
  const list = [
    { user_id: ann.id, nick_name: 'Ann', public_info: 'p' },
    { user_id: 999_999, nick_name: 'x' },
    { user_id: gone.id, nick_name: 'x' },
    { user_id: ann.id, nick_name: 'x'.repeat(129) },
    { user_id: ann.id, nick_name: 5 },
    ...malformed.map(([item]) => item),
    { user_id: String(ben.id), nick_name: 'Ben' },
  ]

  const { code, data } = await send<Outcome[]>(node.admin.connection, 'POST', '/user/profile/batch', { list })

  assert.equal(code, 200)
  assert.deepEqual(
    data.map(({ success }) => success),
    [true, ...Array(list.length - 2).fill(false), true],
  )
  assert.deepEqual(
    data.slice(0, 5).map(({ user_id }) => user_id),
    [ann.id, 999_999, gone.id, ann.id, ann.id],
  )
  const reasons = [/^$/, /no such user/, /was deleted/, /nick_name must have at most 128/, /nick_name must be text/]
  for (const [i, reason] of [...reasons, ...malformed.map(([, reason]) => reason)].entries())
    assert.match(data[i]?.reason ?? '', reason)
  assert.deepEqual(data.at(-1), { user_id: ben.id, success: true, reason: '' })
  const [hers, his] = [await ann.profiles.getProfile(), await ben.profiles.getProfile()]
  assert.deepEqual([hers.nick_name, hers.public_info], ['Ann', 'p'])
  assert.deepEqual([his.nick_name, his.description], ['Ben', 'stays'])
})

test('a batch of avatars answers each item: good, unknown, deleted and malformed ones', async t => {
  const node = await testNode(t)
  const { ann, gone } = await peopleOf(node)
  const list = [
    { user_id: 999_999, avatar: 'a' },
    { user_id: gone.id, avatar: 'a' },
    { user_id: ann.id },
    { user_id: ann.id, avatar: 'ä'.repeat(1025) },
    ...malformed.map(([item]) => item),
    { user_id: ann.id, avatar: 'https://example.com/ann.png' },
  ]

  const { data } = await send<Outcome[]>(node.admin.connection, 'PUT', '/user/avatar/batch', { list })

  assert.deepEqual(
    data.map(({ success }) => success),
    [...Array(list.length - 1).fill(false), true],
  )
  const reasons = [/no such user/, /was deleted/, /avatar is required/, /avatar must have at most 2048 bytes/]
  for (const [i, reason] of reasons.entries()) assert.match(data[i]?.reason ?? '', reason)
  assert.equal((await ann.profiles.getProfile()).avatar, 'https://example.com/ann.png')
})

test('items of a batch that name the same user take effect in their order', async t => {
  const { admin, signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const list = Array.from({ length: 500 }, (_, i) => ({ user_id: ann.id, nick_name: `name ${i}` }))

  const answers = await admin.profiles.setProfileBatch({ list })

  assert.ok(answers.every(({ success }) => success))
  assert.equal((await ann.profiles.getProfile()).nick_name, 'name 499')
})

test('a batch has 1 to 500 items, and only an admin brings one', async t => {
  const { admin, signUp } = await testNode(t)
  const ann = await signUp('ann', 'x')
  const list = (length: number) => Array.from({ length }, () => ({ user_id: ann.id, avatar: 'a' }))

  const codes = await outcomes([
    admin.profiles.setAvatarBatch({ list: [] }),
    admin.profiles.setAvatarBatch({ list: list(501) }),
    admin.profiles.setProfileBatch({ list: [] }),
    admin.profiles.setProfileBatch({ list: list(501) }),
    admin.actingFor(ann.id).profiles.setAvatarBatch({ list: list(1) }),
  ])
  const users = [
    await outcome(ann.profiles.setAvatarBatch({ list: list(1) })),
    await outcome(ann.profiles.setProfileBatch({ list: list(1) })),
  ]

  assert.deepEqual(codes, Array(5).fill(10002))
  assert.deepEqual(users, [10010, 10010])
})
