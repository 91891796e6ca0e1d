import type { Static } from '@sinclair/typebox'
import { complaints } from '../../contract/complaints.ts'
import { fail } from '../../contract/errors.ts'
import type { FoundUser } from '../../contract/users.ts'
import { nodeLife } from '../presence/leases.ts'
import { listLeasesOf } from '../presence/presence.sql.ts'
import type { Services } from '../services.ts'
import type { Sql } from '../storage/sql.ts'
import { type Hit, listPlatforms, listUserRows, type UserRow } from './search.sql.ts'
import { type Filter, type Source, sourcesOf } from './sources.ts'

export type Found = Static<typeof FoundUser>

type Needs = Pick<Services, 'sql' | 'now'>

/** Users that one call looks at: a filter that no index serves gets as far as this, and a cursor. */
const mostLooks = 2000
const chunk = 200

/** Where a walk goes on: in which source, after whom. */
type Place = [source: number, key: string | number, user: number]

/** A walk over the users whom a filter means. */
export interface Page {
  users: Found[]
  /** Absent where there is nobody else. */
  cursor?: string
}

/** Up to `size` users, having looked at no more than `looks`; on from where a cursor left off. */
export async function search(
  { sql, now }: Needs,
  app: string,
  filter: Filter,
  { cursor, size, looks = mostLooks }: { cursor?: string | undefined; size: number; looks?: number },
): Promise<Page> {
  const sources = sourcesOf(filter, now())
  const users: Found[] = []
  let [at, after] = cursor === undefined ? [0, undefined] : readCursor(cursor, sources.length)
  let looked = 0
  while (at < sources.length) {
    const source = sources[at] as Source
    const wanted = isCovered(filter, source) && at === 0 ? Math.min(size - users.length + 1, chunk) : chunk
    const hits = await source.next(sql, app, after, wanted)
    const found = await lookAt(sql, app, hits, now())
    for (const hit of hits) {
      if (users.length === size || looked === looks) return { users, cursor: cursorAt(at, after) }
      looked++
      after = hit
      const user = found.get(hit.user_id)
      if (user && isMeant(filter, user) && !sources.slice(0, at).some(({ has }) => has(user))) users.push(user)
    }
    if (hits.length === wanted) continue
    at++
    after = undefined
  }
  return { users }
}

const isCovered = (filter: Filter, { covers }: Source) =>
  (Object.keys(filter) as (keyof Filter)[]).every(name => name === 'q' || name === 'field' || covers.has(name))

function isMeant({ status, online, platform, registered_from = 0, registered_until = Infinity }: Filter, user: Found) {
  if (status !== undefined && user.status !== status) return false
  if (online !== undefined && user.online !== online) return false
  if (platform !== undefined && !user.platforms.includes(platform)) return false
  return user.registered_at >= registered_from && user.registered_at <= registered_until
}

/** The users by their ids, with what is known of their devices. */
async function lookAt(sql: Sql, app: string, hits: readonly Hit[], now: number): Promise<Map<number, Found>> {
  if (hits.length === 0) return new Map()
  const ids = hits.map(({ user_id }) => user_id)
  const [rows, leases, platforms] = await Promise.all([
    listUserRows(sql, app, ids),
    listLeasesOf(sql, app, ids),
    listPlatforms(sql, app, ids),
  ])
  const online = new Set(leases.filter(({ renewed_at }) => renewed_at > now - nodeLife).map(({ user_id }) => user_id))
  const own = Map.groupBy(platforms, ({ user_id }) => user_id)
  return new Map(
    rows.map(row => [row.user_id, presented(row, online.has(row.user_id), own.get(row.user_id) ?? [], now)]),
  )
}

const presented = (
  row: UserRow,
  online: boolean,
  seen: { platform: number; seen_at: number }[],
  now: number,
): Found => ({
  ...row,
  online,
  last_seen: online ? now : Math.max(0, ...seen.map(({ seen_at }) => seen_at)),
  platforms: seen.map(({ platform }) => platform),
})

/** Opaque to clients. */
function cursorAt(source: number, after: Hit | undefined): string {
  const place: Place = [source, after?.key ?? '', after?.user_id ?? 0]
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

function readCursor(cursor: string, sources: number): [number, Hit | undefined] {
  const [source, key, user_id] = parsed(cursor)
  const isRight =
    Number.isSafeInteger(source) && source >= 0 && source < sources && Number.isSafeInteger(user_id) && user_id >= 0
  if (!isRight || !(typeof key === 'string' || Number.isSafeInteger(key)))
    fail('invalid_parameter', complaints.cursor('cursor'))
  return [source, user_id === 0 ? undefined : { user_id, key }]
}

function parsed(cursor: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(place) && place.length === 3) return place as Place
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  return fail('invalid_parameter', complaints.cursor('cursor'))
}
