import { setTimeout as wait } from 'node:timers/promises'
import { calls } from '../calls.ts'
import type { Serving } from '../processes.ts'
import { median } from '../rounds.ts'
import { type Finding, type Scenario, shown } from '../scenario.ts'
import type { Store } from '../seed.ts'
import { type Site, say } from '../site.ts'
import { Crowds, type Guests } from '../sockets/crowds.ts'

const rounds = 2
/** Kicks one after the other while others read, as many reads a second as that. */
const kicks = 400
const readRate = 1000
/** The most users kicked in one go, and how many calls are on their way at once. */
const mass = 10_000
const massAtOnce = 256
/** Longer than a round takes, so that heartbeats fall outside of it. */
const quietHeartbeat = 120

interface Round {
  /** Until the last of all is let in (s). */
  connect: number
  /** KB of the server's memory. */
  each: number
  kick: { p50: number; p99: number }
  /** Until the last of `mass` saw its close (s). */
  massKick: number
}

export const sockets: Scenario = {
  name: 'sockets',
  about: 'WebSockets beside bare ws: connecting, memory, kicks',
  async run(site) {
    const [own, bare]: [Round[], Round[]] = [[], []]
    for (let round = 1; round <= rounds; round++) {
      // Whoever was kicked does not come back with the same token.
      const store = await site.ownStore(site.plan.sockets)
      own.push(await measured(site, store, await site.serveSockets(store.data, quietHeartbeat), guestsOf(store)))
      bare.push(await measured(site, store, await site.serveBareSockets(), strangersOf(store)))
      say(`sockets, round ${round} of ${rounds}: ${shown(own.at(-1)?.connect ?? 0)} s to connect`)
    }
    return [finding(site, own, bare)]
  },
}

const guestsOf = ({ app, adminToken, seats }: Store): Guests => ({ app, adminToken, members: seats })

/** Bare ws knows nobody: it finds a socket by what is given as its token. */
const strangersOf = ({ seats }: Store): Guests => ({
  app: '',
  adminToken: '',
  members: seats.map(({ user }) => ({ user, token: String(user) })),
})

async function measured(site: Site, store: Store, server: Serving, guests: Guests): Promise<Round> {
  const crowds = await new Crowds(server, guests).start()
  try {
    const before = server.memory
    const connect = await crowds.connect()
    await wait(2000)
    const each = ((server.memory - before) * 1024) / guests.members.length
    const kick = await kicksWhileReading(site, store, server, crowds)
    const start = performance.now()
    await crowds.kick(Math.min(mass, guests.members.length / 2), massAtOnce)
    return { connect, each, kick, massKick: (performance.now() - start) / 1000 }
  } finally {
    await crowds.end()
    await server.stop()
  }
}

async function kicksWhileReading(site: Site, store: Store, server: Serving, crowds: Crowds) {
  // Those who read are the last of all, so that nobody who reads is kicked.
  const reads = site.load.list(calls.profile({ ...store, seats: store.seats.slice(-100) }))
  const reading = site.load.paced(server, reads, 16, 2, readRate)
  const times = await crowds.kick(Math.min(kicks, store.users / 10), 1)
  await reading
  const at = (share: number) => times[Math.floor(times.length * share)] as number
  return { p50: at(0.5), p99: at(0.99) }
}

function finding({ plan: { sockets } }: Site, own: Round[], bare: Round[]): Finding {
  const of = (rounds: Round[], figure: (round: Round) => number) => median(rounds.map(figure))
  const row = (name: string, rounds: Round[]) => [
    name,
    shown(of(rounds, ({ connect }) => connect)),
    shown(
      of(rounds, ({ connect }) => sockets / connect),
      0,
    ),
    shown(
      of(rounds, ({ each }) => each),
      1,
    ),
    shown(
      of(rounds, ({ kick }) => kick.p50),
      1,
    ),
    shown(
      of(rounds, ({ kick }) => kick.p99),
      1,
    ),
    shown(of(rounds, ({ massKick }) => massKick)),
  ]
  const count = sockets.toLocaleString('en')
  const massCount = Math.min(mass, sockets / 2).toLocaleString('en')
  const [connect, each] = [of(own, ({ connect }) => connect), of(own, ({ each }) => each)]
  const [p99, massKick] = [of(own, ({ kick }) => kick.p99), of(own, ({ massKick }) => massKick)]
  return {
    title: `${count} WebSockets, their clients on the same processors`,
    columns: ['', 'connected in s', 'connects/s', 'KB each', 'kick p50 ms', 'kick p99 ms', `${massCount} kicked in s`],
    rows: [row('stonechat', own), row('bare ws', bare)],
    goals: [
      { what: `${count} sockets connect`, value: connect, unit: ' s', bound: 'at most', goal: 10 },
      { what: 'memory for each socket', value: each, unit: ' KB', bound: 'at most', goal: 10 },
      { what: 'from kick to close, p99', value: p99, unit: ' ms', bound: 'at most', goal: 100, aim: 20 },
      { what: `${massCount} kicked`, value: massKick, unit: ' s', bound: 'at most', goal: 5 },
    ],
  }
}
