import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadHasher, nodeHasher, Passwords } from '../server/accounts/passwords.ts'
import { codeOf, testNode } from './harness.ts'
import { outcome, outcomes } from './support/outcomes.ts'

test('a changed password keeps the acting device signed in and signs all others out', async t => {
  const { signUp, signIn } = await testNode(t)
  const phone = await signUp('ann', 'old')
  const tablet = await signIn('ann', 'old')

  await phone.accounts.changePassword({ old_password: 'old', new_password: 'new' })

  assert.equal(await outcome(phone.profiles.getProfile()), 200)
  assert.equal(await outcome(tablet.profiles.getProfile()), 402)
  assert.deepEqual(await outcomes([signIn('ann', 'old'), signIn('ann', 'new')]), [402, 200])
})

test('a wrong old password changes nothing', async t => {
  const { signUp, signIn } = await testNode(t)
  const phone = await signUp('ann', 'old')
  const tablet = await signIn('ann', 'old')

  const codes = await outcomes([
    phone.accounts.changePassword({ old_password: 'wrong', new_password: 'new' }),
    phone.accounts.changePassword({ old_password: '', new_password: 'new' }),
  ])

  assert.deepEqual(codes, [11001, 11001])
  assert.equal(await outcome(tablet.profiles.getProfile()), 200)
  assert.deepEqual(await outcomes([signIn('ann', 'old'), signIn('ann', 'new')]), [200, 402])
})

test('an admin changes a password without the old one, and signs every device out', async t => {
  const { admin, signUp, signIn } = await testNode(t)
  const phone = await signUp('ann', 'old')
  const tablet = await signIn('ann', 'old')

  await admin.actingFor(phone.id).accounts.changePasswordAdmin({ password: 'new' })

  assert.deepEqual(await outcomes([phone.profiles.getProfile(), tablet.profiles.getProfile()]), [402, 402])
  assert.deepEqual(await outcomes([signIn('ann', 'old'), signIn('ann', 'new')]), [402, 200])
})

test('each of the two ways to change a password is for one kind of caller', async t => {
  const { admin, signUp } = await testNode(t)
  const ann = await signUp('ann', 'old')

  const codes = await outcomes([
    ann.accounts.changePasswordAdmin({ password: 'new' }),
    admin.accounts.changePasswordAdmin({ password: 'new' }),
    admin.actingFor(ann.id).accounts.changePassword({ old_password: 'old', new_password: 'new' }),
    admin.actingFor(999_999).accounts.changePasswordAdmin({ password: 'new' }),
  ])

  assert.deepEqual(codes, [10010, 10002, 10010, 10000])
})

test("a new password keeps the app's minimum, whoever sets it", async t => {
  const node = await testNode(t)
  const { admin, signUp } = await node.otherApp({ password_minimum: 4 })
  const ann = await signUp('ann', 'first')
  const change = (new_password: string) => ann.accounts.changePassword({ old_password: 'first', new_password })
  const assign = (password: string) => admin.actingFor(ann.id).accounts.changePasswordAdmin({ password })

  const refused = await outcomes([change('abc'), change(''), assign('abc'), assign(''), assign('x'.repeat(257))])
  await change('abcd')
  await assign('efgh')

  assert.deepEqual(refused, Array(5).fill(10002))
})

test('a change of password takes the push bindings of the devices that it signs out, and leaves their owner listed', async t => {
  const node = await testNode(t)
  const phone = await node.signUp('ann', 'old')
  const tablet = await node.signIn('ann', 'old')
  for (const { device, devices } of [phone, tablet])
    await devices.bindDeviceToken({ device_sn: device, device_token: `t${device}`, notifier_name: 'capture' })

  await phone.accounts.changePassword({ old_password: 'old', new_password: 'new' })
  const bindings = await node.node.services.sql<{ device_sn: number }>`
    select device_sn from bindings where app_id = ${node.appId}`

  assert.deepEqual(
    bindings.map(({ device_sn }) => device_sn),
    [phone.device],
  )
  assert.equal((await phone.devices.listDevices()).data.length, 2)
})

test('passwords are stored as argon2id with 19 MiB, two passes and one lane, each with its own salt', async t => {
  const node = await testNode(t)
  await node.stranger.accounts.register({ username: 'ann', password: 'same' })
  await node.stranger.accounts.register({ username: 'ben', password: 'same' })

  const rows = await node.node.services.sql<{ password_hash: string }>`
    select password_hash from users where app_id = ${node.appId}`

  for (const { password_hash } of rows)
    assert.match(password_hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  assert.equal(new Set(rows.map(({ password_hash }) => password_hash)).size, 2)
})

test('the prebuilt hasher and the one of Node verify each other’s hashes', async () => {
  const [prebuilt, own] = [await loadHasher(), nodeHasher()]

  for (const [maker, checker] of [
    [prebuilt, own],
    [own, prebuilt],
  ] as const) {
    const phc = await maker.hash('pässwörd 汉字')
    assert.equal(await checker.verify(phc, 'pässwörd 汉字'), true)
    assert.equal(await checker.verify(phc, 'pässwörd'), false)
  }
})

test('where there is nobody the password is wrong, on both hashers', async () => {
  for (const hasher of [await loadHasher(), nodeHasher()]) {
    const passwords = new Passwords(hasher, 1, 1)
    assert.equal(await passwords.verify(undefined, 'x'), false)
    assert.equal(await passwords.verify(undefined, ''), false)
  }
})

test('only so many passwords are hashed at once, and only so many wait', async () => {
  const gates: (() => void)[] = []
  const held = () => new Promise<string>(resolve => gates.push(() => resolve('hash')))
  const passwords = new Passwords({ hash: held, verify: async () => true }, 2, 3)

  const hashes = Array.from({ length: 5 }, () => passwords.hash('x'))
  const refused = await codeOf(passwords.hash('x'))
  const load = passwords.load
  while (gates.length > 0) {
    gates.shift()?.()
    await new Promise(setImmediate)
  }
  await Promise.all(hashes)

  assert.equal(refused, 503)
  assert.deepEqual(load, { waiting: 3, running: 2 })
  assert.deepEqual(passwords.load, { waiting: 0, running: 0 })
})
