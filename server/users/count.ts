import { countUsers } from '../accounts/pages.sql.ts'
import type { Services } from '../services.ts'
import { search } from './search.ts'
import type { Filter } from './sources.ts'

/** Up to so many are counted, and so many looked at. */
const most = 10_000
const mostLooks = 20_000
const page = 500

/** How many users a filter means; where it is not `exact`, at least so many. */
export async function count(services: Pick<Services, 'sql' | 'now'>, app: string, filter: Filter) {
  if (Object.keys(filter).every(name => name === 'field'))
    return { users: await countUsers(services.sql, app), exact: true }
  let cursor: string | undefined
  let users = 0
  for (let looked = 0; looked < mostLooks && users < most; looked += page) {
    const found = await search(services, app, filter, { cursor, size: page, looks: page })
    users += found.users.length
    cursor = found.cursor
    if (cursor === undefined) return { users, exact: true }
  }
  return { users, exact: false }
}
