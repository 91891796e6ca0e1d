/** Takes each step in the model and on a real node, and compares. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { createApp, defaultPolicy } from '../../../server/apps/apps.ts'
import { createAdminToken } from '../../../server/tokens/admin-tokens.ts'
import { eventually, type TestNode } from '../../harness.ts'
import { exchange, readEnvelope } from '../../support/http.ts'
import { type Bare, bare } from '../../support/realtime.ts'
import { type Route, rawOf, routes } from '../../support/routes.ts'
import { callerOf, type Headers, idOf, tokenOf } from './caller.ts'
import { answerTo, type Called } from './model.ts'
import { type As, beginning, type Call, type Connect, type Step } from './operations.ts'
import { comparable, reading, resolved, sameLines } from './reading.ts'
import { nameConnection } from './rules/connections.ts'
import { type App, close, emptyApp, openOf, type User, usersOf, type World } from './world.ts'

/** The node's clock: it moves by a millisecond a step, and by a month when a step says so. */
export interface Clock {
  now: number
}

/** How a call of an operation was answered. */
export interface Answered {
  name: string
  code: number
}

/**
 * How long the clock stands still after a connection has ended (ms of real time): until when it was there is noted a
 * moment after its end has been told.
 */
const settling = 250
const month = 31 * 86_400_000

/** One sequence, in two apps of its own. */
export class Play {
  readonly #t: TestContext
  readonly #node: TestNode
  readonly #clock: Clock
  readonly #world: World
  readonly answers: Answered[] = []
  #lastEnd = 0
  readonly #sockets = new Map<World['connections'][number], Bare>()

  static async open(t: TestContext, node: TestNode, clock: Clock) {
    const apps = [
      await appOn(node, clock, { isOpen: true, cap: 3 }),
      await appOn(node, clock, { isOpen: false, cap: 2 }),
    ] as [App, App]
    const play = new Play(t, node, clock, { now: clock.now, apps, tokens: [], connections: [], isLater: false })
    for (const step of beginning) await play.take(step)
    return play
  }

  constructor(t: TestContext, node: TestNode, clock: Clock, world: World) {
    this.#t = t
    this.#node = node
    this.#clock = clock
    this.#world = world
  }

  async take(step: Step) {
    if (this.#isSettled()) this.#pass(1)
    const before = new Set(this.#world.connections.filter(({ closed }) => closed === undefined))
    if ('call' in step) await this.#call(step)
    else if (step.do === 'connect') await this.#connect(step)
    else if (step.do === 'disconnect') await this.#disconnect(step.n)
    else this.#letPass()
    const ended = [...before].filter(({ closed }) => closed !== undefined)
    if (ended.length > 0) this.#lastEnd = performance.now()
    for (const connection of ended) await this.#mustClose(connection)
  }

  /** All that can be read at the end, and what stands in the tables where nothing can read it. */
  async readAll() {
    const world = this.#world
    for (let n = world.connections.length; n > 0; n--) await this.take({ do: 'disconnect', n })
    for (const [app, { ids }] of world.apps.entries()) {
      await this.take(reading('listUsers', app, { as: 'admin' }, { page_size: 200 }))
      for (const n of ids.keys())
        for (const name of ['getProfile', 'getSettings', 'listDevices', 'listTags', 'getOnlineStatus'])
          await this.take(reading(name, app, { as: 'admin for', n }))
    }
    for (const [n, { app }] of world.tokens.entries())
      await this.take(reading('getSettings', world.apps.indexOf(app), { as: 'token', n }))
    for (const app of world.apps) await this.#compareTables(app)
  }

  #isSettled() {
    return performance.now() - this.#lastEnd > settling
  }

  #pass(milliseconds: number) {
    this.#clock.now += milliseconds
    this.#world.now = this.#clock.now
  }

  /** A node says that it is alive every few seconds of real time: nobody may be connected meanwhile. */
  #letPass() {
    if (!this.#isSettled() || this.#world.connections.some(({ closed }) => closed === undefined)) return
    this.#world.isLater = true
    this.#pass(month)
  }

  async #call(call: Call) {
    const { world, route } = { world: this.#world, route: routeOf(call) }
    const app = world.apps[call.app] as App
    const called: Called = {
      name: call.call,
      headers: { ...this.#headers(app, call.by), ...(call.agent !== '' && { 'user-agent': call.agent }) },
      input: resolved(app, call.input, this.#acting(app, call.by)) as Record<string, unknown>,
    }
    const { status, text } = await exchange(this.#node.url, rawOf(route, called.input, { ...called.headers }))
    const { message: _, ...answer } = readEnvelope(status, text)

    const expected = answerTo(world, called, answer)

    this.answers.push({ name: call.call, code: expected.code })
    const said = () => `${route.route} ${JSON.stringify(called)} was answered with ${text}`
    assert.deepEqual(comparable(answer), comparable(expected), said())
  }

  #headers(app: App, by: As): Headers {
    const { apps, tokens } = this.#world
    const admin = { app_id: app.id, 'access-token': app.adminToken }
    switch (by.as) {
      case 'nobody':
        return { app_id: app.id }
      case 'garbage':
        return { app_id: app.id, 'access-token': `ut_${'x'.repeat(43)}` }
      case 'in an unknown app':
        return { ...admin, app_id: 'nowhere' }
      case 'admin':
        return admin
      case 'admin of the other app':
        return { ...admin, 'access-token': apps[app === apps[0] ? 1 : 0].adminToken }
      case 'admin naming':
        return { ...admin, user_id: by.text }
      case 'admin for':
        return { ...admin, user_id: String(idOf(app, by.n)) }
      case 'nobody naming':
        return { app_id: app.id, user_id: String(idOf(app, by.n)) }
      case 'token':
        return { app_id: app.id, 'access-token': tokens[by.n % Math.max(1, tokens.length)]?.token ?? 'none' }
    }
    const own = { app_id: app.id, 'access-token': tokenOf(this.#world, app, by.n)?.token ?? 'none' }
    return 'other' in by ? { ...own, user_id: String(idOf(app, by.other)) } : own
  }

  /** The id of the user for whom a call is made, or of any. */
  #acting(app: App, by: As): number {
    if (by.as === 'admin for') return idOf(app, by.n)
    const token = 'n' in by ? tokenOf(this.#world, app, by.n) : undefined
    return token?.user ?? idOf(app, 0)
  }

  async #connect({ app: which, by, guid, platform, agent }: Connect) {
    const world = this.#world
    if (world.isLater) return
    const { user_id: _, ...headers } = this.#headers(world.apps[which] as App, by)
    const caller = callerOf(world, 'user', headers)
    const code = typeof caller === 'number' ? caller : undefined
    const socket = await bare(this.#t, this.#node.url)
    socket.send({
      type: 'hello',
      app_id: headers.app_id,
      access_token: headers['access-token'] ?? '',
      device_guid: guid,
      ...(platform > 0 && { platform }),
      ...(agent !== '' && { user_agent: agent }),
    })
    if (code !== undefined) {
      assert.equal((await socket.frame('error')).code, code, `hello as ${JSON.stringify(by)}`)
      await socket.gone()
      return
    }
    const ready = await socket.frame('ready')
    const connection = nameConnection(world, callerOf(world, 'user', headers), { guid, platform, agent })
    assert.deepEqual([ready.user_id, ready.device_sn], [connection.user, connection.sn])
    this.#sockets.set(connection, socket)
  }

  async #disconnect(n: number) {
    const open = this.#world.connections.filter(({ closed }) => closed === undefined)
    const connection = open[n % Math.max(1, open.length)]
    if (!connection) return
    const socket = this.#sockets.get(connection) as Bare
    assert.equal(socket.code(), undefined, 'closed without a reason')
    socket.socket.close(1000)
    close(this.#world, connection, 1000)
  }

  /** The socket has heard why, and the node has forgotten it. */
  async #mustClose(connection: World['connections'][number]) {
    const { app, user, sn, closed } = connection
    assert.equal(await (this.#sockets.get(connection) as Bare).gone(), closed)
    const { sql } = this.#node.node.services
    const device = app.users.get(user)?.devices.find(each => each.sn === sn)
    if (!device) return
    await eventually(async () => {
      const [row] = await sql<{ seen_at: number }>`
        select seen_at from devices where app_id = ${app.id} and user_id = ${user} and device_sn = ${sn}`
      assert.equal(row?.seen_at, device.seen)
      const leases = await sql`select 1 as held from leases where app_id = ${app.id} and user_id = ${user}`
      assert.equal(leases.length, openOf(this.#world, app, user).length)
    })
  }

  async #compareTables(app: App) {
    const { sql } = this.#node.node.services
    const bindings = await sql<{ notifier_name: string; device_token: string; user_id: number; device_sn: number }>`
      select notifier_name, device_token, user_id, device_sn from bindings where app_id = ${app.id}`
    const badges = await sql<{ user_id: number; badge: number }>`
      select user_id, badge from settings where app_id = ${app.id}`
    const aliases = await sql<{ user_id: number; alias: string }>`
      select user_id, alias from aliases where app_id = ${app.id}`
    const named = usersOf(app).filter(({ alias }) => alias !== '')

    sameLines(
      bindings.map(row => [row.notifier_name, row.device_token, row.user_id, row.device_sn]),
      app.bindings.map(({ notifier, token, user, sn }) => [notifier, token, user, sn]),
    )
    sameLines(
      badges.map(row => [row.user_id, row.badge]),
      usersOf(app).map(({ id, badge }: User) => [id, badge]),
    )
    sameLines(
      aliases.map(row => [row.user_id, row.alias]),
      named.map(({ id, alias }) => [id, alias]),
    )
  }
}

async function appOn({ node }: TestNode, { now }: Clock, rules: Pick<App, 'isOpen' | 'cap'>): Promise<App> {
  const { sql, seals } = node.services
  const policy = { ...defaultPolicy, open_registration: rules.isOpen ? 1 : 0, device_cap: rules.cap }
  const { app } = await createApp(sql, seals, policy, now)
  const { token } = await createAdminToken(sql, app.app_id, 'model', now, 10_000)
  return emptyApp(app.app_id, token, rules)
}

function routeOf({ call: name, method }: Call): Route {
  const all = routes.filter(each => each.name === name)
  return all[method % all.length] as Route
}
