import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { testNode } from './harness.ts'
import { commandLine } from './support/command-line.ts'
import { engine } from './support/engine.ts'
import { outcome } from './support/outcomes.ts'
import { online } from './support/realtime.ts'

interface Shown {
  user_id: number
  status: string
  must_change_password: boolean
  online: boolean
  private_info?: string
  tags: string[]
  alias: string
  devices: { device_sn: number; platform: string; session: string; connected: boolean; notifiers: string[] }[]
  events: { kind: string; device_sn: number }[]
}

/** Looked up by another process: one that closes a file which SQLite has open in it gives up SQLite's locks. */
function isWritten(folder: string, text: string): boolean {
  const search = `require('fs').readdirSync('.').some(name => require('fs').readFileSync(name).includes(process.argv[1]))`
  const { stdout } = spawnSync(process.execPath, ['-p', search, text], { cwd: folder, encoding: 'utf8' })
  assert.match(stdout, /^(true|false)\n$/)
  return stdout === 'true\n'
}

test('a ban beside a running server: the next request with the old token answers 402', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const { text } = commandLine(t, node.config.data)
  const before = await outcome(ann.profiles.getProfile())

  const said = await text('user', 'ban', 'ANN')
  const banned = await outcome(ann.profiles.getProfile())
  const refused = await outcome(node.signIn('ann', ann.password))
  await text('user', 'unban', String(ann.id))
  const again = await node.signIn('ann', ann.password)

  assert.equal(said, `ann (${ann.id}) is banned, and signed out everywhere.\n`)
  assert.deepEqual([before, banned, refused], [200, 402, 13001])
  assert.equal(await outcome(again.profiles.getProfile()), 200)
  assert.equal(await outcome(ann.profiles.getProfile()), 402)
})

test("a ban beside a running server closes the user's connections", async t => {
  const node = await testNode(t)
  const phone = await online(t, await node.signUp('ann'))

  await commandLine(t, node.config.data).text('user', 'ban', 'ann')
  const closed = await phone.gone()

  assert.ok(closed.final, `it closed with ${closed.code}, and would come back`)
})

test('a deletion beside a running server leaves nothing of the user, and frees the name', async t => {
  const node = await testNode(t)
  const zelda = await node.signUp('zelda_the_deleted')
  const { text, json, refusal } = commandLine(t, node.config.data)
  if (engine === 'sqlite') assert.ok(isWritten(node.config.data, zelda.name))

  const answer = await json('user', 'delete', 'zelda_the_deleted', '--yes')

  assert.deepEqual(answer, { app_id: node.appId, user_id: zelda.id, username: zelda.name, deleted: true })
  assert.equal(await outcome(zelda.profiles.getProfile()), 402)
  if (engine === 'sqlite') assert.ok(!isWritten(node.config.data, zelda.name))
  assert.match((await refusal('user', 'show', String(zelda.id))).sentence, /^user \d+ of app \w+ was deleted/)
  assert.match((await refusal('user', 'show', zelda.name)).sentence, /has no user "zelda_the_deleted"/)
  const again = await node.signUp('zelda_the_deleted')
  assert.notEqual(again.id, zelda.id)
  assert.match(await text('user', 'show', zelda.name), new RegExp(`^user +${again.id}$`, 'm'))
})

test('a deletion that nobody can confirm deletes nothing', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const { run } = commandLine(t, node.config.data)

  const { code, errors } = await run(['user', 'delete', 'ann'], 'yes\n')

  assert.equal(code, 2)
  assert.equal(errors, 'stonechat: there is no terminal to ask on: say --yes if you mean it\n')
  assert.equal(await outcome(ann.profiles.getProfile()), 200)
})

test('a password set beside a running server counts at once, signs out, and can ask for a change', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const { run, json } = commandLine(t, node.config.data)

  const said = await run(['user', 'password', 'ann', '--stdin', '--must-change'], '新 password\n')

  assert.deepEqual([said.code, said.errors], [0, ''])
  assert.ok(!said.output.includes('新 password'))
  assert.equal(await outcome(ann.profiles.getProfile()), 402)
  assert.equal(await outcome(node.signIn('ann', ann.password)), 402)
  const session = await node.stranger.tokens.signInByName({ name: 'ann', password: '新 password' })
  assert.equal(session.must_change_password, true)
  assert.equal((await json<Shown>('user', 'show', 'ann')).must_change_password, true)
})

test('a password that cannot be one is refused, and the old one stays', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const { run, text } = commandLine(t, node.config.data)
  await text('app', 'set', 'password-minimum=8')
  const attempt = async (input: string) => (await run(['user', 'password', 'ann', '--stdin'], input)).errors

  assert.equal(await attempt(''), 'stonechat: the password must not be empty\n')
  assert.equal(await attempt('short\n'), 'stonechat: password must have at least 8 characters\n')
  assert.equal(await attempt('x'.repeat(257)), 'stonechat: the password must have at most 256 characters\n')
  assert.match(await attempt('two lines\r\nof it\u0007'), /^stonechat: the password must be well-formed Unicode/)
  const unasked = await run(['user', 'password', 'ann'], 'not read\n')
  assert.match(unasked.errors, /^stonechat: there is no terminal to ask on: give the password to --stdin\n$/)
  assert.equal(await outcome(ann.profiles.getProfile()), 200)
})

test('user show has what support staff ask for, and no secret', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const laptop = await node.signIn('ann', ann.password)
  await ann.profiles.setPrivateInfo({ text: 'for my eyes' })
  await ann.push.addTags({ tags: ['vip', 'beta'] })
  await ann.push.setAlias({ alias: 'annie' })
  await ann.devices.bindDeviceToken({ device_sn: ann.device, device_token: 'a-device-token', notifier_name: 'capture' })
  await node.admin.actingFor(ann.id).devices.kick({ device_sn: laptop.device })
  await online(t, ann)
  const { json, text } = commandLine(t, node.config.data)

  const shown = await json<Shown>('user', 'show', 'ann')
  const said = await text('user', 'show', String(ann.id))

  assert.equal(shown.user_id, ann.id)
  assert.deepEqual([shown.status, shown.online, shown.alias, shown.tags], ['normal', true, 'annie', ['beta', 'vip']])
  assert.deepEqual(
    shown.devices
      .map(({ device_sn, session, connected, notifiers }) => ({ device_sn, session, connected, notifiers }))
      .sort((a, b) => a.device_sn - b.device_sn),
    [
      { device_sn: ann.device, session: 'live', connected: true, notifiers: ['capture'] },
      { device_sn: laptop.device, session: 'ended', connected: false, notifiers: [] },
    ],
  )
  assert.deepEqual(
    shown.events.map(({ kind, device_sn }) => [kind, device_sn]),
    [['kicked', laptop.device]],
  )
  for (const word of ['annie', 'beta, vip', 'live', 'ended', 'capture', 'kicked']) assert.ok(said.includes(word), word)
  for (const secret of ['a-device-token', 'argon2', 'for my eyes', ann.token, ann.connection.token as string])
    assert.ok(!(said + JSON.stringify(shown)).includes(secret), secret)
})

test('private information is shown only where --private asks for it', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  await ann.profiles.setPrivateInfo({ text: 'for my eyes' })
  const { json, text } = commandLine(t, node.config.data)

  assert.equal((await json<Shown>('user', 'show', 'ann')).private_info, undefined)
  assert.equal((await json<Shown>('user', 'show', 'ann', '--private')).private_info, 'for my eyes')
  assert.match(await text('user', 'show', 'ann', '--private'), /^private info +for my eyes$/m)
})

test('what a user calls itself cannot move the terminal of who looks', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  await ann.profiles.setNickname({ nick_name: 'a\u009b2Jb\u202ec\nd' })
  const { run, text } = commandLine(t, node.config.data)

  const said = await text('user', 'show', 'ann')
  const { output } = await run(['user', 'show', 'ann', '--json'])

  assert.match(said, /^nickname +a\\u009b2Jb\\u202ec\\u000ad$/m)
  assert.doesNotMatch(said + output, /[\u009b\u202e]/)
  assert.equal((JSON.parse(output) as { nick_name: string }).nick_name, 'a\u009b2Jb\u202ec\nd')
})

test('a user that there is not is named, with the app that was looked in', async t => {
  const node = await testNode(t)
  await node.signUp('ann')
  const { refusal } = commandLine(t, node.config.data)

  for (const named of ['bob', '999999', '99999999999999999999', 'an']) {
    const { code, sentence } = await refusal('user', 'ban', named)

    assert.equal(code, 1)
    assert.equal(sentence, `app ${node.appId} (first) has no user "${named}": give an id or a whole username`)
  }
})

test('a user of the same name in another app is not touched', async t => {
  const node = await testNode(t)
  const other = await node.otherApp()
  const [here, there] = [await node.signUp('ann'), await other.signUp('ann')]

  await commandLine(t, node.config.data).text('user', 'ban', 'ann', '--app', node.appId)

  assert.deepEqual([await outcome(here.profiles.getProfile()), await outcome(there.profiles.getProfile())], [402, 200])
})
