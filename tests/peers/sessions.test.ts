/** Where other services of this kind have let sessions outlive their end. Each row has a number in the list of such failures. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Client } from '../../client/index.ts'
import type { ServerFrame } from '../../contract/frames.ts'
import type { Announcement } from '../../server/bus/announcements.ts'
import { takesNoToken } from '../../server/http/openapi.ts'
import { openInstallation } from '../../server/installation.ts'
import { endAdminTokenById, listAdminTokens } from '../../server/tokens/tokens.sql.ts'
import { codeOf, folder, type Person, type TestNode, testNode } from '../harness.ts'
import { exampleOf } from '../support/examples.ts'
import { ask } from '../support/http.ts'
import { outcome, outcomes } from '../support/outcomes.ts'
import { serving } from '../support/program.ts'
import { rounds } from '../support/races.ts'
import { bare, bareReady, helloOf } from '../support/realtime.ts'
import { type Route, rawOf, textRoutes } from '../support/routes.ts'
import { otherConnection } from '../support/store.ts'

/** How a hello with the person's token ends. */
async function helloCode(t: TestContext, person: Pick<Person, 'connection'>): Promise<number> {
  const socket = await bare(t, person.connection.url)
  socket.send(helloOf(person as Person))
  return socket.gone()
}

/** The codes of all routes that look at a token, called with this one. */
async function codesWith(node: TestNode, token: string, routes: Route[], more: Record<string, string> = {}) {
  const subject = { id: 1001, name: 'ann', password: 'x', spare: 1 }
  const headers = { app_id: node.appId, 'access-token': token, ...more }
  const answers = routes
    .filter(({ operation }) => !takesNoToken(operation.who))
    .map(async route => (await ask(node.url, rawOf(route, exampleOf(route, subject), headers))).code)
  return new Set(await Promise.all(answers))
}

type End = (admin: Client, devices: Person[], node: TestNode) => Promise<unknown>
const endings: [string, number, End][] = [
  ['a kick', 4001, admin => admin.devices.kick()],
  ['a ban', 4002, (_, [ann], { admin }) => admin.accounts.disable({ list: [ann?.id as number] })],
  ['a deletion', 4004, admin => admin.accounts.deleteUser()],
  ['a password change by an admin', 4003, admin => admin.accounts.changePasswordAdmin({ password: 'y' })],
  [
    'the removal of each device',
    4001,
    (admin, devices) => Promise.all(devices.map(({ device }) => admin.devices.removeDevice({ device_sn: device }))),
  ],
]

// Row 1
for (const [ending, code, end] of endings)
  test(`from the answer of ${ending} on, none of ten connections is told anything, and all close with ${code}`, async t => {
    const node = await testNode(t)
    const ann = await node.signUp('ann', 'x')
    const devices = [ann]
    for (let i = 1; i < 10; i++) devices.push(await node.signIn('ann', 'x'))
    const sockets = await Promise.all(devices.map(device => bareReady(t, device)))

    await end(node.admin.actingFor(ann.id), devices, node)
    const frame: ServerFrame = { type: 'info_updated', fields: ['after'] }
    node.node.services.bus.publish({ about: 'notice', notice: { app: node.appId, user: ann.id, frame } })
    const codes = await Promise.all(sockets.map(socket => socket.gone()))

    assert.deepEqual(codes, Array(10).fill(code))
    assert.ok(sockets.every(({ frames }) => frames.every(({ type }) => type !== 'info_updated')))
  })

// Row 2
test("a banned user's token is refused on every route that looks at one, and on the socket", async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')

  await node.admin.accounts.disable({ list: [ann.id] })

  assert.deepEqual(await codesWith(node, ann.token, textRoutes), new Set([402]))
  assert.equal(await helloCode(t, ann), 4003)
})

// Row 3
test('an admin token that was revoked is refused on every route, for itself and for users', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const before = await outcome(node.admin.accounts.listUsers())
  const { store } = await openInstallation(node.config)
  const [token] = await listAdminTokens(store.sql, node.appId)

  await endAdminTokenById(store.sql, node.appId, token?.token_id as string, Date.now())
  await store.close()

  assert.equal(before, 200)
  assert.deepEqual(await codesWith(node, node.adminToken, textRoutes), new Set([402]))
  assert.deepEqual(await codesWith(node, node.adminToken, textRoutes, { user_id: String(ann.id) }), new Set([402]))
})

// Row 4
test('an old password opens no way in once it was changed, and a dead token none either', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann', 'old')
  const other = await node.signIn('ann', 'old')

  await ann.accounts.changePassword({ old_password: 'old', new_password: 'new' })
  const { tokens } = node.stranger
  const ways = await outcomes([
    tokens.signInByName({ name: 'ann', password: 'old' }),
    tokens.signInById({ user_id: ann.id, password: 'old' }),
    tokens.signInByLogin({ login_name: 'ann', password: 'old' }),
    ann.accounts.changePassword({ old_password: 'old', new_password: 'newer' }),
    ann.accounts.deleteUser({ password: 'old' }),
    other.accounts.changePassword({ old_password: 'new', new_password: 'newer' }),
    other.accounts.deleteUser({ password: 'new' }),
  ])

  assert.deepEqual(ways, [402, 402, 402, 11001, 11001, 402, 402])
  assert.equal(await helloCode(t, other), 4003)
})

// Row 5
test('after all devices were signed out, nothing that was ever handed to the user lets anybody in', async t => {
  const node = await testNode(t)
  const secrets: string[] = []
  const signIn = async () => {
    const session = await node.stranger.tokens.signInByName({ name: 'ann', password: 'x', device_guid: 'phone' })
    secrets.push(session.token, session.push_token)
    return node.stranger.as(session.token)
  }
  await node.stranger.accounts.register({ username: 'ann', password: 'x' })
  await signIn()
  const ann = await signIn()
  await ann.devices.bindDeviceToken({ device_sn: 1, device_token: 'd1', notifier_name: 'capture' })

  await ann.devices.kick({})

  for (const secret of [...secrets, 'd1', 'phone']) {
    const client = node.stranger.as(secret)
    assert.ok([402, 10008].includes(await codeOf(client.profiles.getProfile())), secret.slice(0, 3))
    assert.equal(await helloCode(t, client), 4003)
  }
})

// Row 6
test('a password set by an admin ends every session and closes every connection with 4003', async t => {
  const node = await testNode(t)
  const devices = [await node.signUp('ann', 'x'), await node.signIn('ann', 'x')]
  const sockets = await Promise.all(devices.map(device => bareReady(t, device)))

  await node.admin.actingFor(devices[0]?.id as number).accounts.changePasswordAdmin({ password: 'y' })

  assert.deepEqual(await outcomes(devices.map(({ profiles }) => profiles.getProfile())), [402, 402])
  assert.deepEqual(await Promise.all(sockets.map(socket => socket.gone())), [4003, 4003])
})

// Row 7
test('a password set by an admin lets neither a banned nor a deleted user in', async t => {
  const node = await testNode(t)
  const [banned, deleted] = [await node.signUp('ann'), await node.signUp('ben')]
  await node.admin.accounts.disable({ list: [banned.id] })
  await node.admin.actingFor(deleted.id).accounts.deleteUser({})

  const set = ({ id }: Person) => node.admin.actingFor(id).accounts.changePasswordAdmin({ password: 'new' })
  const codes = await outcomes([set(banned), set(deleted)])

  assert.deepEqual(codes, [200, 10021])
  assert.deepEqual(await outcomes([node.signIn('ann', 'new'), node.signIn('ben', 'new')]), [13001, 402])
})

// Row 8
test('of all that come back with the token of a kicked device at once, none gets in', async t => {
  const node = await testNode(t)
  await node.stranger.accounts.register({ username: 'ann', password: 'x' })

  for (let i = 0; i < rounds; i++) {
    const ann = await node.signIn('ann', 'x', 'phone')
    const waiting = await Promise.all(Array.from({ length: 5 }, () => bare(t, node.url)))
    await node.admin.actingFor(ann.id).devices.kick({})
    for (const socket of waiting) socket.send(helloOf(ann))

    const codes = await Promise.all(waiting.map(socket => socket.gone()))
    assert.deepEqual(codes, Array(5).fill(4003))
    assert.ok(waiting.every(({ frames }) => frames.every(({ type }) => type === 'error')))
  }
})

// Row 9
test('what ends a session is committed before anybody is told, and between the two nobody comes back', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const phone = await bareReady(t, ann)
  const admin = node.admin.actingFor(ann.id)
  const { bus } = node.node.services
  const other = otherConnection(t, join(node.config.data, 'stonechat.db'))
  const held: [Announcement, committed: unknown][] = []
  const { mock } = t.mock.method(bus, 'publish', (announcement: Announcement) => {
    held.push([announcement, other.prepare('select count(*) as live from user_tokens where ended_at = 0').get()?.live])
  })

  await admin.devices.kick({})
  const between = [await codeOf(ann.profiles.getProfile()), await helloCode(t, ann), phone.code()]
  const { online } = await admin.presence.getOnlineStatus()
  mock.restore()
  for (const [announcement] of held) bus.publish(announcement)

  assert.deepEqual(
    held.map(([{ about }, live]) => [about, live]),
    [
      ['ending', 0],
      ['activity', 0],
    ],
  )
  assert.deepEqual([...between, online], [402, 4003, undefined, false])
  assert.equal(await phone.gone(), 4001)
})

// Row 10
test('a sign-out holds after a kill -9 and a restart', async t => {
  const data = folder(t)
  const before = await serving(t, data)
  await before.stranger.accounts.register({ username: 'ann', password: 'x' })
  const { token } = await before.stranger.tokens.signInByName({ name: 'ann', password: 'x' })
  await before.stranger.as(token).devices.kick()

  before.program.child.kill('SIGKILL')
  await before.program.ended
  const after = await serving(t, data)
  const again = after.stranger.as(token)

  assert.equal(await codeOf(again.profiles.getProfile()), 402)
  assert.equal(await helloCode(t, again), 4003)
})

// Row 11
test('a session that ends between the headers and the body of a request changes nothing any more', async t => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  const { hostname, port } = new URL(node.url)
  const body = '{"nick_name":"late"}'
  const socket = connect(Number(port), hostname)
  socket.write(
    `PUT /user/nickname HTTP/1.1\r\nHost: x\r\napp_id: ${node.appId}\r\naccess-token: ${ann.token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
  )
  // The headers have been looked at.
  const [interim] = await once(socket, 'data')

  await node.admin.actingFor(ann.id).devices.kick({})
  socket.write(body)
  const answer = Buffer.concat(await socket.toArray()).toString()

  assert.match(String(interim), /^HTTP\/1\.1 100 /)
  assert.match(answer, /"code":402/)
  assert.equal((await node.admin.actingFor(ann.id).profiles.getProfile()).nick_name, '')
})
