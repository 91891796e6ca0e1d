import { answerTo, calls, mustHaveSucceeded, profileOf } from '../calls.ts'
import type { Serving } from '../processes.ts'
import { alternate, type Compared, type Side } from '../rounds.ts'
import { type Finding, type Goal, loadColumns, loadRow, type Scenario, shown } from '../scenario.ts'
import type { Seat, Store } from '../seed.ts'
import type { Site } from '../site.ts'

/** The connections at which the goal is set. */
const judged = 64

export const profile: Scenario = {
  name: 'profile',
  about: 'GET /user/profile beside bare node:http that sends the same bytes',
  async run(site) {
    const { small, large, connections } = site.plan
    const stores = await Promise.all([...new Set([small, large])].map(users => site.store(users)))
    const servers = await Promise.all(stores.map(store => site.serve(store.data)))
    const bare = await bareBeside(site, stores, servers)
    const sides = [
      { name: 'bare node:http', server: bare, list: listOf(site, stores[0] as Store) },
      ...stores.map((store, i) => ({
        name: `${store.users.toLocaleString('en')} users`,
        server: servers[i] as Serving,
        list: listOf(site, store),
      })),
    ]
    for (const { server, list } of sides) await site.load.run(server, list, judged, site.plan.warmUp)
    const finding: Finding = { title: 'GET /user/profile', columns: [...loadColumns, 'of bare'], rows: [], goals: [] }
    for (const count of connections) {
      const compared = await alternate(
        site.plan,
        `profile c=${count}`,
        sides.map(
          ({ name, server, list }): Side => ({ name, run: seconds => site.load.run(server, list, count, seconds) }),
        ),
      )
      sides.forEach(({ name }, i) => {
        finding.rows.push([...loadRow(`c=${count}, ${name}`, compared, i), shown(compared.ratio('rate', i, 0))])
      })
      if (count === judged) finding.goals.push(goal(compared, sides.length - 1, sides.at(-1)?.name ?? ''))
    }
    for (const server of servers) await mustHaveSucceeded(server, 'getProfile')
    await Promise.all([bare, ...servers].map(server => server.stop()))
    return [finding]
  },
}

const listOf = (site: Site, store: Store) => site.load.list(calls.profile(store))

async function bareBeside(site: Site, stores: Store[], servers: Serving[]): Promise<Serving> {
  const store = stores.at(-1) as Store
  const request = profileOf(store, store.seats[0] as Seat)
  const answer = await answerTo(servers.at(-1) as Serving, request)
  const bare = await site.serveBare(answer)
  const same = await answerTo(bare, request)
  if (JSON.stringify(same) !== JSON.stringify(answer)) throw new Error('bare node:http does not send the same bytes')
  return bare
}

const goal = (compared: Compared, side: number, name: string): Goal => ({
  what: `GET profile, ${judged} connections, ${name}, to bare node:http`,
  value: compared.ratio('rate', side, 0),
  unit: '',
  bound: 'at least',
  goal: 0.6,
  aim: 0.75,
})
