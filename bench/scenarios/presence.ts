import { setTimeout as wait } from 'node:timers/promises'
import { calls, figuresOf, mustHaveSucceeded } from '../calls.ts'
import type { Serving } from '../processes.ts'
import { alternate, median } from '../rounds.ts'
import { type Finding, loadColumns, loadRow, type Scenario, shown } from '../scenario.ts'
import { type Site, say } from '../site.ts'
import { Crowds } from '../sockets/crowds.ts'

const heartbeat = 5
const sweeps = 4
const batch = 500
const connections = 16

/** On a node that holds many sockets. */
export const presence: Scenario = {
  name: 'presence',
  about: 'what heartbeats of many WebSockets cost, and POST /presence/batch',
  async run(site) {
    const store = await site.ownStore(site.plan.sockets)
    const server = await site.serveSockets(store.data, heartbeat)
    const guests = { app: store.app, adminToken: store.adminToken, members: store.seats }
    const crowds = await new Crowds(server, guests).start()
    try {
      await crowds.connect()
      return [await heartbeats(server, crowds, store.users), await batches(site, server, store)]
    } finally {
      await crowds.end()
      await server.stop()
    }
  },
}

/** While nothing else happens, and the clients answer: the time of whole sweeps, and of their parts. */
async function heartbeats(server: Serving, crowds: Crowds, sockets: number): Promise<Finding> {
  const busy: number[] = []
  const before = await figuresOf(server, 'stonechat_sweep_milliseconds')
  for (let i = 0; i < sweeps; i++) {
    const start = server.processorTime
    await wait(heartbeat * 1000)
    busy.push((server.processorTime - start) / heartbeat / 10)
  }
  const after = await figuresOf(server, 'stonechat_sweep_milliseconds')
  if ((await crowds.open()) !== sockets) throw new Error('a socket was closed that answered every ping')
  const since = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0)
  const within10 = since('_bucket{le="10"}') / since('_count')
  const sweep = since('_sum') / sweeps
  say(`heartbeats: ${shown(sweep, 1)} ms a sweep, ${shown(within10 * 100)} % of its parts within 10 ms`)
  return {
    title: `Heartbeats of ${sockets.toLocaleString('en')} WebSockets, every ${heartbeat} s`,
    columns: ['', 'a sweep, ms', 'a part of it, mean ms', 'parts within 5 ms', 'within 10 ms', 'processor in use'],
    rows: [
      [
        'stonechat',
        shown(sweep, 1),
        shown(since('_sum') / since('_count')),
        `${shown((since('_bucket{le="5"}') / since('_count')) * 100, 1)} %`,
        `${shown(within10 * 100, 1)} %`,
        `${shown(median(busy), 1)} %`,
      ],
    ],
    goals: [{ what: 'parts of a sweep within 10 ms', value: within10 * 100, unit: ' %', bound: 'at least', goal: 100 }],
  }
}

async function batches(site: Site, server: Serving, store: Parameters<typeof calls.presence>[0]): Promise<Finding> {
  const list = site.load.list(calls.presence(store, Math.min(batch, store.seats.length)))
  await site.load.run(server, list, connections, site.plan.warmUp / 2)
  const plan = { ...site.plan, rounds: 3 }
  const compared = await alternate(plan, `presence c=${connections}`, [
    { name: `${batch} users`, run: seconds => site.load.run(server, list, connections, seconds) },
  ])
  await mustHaveSucceeded(server, 'presenceBatch')
  return {
    title: `POST /presence/batch, ${batch} users, ${connections} connections, all online`,
    columns: loadColumns,
    rows: [loadRow(`${batch} users`, compared, 0)],
    goals: [],
  }
}
