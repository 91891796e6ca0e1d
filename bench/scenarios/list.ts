import { calls, mustHaveSucceeded } from '../calls.ts'
import { alternate } from '../rounds.ts'
import { loadColumns, loadRow, type Scenario, shown } from '../scenario.ts'

const pageSize = 50

export const list: Scenario = {
  name: 'list',
  about: 'GET /user/list, the last page beside the first',
  async run(site) {
    const store = await site.store(site.plan.large)
    const server = await site.serve(store.data)
    const pages = [1, Math.ceil(store.users / pageSize)].map(page => ({
      name: `page ${page.toLocaleString('en')}`,
      list: site.load.list(calls.page(store, page, pageSize)),
    }))
    for (const { list } of pages) await site.load.run(server, list, 1, site.plan.warmUp)
    const compared = await alternate(
      site.plan,
      'list c=1',
      pages.map(({ name, list }) => ({ name, run: seconds => site.load.run(server, list, 1, seconds) })),
    )
    await mustHaveSucceeded(server, 'listUsers')
    await server.stop()
    const ratio = compared.ratio('p50', 1, 0)
    return [
      {
        title: `GET /user/list, pages of ${pageSize}, 1 connection, ${store.users.toLocaleString('en')} users`,
        columns: [...loadColumns, 'p50, ratio'],
        rows: pages.map(({ name }, i) => [...loadRow(name, compared, i), shown(i === 0 ? 1 : ratio)]),
        goals: [{ what: 'last page of the list, p50 to the first', value: ratio, unit: '', bound: 'at most', goal: 2 }],
      },
    ]
  },
}
