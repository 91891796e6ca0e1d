import { fileURLToPath } from 'node:url'
import { calls, mustHaveSucceeded, untilHashed } from '../calls.ts'
import type { Measured } from '../load.ts'
import { output, type Serving } from '../processes.ts'
import { alternate, type Side } from '../rounds.ts'
import { type Finding, loadColumns, loadRow, type Scenario, shown } from '../scenario.ts'
import type { Store } from '../seed.ts'
import type { Site } from '../site.ts'

const connections = 16

/** Reads a second while sign-ins flood: what people do meanwhile, far from what the server could answer. */
const readRate = 2000
const hashes = fileURLToPath(new URL('../hashes.ts', import.meta.url))

/** Hashing has a thread of its own, so here the server may use all processors. */
export const passwords: Scenario = {
  name: 'passwords',
  about: 'POST /user/register and /token/user beside bare argon2; reads while sign-ins flood',
  async run(site) {
    const store = await site.ownStore(site.plan.small)
    const server = await site.serve(store.data, 'anywhere')
    const findings = [await besideHashes(site, store, server), await readsMeanwhile(site, store, server)]
    for (const operation of ['register', 'signInByName', 'getProfile']) await mustHaveSucceeded(server, operation)
    await server.stop()
    return findings
  },
}

async function besideHashes(site: Site, store: Store, server: Serving): Promise<Finding> {
  const load = (name: string, list: string): Side => ({
    name,
    async run(seconds) {
      const measured = await site.load.run(server, list, connections, seconds, 'anywhere')
      await untilHashed(server)
      return measured
    },
  })
  const sides = [
    { name: 'argon2 alone, hashing', run: (seconds: number) => bareHashes('hash', seconds) },
    { name: 'argon2 alone, verifying', run: (seconds: number) => bareHashes('verify', seconds) },
    load('register', site.load.list(calls.register(store))),
    load('sign-in', site.load.list(calls.signIn(store))),
  ]
  // A few dozen answers a second: longer rounds, so that one more or less does not count.
  const plan = { ...site.plan, rounds: Math.ceil(site.plan.rounds / 2), seconds: site.plan.seconds * 2 }
  const compared = await alternate(plan, `passwords c=${connections}`, sides)
  const ratios = [1, 1, compared.ratio('rate', 2, 0), compared.ratio('rate', 3, 1)]
  return {
    title: `Registration and sign-in, ${connections} connections, ${store.users.toLocaleString('en')} users`,
    columns: [...loadColumns, 'of argon2 alone'],
    rows: sides.map(({ name }, i) => [...loadRow(name, compared, i), shown(ratios[i] as number)]),
    goals: [{ what: 'sign-in, to argon2 alone', value: ratios[3] as number, unit: '', bound: 'at least', goal: 0.95 }],
  }
}

async function bareHashes(what: 'hash' | 'verify', seconds: number): Promise<Measured> {
  const rate = Number(await output('anywhere', [process.execPath, hashes, what, String(seconds)]))
  return { rate, p50: Number.NaN, p99: Number.NaN, work: Number.NaN }
}

async function readsMeanwhile(site: Site, store: Store, server: Serving): Promise<Finding> {
  const reads = site.load.list(calls.profile(store))
  const signIns = site.load.list(calls.signIn(store))
  const read = (seconds: number) => site.load.paced(server, reads, connections, seconds, readRate)
  await site.load.run(server, reads, connections, site.plan.warmUp, 'anywhere')
  const compared = await alternate(site.plan, `reads c=${connections}`, [
    { name: 'nothing else', run: read },
    {
      name: 'while sign-ins flood',
      async run(seconds) {
        const [measured] = await Promise.all([
          read(seconds),
          site.load.run(server, signIns, connections, seconds, 'anywhere'),
        ])
        await untilHashed(server)
        return measured
      },
    },
  ])
  const ratio = compared.ratio('p99', 1, 0)
  return {
    title: `GET /user/profile, ${readRate.toLocaleString('en')} a second, while ${connections} others sign in without a pause`,
    columns: [...loadColumns, 'p99, ratio'],
    rows: [
      [...loadRow('nothing else', compared, 0), shown(1)],
      [...loadRow('while sign-ins flood', compared, 1), shown(ratio)],
    ],
    goals: [{ what: "reads' p99 while sign-ins flood, to idle", value: ratio, unit: '', bound: 'at most', goal: 2 }],
  }
}
