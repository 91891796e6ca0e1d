/**
 * Sign-ins, connections and whatever ends them, all at once, two hundred rounds of each: what is dead stays dead, and
 * every answer, and what is left in the end, must be explained by one order of the calls.
 */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Client } from '../../client/index.ts'
import { outcome, until } from '../support/outcomes.ts'
import { times } from '../support/races.ts'
import { type Bare, bare, helloOf } from '../support/realtime.ts'
import { type Arena, arenaOf, mustBeExplained, rounds, shuffled } from './arena.ts'
import { type Answer, History } from './history.ts'
import { type Act, life } from './life.ts'

/** One user of its own for the round, and what happens to it. */
class Round {
  readonly history = new History<Act>()
  readonly name: string
  readonly id: number
  readonly tokens = new Map<string, string>()
  readonly sockets: Bare[] = []
  readonly #arena: Arena
  readonly #t: TestContext

  constructor(t: TestContext, arena: Arena, name: string, id: number) {
    this.#t = t
    this.#arena = arena
    this.name = name
    this.id = id
  }

  get #admin(): Client {
    return this.#arena.admin.actingFor(this.id)
  }

  #code = (act: Act, call: () => Promise<unknown>) => this.history.record(act, () => outcome(call()))

  /** Signs in as `who`; then uses the session, if there is one, twice. */
  async signIn(who: string, password = 'x', uses = 2) {
    const answer = await this.#code({ act: 'sign in', who, password }, async () => {
      const { token } = await this.#arena.stranger.tokens.signInByName({ name: this.name, password })
      this.tokens.set(who, token)
    })
    if (answer === 200) for (let i = 0; i < uses; i++) await this.use(who)
  }

  client = (who: string) => this.#arena.stranger.as(this.tokens.get(who) ?? '')

  use = (who: string) => this.#code({ act: 'use', who }, () => this.client(who).profiles.getProfile())

  ban = () => this.#code({ act: 'ban' }, () => this.#arena.admin.accounts.disable({ list: [this.id] }))

  unban = () => this.#code({ act: 'unban' }, () => this.#arena.admin.accounts.enable({ list: [this.id] }))

  kick = () => this.#code({ act: 'end all' }, () => this.#admin.devices.kick({}))

  remove = () => this.#code({ act: 'delete' }, () => this.#admin.accounts.deleteUser({}))

  setPassword = (password: string) =>
    this.#code({ act: 'set password', password }, () => this.#admin.accounts.changePasswordAdmin({ password }))

  change = (who: string, old: string, password: string) =>
    this.#code({ act: 'change', who, old, password }, () =>
      this.client(who).accounts.changePassword({ old_password: old, new_password: password }),
    )

  async socket() {
    const socket = await bare(this.#t, this.#arena.node.url)
    this.sockets.push(socket)
    return socket
  }

  /** Says hello on an open socket; 200 is ready. */
  hello = (who: string, socket: Bare) =>
    this.history.record({ act: 'use', who }, async () => {
      socket.send(helloOf(this.client(who)))
      await until(() => socket.frames.length > 0 || socket.code() !== undefined)
      return socket.frames[0]?.type === 'ready' ? 200 : 402
    })

  /** When all is over: each token once more, the ways in, and what the tables hold. */
  async close(passwords: string[]) {
    for (const who of this.tokens.keys()) await this.use(who)
    const { sql } = this.#arena.node.node.services
    const rowsOf = async (rows: PromiseLike<object[]>): Promise<Answer> => (await rows).length
    const { appId } = this.#arena
    await this.history.record({ act: 'count' }, () =>
      rowsOf(
        sql`select 1 as live from user_tokens where app_id = ${appId} and user_id = ${this.id} and ended_at = ${0}`,
      ),
    )
    await this.history.record({ act: 'online' }, () =>
      rowsOf(sql`select 1 as held from leases where app_id = ${appId} and user_id = ${this.id}`),
    )
    for (const password of passwords) await this.signIn(`late with ${password}`, password, 0)
    mustBeExplained(this.history, life)
  }
}

/** Everything at once, on a new user in each round, which has signed in as `before` and knows these passwords in the end. */
async function race(
  t: TestContext,
  { before = [], passwords = ['x'] }: { before?: string[]; passwords?: string[] },
  acts: (round: Round) => (() => Promise<unknown>)[] | Promise<(() => Promise<unknown>)[]>,
) {
  const arena = await arenaOf(t)
  const kept: number[] = []
  for (let i = 0; i < rounds; i++) {
    const name = `user_${i}`
    const { user_id } = await arena.admin.accounts.register({ username: name, password: 'x' })
    const round = new Round(t, arena, name, user_id)
    for (const who of before) await round.signIn(who, 'x', 1)
    const all = shuffled(await acts(round))

    await Promise.all(all.map(act => act()))

    await round.close(passwords)
    for (const socket of round.sockets) await socket.gone()
    kept.push(round.history.events.length)
  }
  t.diagnostic(`${rounds} rounds, ${kept.reduce((a, b) => a + b)} calls, 0 anomalies`)
  return arena
}

const signIns = (round: Round, n: number, password = 'x') =>
  times(n, i => () => round.signIn(`${password}${i}`, password))

test('a deletion among sign-ins leaves nobody signed in, and no row', async t => {
  const { node, appId } = await race(t, { before: ['ann'] }, round => [
    ...signIns(round, 30),
    ...times(10, () => () => round.use('ann')),
    round.remove,
    round.remove,
  ])

  const { sql } = node.node.services
  for (const rows of await Promise.all([
    sql`select user_id from users where app_id = ${appId}`,
    sql`select user_id from devices where app_id = ${appId}`,
    sql`select user_id from settings where app_id = ${appId}`,
    sql`select user_id from events where app_id = ${appId}`,
  ]))
    assert.deepEqual(rows, [])
})

test('a ban among sign-ins leaves nobody signed in', async t => {
  await race(t, { before: ['ann'] }, round => [
    ...signIns(round, 30),
    ...times(10, () => () => round.use('ann')),
    round.ban,
  ])
})

test('a ban that is taken back at once ends what was before it, and nothing after', async t => {
  await race(t, { before: ['ann'] }, round => [
    ...signIns(round, 12),
    ...times(5, () => () => round.use('ann')),
    () => round.ban().then(round.unban),
  ])
})

test('a kick among sign-ins and connects ends whatever came before it', async t => {
  await race(t, { before: ['ann', 'ben'] }, async round => {
    const sockets = await Promise.all(times(6, () => round.socket()))
    return [
      ...sockets.map((socket, i) => () => round.hello(i % 2 ? 'ann' : 'ben', socket)),
      ...signIns(round, 10),
      ...times(10, i => () => round.use(i % 2 ? 'ann' : 'ben')),
      () => round.kick().then(round.kick),
    ]
  })
})

test('of many changes of the password at once one wins at a time, and signs the others out', async t => {
  await race(t, { before: ['ann', 'ben', 'cleo'], passwords: ['x', 'y', 'z', 'w'] }, round => [
    () => round.change('ann', 'x', 'y'),
    () => round.change('ann', 'x', 'z'),
    () => round.change('ben', 'x', 'z'),
    () => round.change('cleo', 'y', 'z'),
    () => round.setPassword('w'),
    ...signIns(round, 4),
    ...signIns(round, 4, 'y'),
    ...signIns(round, 4, 'w'),
  ])
})

test('everything at once, and still one order explains it', async t => {
  await race(t, { before: ['ann', 'ben'], passwords: ['x', 'y', 'z'] }, round => [
    ...signIns(round, 8),
    ...signIns(round, 4, 'y'),
    ...times(6, i => () => round.use(i % 2 ? 'ann' : 'ben')),
    () => round.change('ann', 'x', 'y'),
    () => round.setPassword('z'),
    () => round.ban().then(round.unban),
    round.kick,
    round.remove,
  ])
})
