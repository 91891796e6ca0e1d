import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createClient } from '../../client/index.ts'
import type { FirstRun } from '../../server/first-run.ts'
import { launch, Serving } from '../processes.ts'
import { median } from '../rounds.ts'
import { type Finding, type Scenario, shown } from '../scenario.ts'
import { environment, program, say } from '../site.ts'

/** Nothing else runs meanwhile, so the server may use all processors. */
export const start: Scenario = {
  name: 'start',
  about: 'from the start of the process to ready, and memory at rest',
  async run(site) {
    const { data, users } = await site.store(site.plan.large)
    const [fresh, again, large, memory]: [number[], number[], number[], number[]] = [[], [], [], []]
    for (let i = 1; i <= site.plan.starts; i++) {
      const folder = site.newFolder()
      fresh.push(await timed(folder, async server => void memory.push(await atRest(server, folder))))
      again.push(await timed(folder))
      large.push(await timed(data))
      say(`start ${i} of ${site.plan.starts}: ${shown(fresh.at(-1) ?? 0)} s, ${shown(memory.at(-1) ?? 0, 1)} MB`)
    }
    return [startFinding(fresh, again, large, users), memoryFinding(memory)]
  },
}

/** From the start of the process to the first 200 of /readyz, in seconds. */
async function timed(data: string, use?: (server: Serving) => Promise<void>): Promise<number> {
  const port = await freePort()
  const begun = performance.now()
  const { child, announced } = launch('anywhere', [process.execPath, program, 'serve'], environment(data, port))
  while (!(await isReady(port))) await wait(2)
  const took = performance.now() - begun
  const server = new Serving(await announced, child)
  await use?.(server)
  await server.stop()
  return took / 1000
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

function isReady(port: number): Promise<boolean> {
  return new Promise(resolve => {
    get({ port, host: '127.0.0.1', path: '/readyz', agent: false }, response => {
      response.resume().on('end', () => resolve(response.statusCode === 200))
    }).on('error', () => resolve(false))
  })
}

const calls = 20
/** In ms: until what the calls left behind is collected. */
const rest = 1000

/** Memory in MB, after somebody has registered, signed in and looked around. */
async function atRest(server: Serving, folder: string): Promise<number> {
  const { app_id } = JSON.parse(readFileSync(join(folder, 'first-run.json'), 'utf8')) as FirstRun
  const stranger = createClient({ url: server.url, appId: app_id })
  await stranger.accounts.register({ username: 'ann', password: 'password of ann' })
  const { token } = await stranger.tokens.signInByName({ name: 'ann', password: 'password of ann' })
  for (let i = 0; i < calls; i++) await stranger.as(token).profiles.getProfile()
  await wait(rest)
  return server.memory
}

function startFinding(fresh: number[], again: number[], large: number[], users: number): Finding {
  const many = `${users.toLocaleString('en')} users`
  const row = (name: string, times: number[]) => [name, shown(median(times)), shown(Math.max(...times))]
  return {
    title: 'From the start of the process to ready',
    columns: ['', 'median s', 'slowest s'],
    rows: [row('empty folder (first start)', fresh), row('one user', again), row(many, large)],
    goals: [
      { what: 'ready, empty folder', value: median(fresh), unit: ' s', bound: 'at most', goal: 0.8, aim: 0.5 },
      { what: `ready, ${many}`, value: median(large), unit: ' s', bound: 'at most', goal: 1.2 },
    ],
  }
}

const memoryFinding = (memory: number[]): Finding => ({
  title: 'Memory at rest',
  columns: ['', 'median MB', 'most MB'],
  rows: [['one user, after a few calls', shown(median(memory), 1), shown(Math.max(...memory), 1)]],
  goals: [{ what: 'memory at rest', value: median(memory), unit: ' MB', bound: 'at most', goal: 110, aim: 90 }],
})
