// Runs once: it is about the file that SQLite keeps.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createApp, defaultPolicy } from '../server/apps/apps.ts'
import { openInstallation } from '../server/installation.ts'
import type { Sql } from '../server/storage/sql.ts'
import { hashToken, newToken } from '../server/tokens/secrets.ts'
import { Sessions } from '../server/tokens/sessions.ts'
import { endTokensOfUser, insertUserToken } from '../server/tokens/tokens.sql.ts'
import { codeOf, folder } from './harness.ts'
import { afterwards } from './support/afterwards.ts'

/** The sessions of one node over a real store, with tokens made directly: one for each user, on device 1. */
async function watch(t: TestContext, most?: number) {
  const config = { data: folder(t), masterKey: '' }
  const { store, seals } = await openInstallation(config)
  afterwards(t, () => store.close())
  const { app } = await createApp(store.sql, seals, defaultPolicy, 0)
  const clock = { at: 1000 }
  /** What holds back an answer of the store once it has been read. */
  const held = { until: Promise.resolve() }
  const slow: Sql = Object.assign(
    ((...parts: Parameters<typeof store.sql>) => store.sql(...parts)) as unknown as Sql,
    store.sql,
    {
      load: (async (...asked: Parameters<Sql['load']>) => {
        const row = await store.sql.load(...asked)
        await held.until
        return row
      }) as Sql['load'],
    },
  )
  const sessions = new Sessions({ ...store, sql: slow }, () => clock.at, most)
  return {
    app: app.app_id,
    sql: store.sql,
    sessions,
    clock,
    held,
    async tokenOf(user: number, expires = 10_000) {
      const token = newToken('user')
      await insertUserToken(store.sql, app.app_id, { hash: hashToken(token), user, device: 1, created: 0, expires })
      return token
    },
    /** Ends the user's sessions as this node does: the write, then the cache. */
    async end(user: number) {
      await endTokensOfUser(store.sql, app.app_id, user, 0, clock.at)
      sessions.forget({ app: app.app_id, user, device: 'all', kind: 'kicked' })
    },
    /** Ends them in another process, which cannot tell this one. */
    async endElsewhere(user: number) {
      const other = await openInstallation(config)
      await endTokensOfUser(other.store.sql, app.app_id, user, 0, clock.at)
      await other.store.close()
    },
  }
}

test('a session that ended between the read of its row and the answer is not kept', async t => {
  const { app, sessions, held, tokenOf, end } = await watch(t)
  const token = await tokenOf(1)
  const { promise, resolve: release } = Promise.withResolvers<void>()
  held.until = promise

  const finding = sessions.find(app, token)
  await end(1)
  release()
  const found = await finding

  assert.equal(found.live, false, 'whoever holds it has to ask again')
  assert.equal(sessions.isLive(found, true), false)
  assert.equal(sessions.size, 0)
  assert.equal(await codeOf(sessions.find(app, token)), 402)
})

test('a session that another process ended between the read and the answer is not kept', async t => {
  const { app, sessions, held, tokenOf, endElsewhere } = await watch(t)
  const token = await tokenOf(1)
  const { promise, resolve: release } = Promise.withResolvers<void>()
  held.until = promise

  const finding = sessions.find(app, token)
  await endElsewhere(1)
  release()
  const found = await finding

  assert.equal(found.live, false)
  assert.equal(sessions.size, 0)
  assert.equal(await codeOf(sessions.find(app, token)), 402)
})

test('lookups and an ending of one tick agree: whoever asks after the ending is refused', async t => {
  const { app, sessions, tokenOf, end } = await watch(t)

  for (let round = 0; round < 30; round++) {
    const token = await tokenOf(round + 1)
    const before = Array.from({ length: 3 }, () => sessions.find(app, token).catch(error => error))
    const ended = end(round + 1)
    const during = Array.from({ length: 3 }, () => sessions.find(app, token).catch(error => error))
    await ended

    assert.equal(sessions.peek(app, token), undefined, `round ${round}`)
    assert.equal(await codeOf(sessions.find(app, token)), 402, `round ${round}`)
    for (const found of await Promise.all([...before, ...during])) assert.ok(found instanceof Error || !found.live)
  }
})

test("an ending takes the sessions that it names, and leaves the other users' in the cache", async t => {
  const { app, sessions, tokenOf, end } = await watch(t)
  const [ann, again, bob] = await Promise.all([tokenOf(1), tokenOf(1), tokenOf(2)])
  for (const token of [ann, again, bob]) await sessions.find(app, token)

  await end(1)

  assert.equal(sessions.size, 1)
  assert.equal(sessions.peek(app, bob)?.user, 2)
  assert.deepEqual([await codeOf(sessions.find(app, ann)), await codeOf(sessions.find(app, again))], [402, 402])
})

test('a session that had to make room is found again while it is good, and is refused once it ended', async t => {
  const { app, sessions, tokenOf, end } = await watch(t, 3)
  const tokens = await Promise.all(Array.from({ length: 10 }, (_, i) => tokenOf(i + 1)))

  const sizes: number[] = []
  const users: number[] = []
  for (let pass = 0; pass < 2; pass++)
    for (const token of tokens) {
      users.push((await sessions.find(app, token)).user)
      sizes.push(sessions.size)
    }
  for (let user = 1; user <= 10; user += 2) await end(user)
  const codes = await Promise.all(
    tokens.map(token =>
      sessions.find(app, token).then(
        () => 200,
        ({ code }) => code,
      ),
    ),
  )

  assert.equal(Math.max(...sizes), 3)
  assert.deepEqual(users, [...users.slice(0, 10), ...users.slice(0, 10)])
  assert.deepEqual(codes, [402, 200, 402, 200, 402, 200, 402, 200, 402, 200])
})

test('whoever still holds a session that made room is told to ask again, since nobody tells it of the end', async t => {
  const { app, sessions, tokenOf, end } = await watch(t, 1)
  const [ann, bob] = [await tokenOf(1), await tokenOf(2)]

  const held = await sessions.find(app, ann)
  const atFirst = sessions.isLive(held, true)
  await sessions.find(app, bob)
  await end(1)

  assert.equal(atFirst, true)
  assert.equal(sessions.isLive(held, true), false)
})

test('a session that another process ended is refused by the next request, and is not live for one under way', async t => {
  const { app, sessions, tokenOf, endElsewhere } = await watch(t)
  const [ann, bob] = [await tokenOf(1), await tokenOf(2)]
  const [held, bobs] = [await sessions.find(app, ann), await sessions.find(app, bob)]
  const known = sessions.size

  await endElsewhere(1)

  assert.equal(known, 2)
  assert.deepEqual([sessions.isLive(held, true), sessions.isLive(bobs, true)], [false, false])
  assert.equal(sessions.peek(app, ann), undefined)
  assert.equal(await codeOf(sessions.find(app, ann)), 402)
  assert.equal((await sessions.find(app, bob)).user, 2)
})

test('a session that ran out is over for good, though it was in the cache and the clock goes back', async t => {
  const { app, sessions, clock, tokenOf } = await watch(t)
  const token = await tokenOf(1, 2000)
  await sessions.find(app, token)

  clock.at = 2000
  const ranOut = await codeOf(sessions.find(app, token))
  clock.at = 1000
  const clockBack = await codeOf(sessions.find(app, token))

  assert.deepEqual([ranOut, clockBack], [402, 402])
})

test('tokens that never were are not remembered', async t => {
  const { app, sessions, tokenOf } = await watch(t)
  const token = newToken('user')

  const never = await codeOf(sessions.find(app, token))
  const foreign = await codeOf(sessions.find('otherapp', await tokenOf(1)))

  assert.deepEqual([never, foreign, sessions.size], [10008, 10008, 0])
})
