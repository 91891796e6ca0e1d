import type { Static } from '@sinclair/typebox'
import type { searchFields, UserFilter } from '../../contract/users.ts'
import { usernameKey } from '../accounts/usernames.ts'
import { nodeLife } from '../presence/leases.ts'
import type { Sql } from '../storage/sql.ts'
import {
  type Hit,
  hitsByAge,
  hitsByBan,
  hitsByEmail,
  hitsById,
  hitsByLease,
  hitsByMobile,
  hitsByNickname,
  hitsByPlatform,
  hitsByUsername,
  type UserRow,
} from './search.sql.ts'

export type Filter = Static<typeof UserFilter>
export type Field = (typeof searchFields)[number]

/** One index to walk along. Without `after` it begins. */
export interface Source {
  /** What needs no look at the user any more: the walk comes upon nobody else. */
  covers: ReadonlySet<keyof Filter>
  /** Whether it comes upon this user: who is found by one source is not told again by a later one. */
  has(user: UserRow): boolean
  next(sql: Sql, app: string, after: Hit | undefined, size: number): PromiseLike<Hit[]>
}

const largest = Number.MAX_SAFE_INTEGER

/** What to walk along, one after the other: where a text is looked for its fields, else the narrowest index there is. */
export function sourcesOf(filter: Filter, now: number): Source[] {
  const { q, field = 'any' } = filter
  if (q === undefined) return [narrowest(filter, now)]
  const wanted = field === 'any' ? (Object.keys(byField) as Field[]) : [field]
  return wanted.flatMap(each => byField[each](q))
}

function narrowest({ online, status, platform, registered_from = 0, registered_until = largest }: Filter, now: number) {
  if (online)
    return source(['online'], (sql, app, after, size) =>
      hitsByLease(sql, app, now - nodeLife, after?.user_id ?? 0, size),
    )
  if (status === 1) return source(['status'], (sql, app, after, size) => hitsByBan(sql, app, after?.user_id ?? 0, size))
  if (platform !== undefined)
    return source(['platform'], (sql, app, after, size) =>
      hitsByPlatform(sql, app, platform, after?.user_id ?? 0, size),
    )
  return source(['registered_from', 'registered_until'], (sql, app, after, size) =>
    hitsByAge(sql, app, registered_from, numberOf(after, registered_until), after?.user_id ?? largest, size),
  )
}

const source = (covers: (keyof Filter)[], next: Source['next'], has: Source['has'] = () => true): Source => ({
  covers: new Set(covers),
  has,
  next,
})

/** The sources of a field: none where what is looked for cannot begin it. */
const byField: Record<Field, (q: string) => Source[]> = {
  user_id: q =>
    /^[1-9]\d{0,15}$/.test(q)
      ? [
          source(
            [],
            (sql, app, after, size) => idsFrom(sql, app, q, after, size),
            user => `${user.user_id}`.startsWith(q),
          ),
        ]
      : [],
  username(q) {
    const prefix = usernameKey(q)
    return [
      source(
        [],
        (sql, app, after, size) => hitsByUsername(sql, app, prefix, textOf(after), size),
        ({ username }) => usernameKey(username).startsWith(prefix),
      ),
    ]
  },
  mobile: q =>
    /^\+?\d*$/.test(q)
      ? [
          source(
            [],
            (sql, app, after, size) => hitsByMobile(sql, app, q, textOf(after), size),
            ({ mobile }) => mobile.startsWith(q),
          ),
        ]
      : [],
  email(q) {
    const prefix = q.toLowerCase()
    return [
      source(
        [],
        (sql, app, after, size) => hitsByEmail(sql, app, prefix, textOf(after), size),
        ({ email }) => email.startsWith(prefix),
      ),
    ]
  },
  nick_name: q => [
    source([], (sql, app, after, size) =>
      hitsByNickname(sql, app, q, after ? textOf(after) : q, after?.user_id ?? 0, size),
    ),
  ],
}

const textOf = (after: Hit | undefined) => (after ? String(after.key) : '')
const numberOf = (after: Hit | undefined, first: number) => (after ? Number(after.key) : first)

/** 12, then 120 to 129, then 1200 to 1299 …: the ids that begin so, in their order. */
async function idsFrom(sql: Sql, app: string, q: string, after: Hit | undefined, size: number): Promise<Hit[]> {
  const hits: Hit[] = []
  for (let width = 1; hits.length < size && Number(q) * width <= largest; width *= 10) {
    const from = Math.max(Number(q) * width, (after?.user_id ?? 0) + 1)
    const to = Math.min(Number(q) * width + width - 1, largest)
    if (from <= to) hits.push(...(await hitsById(sql, app, from, to, size - hits.length)))
  }
  return hits
}
