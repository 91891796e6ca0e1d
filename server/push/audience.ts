import type { Static } from '@sinclair/typebox'
import type { Audience as AudienceSchema } from '../../contract/messages.ts'
import type { Sql } from '../storage/sql.ts'
import { findNthUser, listAliased, listByPushToken, listTaggedAfter } from './audience.sql.ts'

export type Audience = Static<typeof AudienceSchema>

/** Users read at a time: by name, and in a range, which costs less. */
const page = 1000
const range = 2000
/** Of each of many tags. */
const fewest = 32

/** Some of an audience's users, in the order of their ids: named one by one, or all of the app in a range. */
export interface Crowd {
  /** The last of them. */
  end: number
  users: number[]
  range?: { after: number; last: number }
  /** Where single devices are meant: their numbers, by user. */
  devices?: Map<number, Set<number>>
}

/** The users of the audience after `after`, in the order of their ids, some at a time; `last` bounds "all". */
export async function* crowdsOf(sql: Sql, app: string, audience: Audience, after: number, last: number) {
  if (audience === 'all') yield* everybody(sql, app, after, last)
  else if (audience.tag) yield* tagged(sql, app, [...new Set(audience.tag)], after)
  else yield* listed(await namedBy(sql, app, audience), after)
}

async function* everybody(sql: Sql, app: string, after: number, last: number): AsyncGenerator<Crowd> {
  for (let at = after; at < last; ) {
    const end = (await findNthUser(sql, app, at, last, range)) ?? last
    yield { end, users: [], range: { after: at, last: end } }
    at = end
  }
}

interface Named {
  users: number[]
  devices?: Map<number, Set<number>>
}

/** Whom a list names, by whatever it names them. */
export async function namedBy(
  sql: Sql,
  app: string,
  { alias, user_id, push_token }: Exclude<Audience, 'all'>,
): Promise<Named> {
  if (user_id) return { users: user_id }
  if (alias) return { users: (await listAliased(sql, app, alias)).map(row => row.user_id) }
  const found = await listByPushToken(sql, app, push_token ?? [])
  const devices = new Map<number, Set<number>>()
  for (const { user_id, device_sn } of found) devices.set(user_id, (devices.get(user_id) ?? new Set()).add(device_sn))
  return { users: [...devices.keys()], devices }
}

function* listed({ users, devices }: Named, after: number): Generator<Crowd> {
  const sorted = [...new Set(users)].filter(user => user > after).sort((a, b) => a - b)
  const end = sorted.at(-1)
  if (end !== undefined) yield { end, users: sorted, ...(devices && { devices }) }
}

/**
 * Whoever has any of the tags, once. Each tag is a list of users in order, read by its index some at a time; the lists
 * are merged up to where the shortest-sighted of them has been read. So it costs what the tags hold, on every engine.
 */
async function* tagged(sql: Sql, app: string, tags: string[], after: number): AsyncGenerator<Crowd> {
  const most = Math.max(fewest, Math.ceil(page / tags.length))
  const lists = tags.map(tag => ({ tag, at: after, users: [] as number[], isOver: false }))
  for (;;) {
    for (const list of lists) {
      if (list.users.length > 0 || list.isOver) continue
      list.users = (await listTaggedAfter(sql, app, list.tag, list.at, most)).map(({ user_id }) => user_id)
      list.isOver = list.users.length < most
      list.at = list.users.at(-1) ?? list.at
    }
    const open = lists.filter(({ users }) => users.length > 0)
    if (open.length === 0) return
    const horizon = Math.min(...open.filter(({ isOver }) => !isOver).map(({ users }) => users.at(-1) as number))
    const found = new Set<number>()
    for (const list of open) {
      const end = list.users.findIndex(user => user > horizon)
      for (const user of list.users.splice(0, end < 0 ? list.users.length : end)) found.add(user)
    }
    yield* inPages([...found].sort((a, b) => a - b))
  }
}

function* inPages(users: number[]): Generator<Crowd> {
  for (let i = 0; i < users.length; i += page) {
    const some = users.slice(i, i + page)
    yield { end: some.at(-1) as number, users: some }
  }
}
