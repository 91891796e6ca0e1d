import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Client, createClient } from '../../client/index.ts'
import { certificate } from '../../tests/support/vendors/certificate.ts'
import { type Serving, serving } from '../processes.ts'
import { givePhones } from '../push/phones.ts'
import { type Scenario, shown } from '../scenario.ts'
import { environment, program, type Site, say } from '../site.ts'

const apple = fileURLToPath(new URL('../push/apple.ts', import.meta.url))
const message = { title: 'Hello', body: 'A push to everybody' }
/** How often progress is asked for (ms), and how long delivery is looked at (s). */
const look = 20
const seconds = 15
/** Devices of the jobs that the silent vendor holds. */
const underWay = 2000

export const push: Scenario = {
  name: 'push',
  about: 'a broadcast, and one by two tags: cutting it into jobs, and delivery to a vendor on this machine',
  async run(site) {
    const stage = await stageOf(site)
    const { admin, server, taking } = stage
    const all = await expanded(stage, 'all')
    const tagged = await expanded(stage, { tag: ['red', 'blue'] })
    await admin.notifiers.changeNotifier({ name: 'ios', credentials: { endpoint: taking } })
    const delivered = await delivery(stage)
    await server.stop()
    const users = stage.users.toLocaleString('en')
    const row = (name: string, { devices, took, work, peak }: Expanded) => [
      name,
      devices.toLocaleString('en'),
      shown(took),
      shown(devices / took, 0),
      shown((work / devices) * 1000, 1),
      shown(peak, 0),
    ]
    return [
      {
        title: `A push to an audience of ${users} users: cutting it into jobs, while the vendor answers nothing`,
        columns: ['', 'devices', 's', 'devices/s', 'processor µs each', 'most MB'],
        rows: [row('all', all), row('two tags', tagged)],
        goals: [
          { what: `a push to ${users} devices, cut into jobs`, value: all.took, unit: ' s', bound: 'at most', goal: 5 },
        ],
      },
      {
        title: `Delivery of a push to ${users} devices, by APNs to a vendor on this machine`,
        columns: ['', 'pushes/s', 'processor µs each', 'most MB'],
        rows: [['all', shown(delivered.rate, 0), shown(delivered.work, 1), shown(delivered.peak, 0)]],
        goals: [],
      },
    ]
  },
}

interface Stage {
  server: Serving
  admin: Client
  /** The endpoint of the vendor that answers. */
  taking: string
  users: number
}

async function stageOf(site: Site): Promise<Stage> {
  const store = await site.ownStore(site.plan.large)
  say('giving everybody a phone …')
  givePhones(store)
  const [silent, answering] = [await vendor('silent'), await vendor('answering')]
  const folder = site.newFolder()
  mkdirSync(folder)
  const authorities = join(folder, 'authorities.pem')
  writeFileSync(authorities, certificate)
  const settings = {
    ...environment(store.data),
    STONECHAT_PUSH_ORIGINS: `${silent},${answering}`,
    STONECHAT_PUSH_CA: authorities,
  }
  const server = await serving('server', [process.execPath, program, 'serve'], settings)
  const admin = createClient({ url: server.url, appId: store.app }).as(store.adminToken)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const credentials = { team_id: 'A1B2C3D4E5', key_id: 'F6G7H8I9J0', bundle_id: 'com.example.bench', key }
  await admin.notifiers.changeNotifier({ name: 'ios', credentials: { ...credentials, endpoint: silent } })
  return { server, admin, taking: answering, users: store.users }
}

async function vendor(mood: 'silent' | 'answering'): Promise<string> {
  const { url } = await serving('load', [process.execPath, apple, mood])
  return url.replace('http:', 'https:')
}

interface Expanded {
  devices: number
  /** s */
  took: number
  /** ms of processor time */
  work: number
  /** MB */
  peak: number
}

/** From the call to the last job. */
async function expanded({ server, admin }: Stage, audience: 'all' | { tag: string[] }): Promise<Expanded> {
  const [begun, before] = [performance.now(), server.processorTime]
  const task = await admin.delivery.notify({ audience, message })
  let peak = server.ownMemory
  let progress = await admin.delivery.taskProgress(task)
  while (progress.state !== 'sending') {
    await wait(look)
    progress = await admin.delivery.taskProgress(task)
    peak = Math.max(peak, server.ownMemory)
  }
  const took = (performance.now() - begun) / 1000
  const work = server.processorTime - before
  await admin.delivery.cancelTask(task)
  // What is cancelled is settled like everything else.
  while (progress.settled < progress.devices - underWay) {
    await wait(look)
    progress = await admin.delivery.taskProgress(task)
  }
  say(`${progress.devices.toLocaleString('en')} devices in ${shown(took)} s, ${shown(peak, 0)} MB`)
  return { devices: progress.devices, took, work, peak }
}

/** Once all jobs are made. */
async function delivery({ server, admin }: Stage) {
  const task = await admin.delivery.notify({ audience: 'all', message })
  while ((await admin.delivery.taskProgress(task)).state !== 'sending') await wait(look)
  const count = async () => (await admin.delivery.taskDetail({ list: [task.task_id] }))[0]?.apns_sent ?? 0
  const [first, before, begun] = [await count(), server.processorTime, performance.now()]
  let peak = 0
  while (performance.now() - begun < seconds * 1000) {
    await wait(look * 5)
    peak = Math.max(peak, server.ownMemory)
  }
  const sent = (await count()) - first
  const [took, work] = [(performance.now() - begun) / 1000, server.processorTime - before]
  await admin.delivery.cancelTask(task)
  say(`${shown(sent / took, 0)} pushes/s, ${shown(peak, 0)} MB`)
  return { rate: sent / took, work: (work / sent) * 1000, peak }
}
