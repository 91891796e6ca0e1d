/** A hundred calls at once for what only one can have: in each of two hundred rounds every answer must be explained. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Client } from '../../client/index.ts'
import { findAlias } from '../../server/push/push.sql.ts'
import { times } from '../support/races.ts'
import { type Act, type Arena, arenaOf, atOnce, type Holding, mustBeExplained, rounds, unique } from './arena.ts'
import { type Answer, History, type Model } from './history.ts'

interface Naming {
  by: number
  way: 'register' | 'rename' | 'sign in'
}

/** Whose the name is. */
const oneName: Model<number, Naming> = {
  start: -1,
  looks: ({ way }, answer) => way === 'sign in' || answer !== 200,
  step(owner, { by, way }, answer) {
    if (way === 'sign in') return answer === (owner === by ? 200 : 402) ? owner : undefined
    if (owner === -1) return answer === 200 ? by : undefined
    return answer === (way === 'register' ? 10004 : 11011) ? owner : undefined
  },
}

test('of a hundred who register or take one name at once, one has it', async t => {
  const arena = await arenaOf(t)
  const { stranger, admin } = arena
  const others = await Promise.all(times(10, i => member(arena, `other_${i}`, `p${i}`)))

  for (let i = 0; i < rounds; i++) {
    const history = new History<Naming>()
    const name = (n: number) => (n % 2 ? `name_${i}` : `NAME_${i}`)
    await atOnce(
      history,
      times(100, by => {
        const credentials = { username: name(by), password: `p${by}` }
        if (i % 2 && by < 10)
          return naming(by, 'rename', () => (others[by] as Member).client.accounts.setUsername(credentials))
        const { accounts } = by % 3 ? stranger : admin
        return naming(by, 'register', () =>
          by % 4 ? accounts.register(credentials) : accounts.registerPush(credentials),
        )
      }),
    )
    const first = history.events.find(({ answer }) => answer === 200)?.op.by ?? 0
    const signIn = (by: number) => stranger.tokens.signInByName({ name: name(0), password: `p${by}` })
    await atOnce(
      history,
      [first, 3, 50].map(by => naming(by, 'sign in', () => signIn(by))),
    )

    mustBeExplained(history, oneName)
  }

  const { sql } = arena.node.node.services
  const [rows] = await sql<{ users: number; settings: number; counted: number }>`
    select (select count(*) from users where app_id = ${arena.appId}) as users,
           (select count(*) from settings where app_id = ${arena.appId}) as settings,
           (select users from user_counts where app_id = ${arena.appId} and width = 0 and slot = 0) as counted`
  assert.ok(rows && rows.users > 10 && rows.users <= rounds + 10, JSON.stringify(rows))
  assert.deepEqual([rows.settings, rows.counted], [rows.users, rows.users])
})

const naming = (by: number, way: Naming['way'], call: Act<Naming>['call']): Act<Naming> => ({ op: { by, way }, call })

interface Member {
  id: number
  device: number
  client: Client
}

async function member({ stranger }: Arena, username: string, password = 'x'): Promise<Member> {
  await stranger.accounts.register({ username, password })
  const session = await stranger.tokens.signInByName({ name: username, password })
  return { id: session.user_id, device: session.device_sn, client: stranger.as(session.token) }
}

/** How one kind of thing is taken, given up and looked at. */
interface Kind {
  /** What losers hear; absent where whoever comes last has it. */
  loss?: number
  take(member: Member, value: string): Promise<unknown>
  drop?(member: Member): Promise<unknown>
  /** An admin moves it. */
  move?(member: Member, value: string): Promise<unknown>
  has(member: Member): Promise<Answer>
}

/** Three users and two values: many calls that take, then a dozen that take, give up and move. */
async function contest(
  t: TestContext,
  many: number,
  value: (round: number, which: number) => string,
  make: (arena: Arena) => Kind,
) {
  const arena = await arenaOf(t)
  const members = await Promise.all(times(3, i => member(arena, `member_${i}`)))
  const { loss, take, drop, move, has } = make(arena)

  for (let i = 0; i < rounds * 2; i++) {
    const history = new History<Holding>()
    const acts = times(i % 2 ? 12 : many, n => {
      const whose = members[n % 3] as Member
      const who = String(n % 3)
      // Where the last one has it any order is right, and two values would be too many orders to look at.
      const wanted = value(i, loss === undefined && i % 2 === 0 ? 0 : n % 2)
      if (i % 2 && drop && n % 4 === 0) return { op: { who, drop: true as const }, call: () => drop(whose) }
      if (i % 2 && move && n % 4 === 1)
        return { op: { who, take: wanted, byForce: true }, call: () => move(whose, wanted) }
      return { op: { who, take: wanted, byForce: loss === undefined }, call: () => take(whose, wanted) }
    })
    await atOnce(history, acts)
    for (const [who, whose] of members.entries())
      await history.record({ who: String(who), has: true }, () => seen(i, whose))

    mustBeExplained(history, unique(loss ?? 0))
  }

  /** What the user had before the round is nothing to it. */
  async function seen(round: number, whose: Member) {
    const now = await has(whose)
    return now === value(round, 0) || now === value(round, 1) ? now : ''
  }
}

test('an alias that many take, give up and move at once is one user’s', async t => {
  await contest(
    t,
    100,
    (i, which) => `alias ${i} ${which}`,
    ({ appId, admin, node }) => ({
      loss: 13004,
      take: ({ client }, alias) => client.push.setAlias({ alias }),
      drop: ({ client }) => client.push.setAlias({ alias: '' }),
      move: ({ id }, alias) => admin.actingFor(id).push.setAlias({ alias }),
      has: ({ id }) => findAlias(node.node.services.sql, appId, id),
    }),
  )
})

test('a mobile number that many take and give up at once is one user’s', async t => {
  await contest(
    t,
    20,
    (i, which) => `+4915${which}${String(i).padStart(8, '0')}`,
    () => ({
      loss: 11012,
      take: ({ client }, mobile) => client.accounts.setMobile({ mobile }),
      drop: ({ client }) => client.accounts.setMobile({ mobile: '' }),
      has: async ({ client }) => (await client.profiles.getProfile()).mobile,
    }),
  )
})

test('a username that many change to at once is one user’s', async t => {
  await contest(
    t,
    20,
    (i, which) => `name_${i}_${which}`,
    () => ({
      loss: 11011,
      take: ({ client }, username) => client.accounts.setUsername({ username }),
      has: async ({ client }) => (await client.profiles.getProfile()).username,
    }),
  )
})

test('a push token that many claim at once is one device’s', async t => {
  await contest(
    t,
    20,
    (i, which) => `push token ${i} ${which}`,
    () => ({
      loss: 13005,
      take: ({ id, client }, push_token) => client.settings.setSettings({ user_id: id, push_token }),
      has: async ({ client }) => (await client.settings.getSettings()).push_token,
    }),
  )
})

test('a device token that many bind and unbind at once is one device’s: that of a last one', async t => {
  await contest(
    t,
    100,
    (i, which) => `device token ${i} ${which}`,
    ({ appId, node }) => {
      const bind = ({ device, client }: Member, device_token: string) =>
        client.devices.bindDeviceToken({ device_sn: device, device_token, notifier_name: 'capture' })
      return {
        take: bind,
        drop: ({ device, client }) => client.devices.unbindDeviceToken({ deviceSn: device }),
        async has({ id, device }) {
          const rows = await node.node.services.sql<{ device_token: string }>`
            select device_token from bindings
             where app_id = ${appId} and user_id = ${id} and device_sn = ${device}`
          assert.ok(rows.length <= 1)
          return rows[0]?.device_token ?? ''
        },
      }
    },
  )
})
