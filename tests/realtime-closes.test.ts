import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { bounds, type CloseReason, closeCodes, type ServerFrame } from '../contract/frames.ts'
import { BusyError } from '../server/storage/sql.ts'
import { testNode } from './harness.ts'
import { until } from './support/outcomes.ts'
import { bare, bareReady, helloOf } from './support/realtime.ts'

/** What brings each close about; a reason without one is a type error. Returns the last frame and the code. */
type Bring = (t: TestContext) => Promise<{ frames: ServerFrame[]; gone(): Promise<number> }>

const onePerson = async (t: TestContext) => {
  const node = await testNode(t)
  const ann = await node.signUp('ann')
  return { node, ann, phone: await bareReady(t, ann), admin: node.admin.actingFor(ann.id) }
}

const brings: Record<CloseReason, Bring> = {
  async stopping(t) {
    const { node, phone } = await onePerson(t)
    await node.node.stop()
    return phone
  },
  async unreadable(t) {
    const { phone } = await onePerson(t)
    phone.send('{"type":"subscribe","user_ids":["x"]}')
    return phone
  },
  async against_the_rules(t) {
    const { phone, ann } = await onePerson(t)
    phone.send(helloOf(ann))
    return phone
  },
  async too_large(t) {
    const { phone } = await onePerson(t)
    phone.send(JSON.stringify({ type: 'heartbeat', padding: 'x'.repeat(bounds.frameBytes) }))
    return phone
  },
  async failed(t) {
    const node = await testNode(t)
    const ann = await node.signUp('ann')
    const { mock } = t.mock.method(node.node.services.sql, 'begin', async () => {
      throw new BusyError(new Error('locked'))
    })
    const phone = await bare(t, node.url)
    phone.send(helloOf(ann))
    await phone.gone()
    mock.restore()
    return phone
  },
  async kicked(t) {
    const { phone, ann } = await onePerson(t)
    await ann.devices.kick({})
    return phone
  },
  async disabled(t) {
    const { node, phone, ann } = await onePerson(t)
    await node.admin.accounts.disable({ list: [ann.id] })
    return phone
  },
  async session_over(t) {
    const { phone, admin } = await onePerson(t)
    await admin.accounts.changePasswordAdmin({ password: 'y' })
    return phone
  },
  async deleted(t) {
    const { phone, ann } = await onePerson(t)
    await ann.accounts.deleteUser({ password: ann.password })
    return phone
  },
  async replaced(t) {
    const { phone, ann } = await onePerson(t)
    await bareReady(t, ann)
    return phone
  },
  async too_slow(t) {
    const { node, phone, ann } = await onePerson(t)
    phone.socket.pause()
    const frame: ServerFrame = { type: 'info_updated', fields: ['x'.repeat(bounds.waitingBytes / 2)] }
    const notice = { app: node.appId, user: ann.id, frame }
    await until(async () => {
      node.node.services.bus.publish({ about: 'notice', notice })
      return !(await ann.presence.getOnlineStatus()).online
    })
    phone.socket.resume()
    await phone.gone()
    return { ...phone, frames: [] }
  },
  async too_many(t) {
    const { phone } = await onePerson(t)
    for (let i = 0; i <= bounds.frames; i++) phone.send({ type: 'heartbeat' })
    return phone
  },
}

/** What is said before each close; errors by their code. */
const lastWords: Record<CloseReason, string | number | undefined> = {
  stopping: 'stopping',
  unreadable: 10002,
  against_the_rules: 400,
  too_large: undefined,
  failed: 503,
  kicked: 'kicked',
  disabled: 'disabled',
  session_over: 'password_changed',
  deleted: 'deleted',
  replaced: 'replaced',
  too_slow: undefined,
  too_many: 10028,
}

for (const [reason, code] of Object.entries(closeCodes) as [CloseReason, number][])
  test(`${code} closes a connection that is ${reason.replaceAll('_', ' ')}, after the frame that says why`, async t => {
    const socket = await brings[reason](t)

    assert.equal(await socket.gone(), code)
    const last = socket.frames.filter(({ type }) => type !== 'ready' && type !== 'heartbeat').at(-1)
    assert.equal(last?.type === 'error' ? last.code : last?.type, lastWords[reason])
  })

test('as many frames as are allowed do no harm', async t => {
  const { phone } = await onePerson(t)

  // The hello was the first.
  for (let i = 1; i < bounds.frames; i++) phone.send({ type: 'heartbeat' })
  await until(() => phone.frames.length === bounds.frames)

  assert.equal(phone.code(), undefined)
})

test('protocol pings count as frames', async t => {
  const { phone } = await onePerson(t)

  for (let i = 0; i <= bounds.frames && phone.code() === undefined; i++) {
    phone.socket.ping()
    await Promise.race([once(phone.socket, 'pong'), phone.gone()])
  }

  assert.equal(await phone.gone(), closeCodes.too_many)
})

test('a connection that its client does not agree to close is cut within a second, and offline at once', async t => {
  const { phone, ann, admin } = await onePerson(t)
  phone.socket.pause()

  const start = performance.now()
  await ann.devices.kick({})
  const { online } = await admin.presence.getOnlineStatus()
  const closes = async () => (await (await fetch(`${ann.connection.url}/metrics`)).text()).includes('code="4001"')
  await until(closes)
  const took = performance.now() - start

  assert.equal(online, false)
  assert.ok(took < 1500, `it took ${took} ms`)
})
