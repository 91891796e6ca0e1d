import type { Sql } from '../storage/sql.ts'

export interface Listed {
  user_id: number
  username: string
  status: number
}

/** Ids a slot, coarse and fine: the page of a user is found by summing slots, never by walking over users. */
const widths = [16_384, 128]

/** Inside the transaction that makes or deletes the user: `by` is 1 or -1. */
export async function countUser(sql: Sql, app: string, user: number, by: number) {
  for (const width of widths)
    await sql`
    insert into user_counts (app_id, width, slot, users)
    values (${app}, ${width}, ${Math.floor(user / width)}, ${by})
        on conflict (app_id, width, slot) do update set users = user_counts.users + ${by}`
}

/** Counts a user of the whole app; returns false, and counts nothing, where that would pass the cap (0: none). */
export async function countOfApp(sql: Sql, app: string, by: number, cap: number) {
  const counted = await sql`
    insert into user_counts (app_id, width, slot, users)
    values (${app}, ${0}, ${0}, ${by})
        on conflict (app_id, width, slot) do update set users = user_counts.users + ${by}
     where cast(${cap} as bigint) = 0 or user_counts.users < ${cap}
    returning user_counts.users`
  return counted.length === 1
}

export async function countUsers(sql: Sql, app: string) {
  const [count] = await sql<{ users: number }>`
    select users
      from user_counts
     where app_id = ${app} and width = ${0} and slot = ${0}`
  return count?.users ?? 0
}

/** The users after `after` in the order of their ids, `skip` of them left out. */
export const listUsers = (sql: Sql, app: string, after: number, skip: number, size: number) => sql<Listed>`
    select user_id, username, status
      from users
     where app_id = ${app} and user_id > ${after}
     order by user_id
     limit ${size} offset ${skip}`

/**
 * Where to start so that `offset` users lie before: list after `after`, leave out `skip` (fewer than a fine slot holds).
 * Costs the same on every page.
 */
export async function findOffset(sql: Sql, app: string, offset: number) {
  let [from, skip] = [0, offset]
  let to = Number.MAX_SAFE_INTEGER
  for (const width of widths) {
    const slot = await findSlot(sql, app, width, Math.floor(from / width), Math.ceil(to / width), skip)
    if (!slot) return undefined
    skip -= slot.before
    from = slot.slot * width
    to = from + width
  }
  return { after: from - 1, skip }
}

/** The slot from `from` up to `to` that holds the user with `skip` others before it, and how many are in the slots before. */
async function findSlot(sql: Sql, app: string, width: number, from: number, to: number, skip: number) {
  const [slot] = await sql<{ slot: number; before: number }>`
    select slot, running - users as before
      from (select slot, users, sum(users) over (order by slot) as running
              from user_counts
             where app_id = ${app} and width = ${width} and slot >= ${from} and slot < ${to}) as slots
     where running > ${skip}
     order by slot
     limit ${1}`
  return slot
}
