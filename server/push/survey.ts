import type { App } from '../apps/apps.sql.ts'
import type { Sql } from '../storage/sql.ts'
import { findLastUser, listUsersAfter } from './audience.sql.ts'
import { type Audience, crowdsOf, namedBy } from './audience.ts'

/** Into how many parts of equal width the ids are cut, and how many users of each are looked at. */
const parts = 20
const most = 100

/** Some users of an audience; each stands for `weight` of them. */
export interface Stratum {
  users: number[]
  weight: number
  devices?: Map<number, Set<number>>
}

/**
 * Users spread evenly over an audience. A part of the ids that holds no more than `most` of them is counted; of a
 * fuller one the first are taken, and how close together they lie says how many there are. So an audience of millions
 * costs what one of two thousand does.
 */
export async function survey(sql: Sql, { app_id }: App, audience: Audience): Promise<Stratum[]> {
  if (audience !== 'all' && !audience.tag) {
    const { users, devices } = await namedBy(sql, app_id, audience)
    return users.length === 0 ? [] : [{ users: [...new Set(users)], weight: 1, ...(devices && { devices }) }]
  }
  const last = await findLastUser(sql, app_id)
  const width = Math.ceil(last / parts)
  const strata: Stratum[] = []
  for (let from = 0; from < last; from += width) {
    const users = await firstOf(sql, app_id, audience, from, Math.min(last, from + width))
    if (users.length === 0) continue
    const reach = (users.at(-1) as number) - from
    const weight = users.length <= most ? 1 : Math.min(last - from, width) / reach
    strata.push({ users: users.slice(0, most + 1), weight })
  }
  return strata
}

/** At most one more than `most`, after `from` and up to `to`. */
async function firstOf(sql: Sql, app: string, audience: Audience, from: number, to: number): Promise<number[]> {
  if (audience === 'all') return (await listUsersAfter(sql, app, from, to, most + 1)).map(({ user_id }) => user_id)
  const found: number[] = []
  for await (const { users } of crowdsOf(sql, app, audience, from, to)) {
    found.push(...users.filter(user => user <= to))
    if (found.length > most || (users.at(-1) ?? to) >= to) break
  }
  return found.slice(0, most + 1)
}
