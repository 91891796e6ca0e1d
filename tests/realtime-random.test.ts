/** Presence beside the sockets while everything happens at once: connects, closes, drops, kills, bans, kicks, passwords. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Client, StonechatError } from '../client/index.ts'
import { folder } from './harness.ts'
import { amount } from './support/amount.ts'
import { serving } from './support/program.ts'
import { type Bare, bare, helloOf } from './support/realtime.ts'

const seconds = amount(12, 600)
const people = 12
const killsApart = amount(6, 30) * 1000
/** A clean close is told at once, a kill of the node within ten seconds; the rest is what a busy machine adds. */
const bound = { alive: 1500, killed: 10_000 }

type Program = Awaited<ReturnType<typeof serving>>

interface Player {
  id: number
  name: string
  client: Client
  socket: Bare | undefined
  /** Since when the answers have contradicted the socket (ms), undefined while they do not. */
  since: number | undefined
}

const any = <T>(list: readonly T[]) => list[Math.floor(Math.random() * list.length)] as T
const isOpen = ({ socket }: Player) =>
  socket !== undefined && socket.code() === undefined && socket.frames.some(({ type }) => type === 'ready')

test('whatever happens at random, presence contradicts no socket for longer than its bound', async t => {
  const data = folder(t)
  let program = await serving(t, data)
  const players = await Promise.all(Array.from({ length: people }, (_, i) => join(program, `player${i}`)))
  let killedAt = performance.now()
  let [kills, acts, looks, longest] = [0, 0, 0, 0]
  let isOver = false

  const play = async (player: Player) => {
    while (!isOver) {
      await any(moves)(t, program, player)
      acts++
      await pause(Math.random() * 200)
    }
  }
  const look = async () => {
    while (!isOver) {
      const [before, asked] = [players.map(isOpen), performance.now()]
      const found = await unlessKilled(program.admin.presence.presenceBatch({ list: players.map(({ id }) => id) }))
      const now = performance.now()
      players.forEach((player, i) => {
        const contradicts = found !== undefined && before[i] === isOpen(player) && found[i]?.online !== before[i]
        player.since = contradicts ? (player.since ?? asked) : undefined
        const age = player.since === undefined ? 0 : now - player.since
        const allowed = now - killedAt < bound.killed ? bound.killed : bound.alive
        longest = Math.max(longest, age)
        assert.ok(age <= allowed, `presence of ${player.name} contradicted its socket for ${age} ms`)
      })
      if (found) looks++
      await pause(20)
    }
  }
  const kill = async () => {
    for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
      await pause(Math.min(killsApart, end - performance.now()))
      program.program.child.kill('SIGKILL')
      await program.program.ended
      killedAt = performance.now()
      program = await serving(t, data)
      for (const player of players) player.client = program.stranger.as(player.client.connection.token as string)
      kills++
    }
    isOver = true
  }
  await Promise.all([kill(), look(), ...players.map(play)])

  t.diagnostic(`${seconds} s: ${acts} acts, ${kills} kills, ${looks} looks; the longest contradiction: ${longest} ms`)
  assert.ok(acts > seconds && looks > seconds && kills > 0)
})

async function join({ stranger }: Program, name: string): Promise<Player> {
  await stranger.accounts.register({ username: name, password: 'x' })
  const { user_id: id, token } = await stranger.tokens.signInByName({ name, password: 'x', device_guid: 'phone' })
  return { id, name, client: stranger.as(token), socket: undefined, since: undefined }
}

type Move = (t: Parameters<typeof bare>[0], program: Program, player: Player) => Promise<unknown>

/** What a node that was just killed does not answer has not happened, or nobody heard of it. */
const unlessKilled = <T>(call: Promise<T>): Promise<T | undefined> =>
  call.catch(error => {
    if (error instanceof StonechatError || error instanceof TypeError) return undefined
    throw error
  })

const connect: Move = async (t, { url }, player) => {
  if (isOpen(player)) return
  const socket = await bare(t, url)
  if (socket.code() !== undefined) return
  socket.send(helloOf(player.client))
  player.socket = socket
}

const signIn: Move = async (_, { stranger }, player) => {
  const session = await unlessKilled(
    stranger.tokens.signInByName({ name: player.name, password: 'x', device_guid: 'phone' }),
  )
  if (session) player.client = stranger.as(session.token)
}

const moves: Move[] = [
  connect,
  connect,
  signIn,
  signIn,
  async (_, __, { socket }) => socket?.socket.close(),
  async (_, __, { socket }) => socket?.socket.terminate(),
  (_, { admin }, { id }) => unlessKilled(admin.actingFor(id).devices.kick({})),
  (_, { admin }, { id }) => unlessKilled(admin.actingFor(id).accounts.changePasswordAdmin({ password: 'x' })),
  async (_, { admin }, { id }) => {
    await unlessKilled(admin.accounts.disable({ list: [id] }))
    await unlessKilled(admin.accounts.enable({ list: [id] }))
  },
]
