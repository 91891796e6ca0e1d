// Runs once: what is weighed is the process, and the log of the file that SQLite keeps.
import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { realtimePath } from '../../contract/frames.ts'
import { folder } from '../harness.ts'
import { amount } from '../support/amount.ts'
import { ask } from '../support/http.ts'
import { outcome } from '../support/outcomes.ts'
import { frugal, serving } from '../support/program.ts'
import { times } from '../support/races.ts'
import { helloOf } from '../support/realtime.ts'
import { median } from './figures.ts'
import { descriptors } from './honest.ts'

const seconds = amount(36, 600)
const visits = amount(2000, 50_000)
/** How much more memory may be held: what is collected, and when, is the engine's to choose. */
const grows = 1.1
const mostLog = 16 * 1_048_576

type Program = Awaited<ReturnType<typeof serving>>

/** In MB. */
const memory = ({ program }: Program) =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${program.child.pid}/status`, 'utf8'))?.[1]) / 1024

test('under load of every kind memory, descriptors and the log stay as they are', async t => {
  const data = folder(t)
  const program = await serving(t, data, {}, frugal)
  const end = performance.now() + seconds * 1000
  let [acts, isOver] = [0, false]
  const people = times(6, async i => {
    while (!isOver) {
      await live(program, `person_${i}`)
      acts++
    }
  })
  const samples: { memory: number; descriptors: number; log: number }[] = []
  for (; performance.now() < end; await pause(250))
    samples.push({
      memory: memory(program),
      descriptors: descriptors(program.program.child.pid),
      log: statSync(join(data, 'stonechat.db-wal')).size,
    })
  isOver = true
  await Promise.all(people)

  // The first third warms up.
  const third = Math.floor(samples.length / 3)
  const [before, after] = [samples.slice(third, 2 * third), samples.slice(2 * third)]
  const [held, holds] = [before, after].map(part => median(part.map(({ memory }) => memory))) as [number, number]
  const [had, has] = [before, after].map(part => median(part.map(({ descriptors }) => descriptors))) as [number, number]
  const log = Math.max(...samples.map(({ log }) => log))
  t.diagnostic(
    `${seconds} s, ${acts} rounds: memory ${held.toFixed(0)} → ${holds.toFixed(0)} MB, descriptors ${had} → ${has}, log at most ${(log / 1_048_576).toFixed(1)} MB`,
  )
  assert.ok(holds < held * grows, `memory grew from ${held} to ${holds} MB`)
  assert.ok(has <= had + 10, `descriptors grew from ${had} to ${has}`)
  assert.ok(log <= mostLog, `the log grew to ${log} bytes`)
})

/** One round of somebody's day, with whatever goes wrong in it. */
async function live({ stranger, admin, url }: Program, name: string) {
  await outcome(stranger.accounts.register({ username: name, password: 'x' }))
  await outcome(stranger.tokens.signInByName({ name, password: 'wrong' }))
  const session = await stranger.tokens.signInByName({ name, password: 'x', device_guid: 'phone' })
  const person = stranger.as(session.token)
  const socket = new WebSocket(url.replace(/^http/, 'ws') + realtimePath)
  socket.on('error', () => {})
  socket.on('open', () => socket.send(JSON.stringify(helloOf(person))))
  for (const i of times(20, i => i)) {
    await person.profiles.setNickname({ nick_name: `${name} ${i}` })
    await person.profiles.getProfile()
    await outcome(person.devices.removeDevice({ device_sn: 99 }))
    await ask(url, { path: '/nowhere' })
    await ask(url, { method: 'PUT', path: '/user/profile', headers: { 'content-type': 'application/json' }, body: '{' })
  }
  if (Math.random() < 0.5) socket.terminate()
  else await admin.actingFor(session.user_id).devices.kick({})
}

test('whoever connects and goes without a word leaves no memory behind', async t => {
  const program = await serving(t, folder(t), {}, frugal)
  await visit(program, visits)
  const before = await settled(program)

  await visit(program, visits)
  const after = await settled(program)

  t.diagnostic(`${2 * visits} visits, a half on HTTP: ${before.toFixed(0)} MB, then ${after.toFixed(0)} MB`)
  assert.ok(after < before * grows, `memory grew from ${before} to ${after} MB`)
})

async function visit({ url }: Program, count: number) {
  const { hostname, port } = new URL(url)
  const knock = () =>
    new Promise<void>(resolve => {
      const socket = connect(Number(port), hostname, () => socket.destroy())
      socket.on('error', () => {})
      socket.on('close', () => resolve())
    })
  const peek = () =>
    new Promise<void>(resolve => {
      const socket = new WebSocket(url.replace(/^http/, 'ws') + realtimePath)
      socket.on('open', () => socket.terminate())
      socket.on('error', () => {})
      socket.on('close', () => resolve())
    })
  for (let i = 0; i < count; i += 100) await Promise.all(times(100, j => (j % 2 ? knock() : peek())))
}

/** Memory once all are gone and what they left has had a few seconds to be collected. */
async function settled(program: Program): Promise<number> {
  const samples: number[] = []
  for (const _ of times(20, i => i)) {
    await pause(150)
    samples.push(memory(program))
  }
  return Math.min(...samples)
}
