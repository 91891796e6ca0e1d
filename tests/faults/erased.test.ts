// Runs once: it is about the file that SQLite keeps.
/** Deletes users that left a mark in every field, and looks for the marks in every byte that the program wrote. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder } from '../harness.ts'
import { outcome, until } from '../support/outcomes.ts'
import { serving } from '../support/program.ts'
import { online } from '../support/realtime.ts'

const users = 20

test('whoever is deleted leaves nothing behind: not in the database, its log, nor in what the program said', async t => {
  const data = join(folder(t), 'data')
  const { program, url, first, stranger, admin } = await serving(t, data, { STONECHAT_LOG: 'debug' })
  let marks = 0
  const mark = () => `canary${String(++marks).padStart(6, '0')}q`

  const leave = async () => {
    const login = { name: mark(), password: mark() }
    await stranger.accounts.register({ username: login.name, password: login.password })
    await outcome(stranger.tokens.signInByName({ name: login.name, password: mark() }))
    const signedIn = await fetch(`${url}/token/user`, {
      method: 'POST',
      headers: { app_id: first.app_id, 'content-type': 'application/json', 'user-agent': mark() },
      body: JSON.stringify({ ...login, device_guid: mark() }),
    })
    const { data: session } = (await signedIn.json()) as { data: { token: string; device_sn: number; user_id: number } }
    const user = stranger.as(session.token)
    const [nick_name, description, user_id] = [mark(), mark(), session.user_id]
    await user.profiles.setProfile({ nick_name, description, private_info: mark(), public_info: mark() })
    await user.profiles.setAvatar({ avatar: mark() })
    await user.settings.setSettings({ user_id, auth_question: mark(), auth_answer: mark(), push_nick_name: mark() })
    await user.push.setAlias({ alias: mark() })
    await user.push.addTags({ tags: [mark(), mark()] })
    const device_token = mark()
    await user.devices.bindDeviceToken({ device_sn: session.device_sn, device_token, notifier_name: 'capture' })
    await online(t, user)
    const changed = { old_password: login.password, new_password: mark() }
    await user.accounts.changePassword(changed)
    return { user, id: user_id, password: changed.new_password }
  }
  const left = await Promise.all(Array.from({ length: users }, leave))
  const found = () => {
    const bytes = readdirSync(data).map(name => readFileSync(join(data, name), 'latin1'))
    return new Set([...bytes, program.output, program.errors].join('').match(/canary\d{6}q/g))
  }
  const before = found().size

  await Promise.all(
    left.map(({ user, id, password }, i) =>
      i % 2 ? user.accounts.deleteUser({ password }) : admin.actingFor(id).accounts.deleteUser(),
    ),
  )
  await until(() => found().size === 0)

  assert.ok(before > (marks * 3) / 4, `only ${before} of ${marks} marks were ever written`)
  assert.equal((await admin.accounts.listUsers()).data.length, 0)
  program.child.kill('SIGTERM')
  await program.ended
  assert.deepEqual([...found()], [])
  t.diagnostic(`${users} users deleted: 0 of ${before} marks left`)
})
