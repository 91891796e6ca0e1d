import { calls, mustHaveSucceeded } from '../calls.ts'
import { alternate } from '../rounds.ts'
import { type Finding, loadColumns, loadRow, type Scenario, shown } from '../scenario.ts'
import type { Site } from '../site.ts'

const connections = 64

export const write: Scenario = {
  name: 'write',
  about: 'durable PUT /user/nickname beside the same program with a commit a request',
  async run(site) {
    const findings: Finding[] = []
    for (const users of new Set([site.plan.small, site.plan.large])) findings.push(await besideCommitEach(site, users))
    return findings
  },
}

async function besideCommitEach(site: Site, users: number): Promise<Finding> {
  const [own, other] = [await site.ownStore(users), await site.ownStore(users)]
  const list = site.load.list(calls.nickname(own))
  const grouped = await site.serve(own.data)
  const each = await site.serveCommitEach(other.data)
  const servers = [grouped, each]
  for (const server of servers) await site.load.run(server, list, connections, site.plan.warmUp)
  const compared = await alternate(site.plan, `write c=${connections}, ${users} users`, [
    { name: 'a commit a tick', run: seconds => site.load.run(grouped, list, connections, seconds) },
    { name: 'a commit a request', run: seconds => site.load.run(each, list, connections, seconds) },
  ])
  for (const server of servers) await mustHaveSucceeded(server, 'setNickname')
  await Promise.all(servers.map(server => server.stop()))
  const [rate, p99] = [compared.ratio('rate', 0, 1), compared.ratio('p99', 0, 1)]
  const where = `${users.toLocaleString('en')} users`
  return {
    title: `PUT /user/nickname, ${connections} connections, ${where}`,
    columns: [...loadColumns, 'rate, ratio', 'p99, ratio'],
    rows: [
      [...loadRow('a commit a tick', compared, 0), shown(rate), shown(p99)],
      [...loadRow('a commit a request', compared, 1), shown(1), shown(1)],
    ],
    goals: [
      {
        what: `durable writes, ${where}, rate to a commit a request`,
        value: rate,
        unit: '',
        bound: 'at least',
        goal: 5,
      },
      {
        what: `durable writes, ${where}, p99 to a commit a request`,
        value: p99,
        unit: '',
        bound: 'at most',
        goal: 0.2,
      },
    ],
  }
}
