import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, testNode } from './harness.ts'
import { outcome, refusal } from './support/outcomes.ts'

test('a changed username signs in, and the old one is free for others', async t => {
  const { stranger, signUp, signIn } = await testNode(t)
  const ann = await signUp('ann')

  await ann.accounts.setUsername({ username: 'anna' })
  const anna = await signIn('ANNA', ann.password)
  const oldName = await codeOf(signIn('ann', ann.password))
  const newcomer = await stranger.accounts.register({ username: 'ann', password: 'x' })

  assert.equal(anna.id, ann.id)
  assert.equal(oldName, 402)
  assert.notEqual(newcomer.user_id, ann.id)
  assert.equal((await ann.profiles.getProfile()).username, 'anna')
})

test('a username that is taken, in whatever case, cannot be changed to; writing the own one differently can', async t => {
  const { admin, signUp } = await testNode(t)
  const ann = await signUp('ann')
  const ben = await signUp('ben')

  const taken = [
    await codeOf(ben.accounts.setUsername({ username: 'Ann' })),
    await codeOf(admin.actingFor(ben.id).accounts.setUsername({ username: 'ANN' })),
  ]
  await ann.accounts.setUsername({ username: 'Ann' })

  assert.deepEqual(taken, [11011, 11011])
  assert.equal((await ben.profiles.getProfile()).username, 'ben')
  assert.equal((await ann.profiles.getProfile()).username, 'Ann')
})

test('a change of the username keeps the rule of registration', async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('ann')

  for (const username of ['', '123', 'mta1', 'Maxim', 'a b', 'a'.repeat(65)])
    assert.match(
      (await refusal(ann.accounts.setUsername({ username }))).message,
      /^invalid request parameter: username/,
    )
  assert.equal((await ann.profiles.getProfile()).username, 'ann')
})

test('a mobile number is one of two forms', async t => {
  const { signUp } = await testNode(t)
  const ann = await signUp('ann')
  const good = ['+12345678', '+123456789012345', '13012345678', '19912345678', '']
  const bad = [
    '+1234567',
    '+1234567890123456',
    '12012345678',
    '1301234567',
    '130123456789',
    '+49 1512',
    'abc',
    '١٣٠١٢٣٤٥٦٧٨',
    '+',
  ]

  for (const mobile of good) {
    await ann.accounts.setMobile({ mobile })
    assert.equal((await ann.profiles.getProfile()).mobile, mobile)
  }
  for (const mobile of bad) assert.equal(await outcome(ann.accounts.setMobile({ mobile })), 10002, mobile)
  assert.equal((await ann.profiles.getProfile()).mobile, '')
})

test('a mobile number belongs to one user at a time; emptied it is free again', async t => {
  const { admin, signUp } = await testNode(t)
  const ann = await signUp('ann')
  const ben = await signUp('ben')
  const mobile = '+4915112345678'

  await ann.accounts.setMobile({ mobile })
  const taken = [
    await codeOf(ben.accounts.setMobile({ mobile })),
    await codeOf(admin.actingFor(ben.id).accounts.setMobile({ mobile })),
  ]
  await ann.accounts.setMobile({ mobile })
  await ann.accounts.setMobile({ mobile: '' })
  await ben.accounts.setMobile({ mobile: '' })
  await ben.accounts.setMobile({ mobile })

  assert.deepEqual(taken, [11012, 11012])
  assert.equal((await ann.profiles.getProfile()).mobile, '')
  assert.equal((await ben.profiles.getProfile()).mobile, mobile)
})
