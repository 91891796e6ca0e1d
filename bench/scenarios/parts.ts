import { calls } from '../calls.ts'
import { parts as names, type Part, sharesIn } from '../cpu-profile.ts'
import { type Finding, type Scenario, shown } from '../scenario.ts'
import type { Site } from '../site.ts'

const connections = 64

export const parts: Scenario = {
  name: 'parts',
  about: "where a request's time goes, by a profile of the processor: GET profile and PUT nickname",
  async run(site) {
    const acts = ['profile', 'nickname'] as const
    const shares: Map<Part, number>[] = []
    for (const act of acts) shares.push(await profiled(site, act))
    return [finding(shares)]
  },
}

/** The profiler takes time as well, so these shares are not compared with the rates of other scenarios. */
async function profiled(site: Site, act: 'profile' | 'nickname'): Promise<Map<Part, number>> {
  const store = await site.ownStore(site.plan.large)
  const folder = site.newFolder()
  const server = await site.serveProfiled(store.data, folder)
  const list = site.load.list(calls[act](store))
  await site.load.run(server, list, connections, site.plan.warmUp)
  await site.load.run(server, list, connections, site.plan.seconds * 2)
  await server.stop()
  return sharesIn(folder, site.plan.seconds * 2)
}

const finding = (shares: Map<Part, number>[]): Finding => ({
  title: `Where the time of a request goes, ${connections} connections`,
  columns: ['', 'GET profile, %', 'PUT nickname, %'],
  rows: names.map(part => [part, ...shares.map(each => shown((each.get(part) ?? 0) * 100, 1))]),
  goals: [],
})
