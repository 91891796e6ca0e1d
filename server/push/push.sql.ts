import type { Sql } from '../storage/sql.ts'

/** Fails on a unique constraint when another user has the alias. */
export const setAlias = (sql: Sql, app: string, user: number, alias: string) => sql`
    insert into aliases (app_id, user_id, alias)
    values (${app}, ${user}, ${alias})
        on conflict (app_id, user_id) do update set alias = ${alias}`

export const removeAlias = (sql: Sql, app: string, user: number) => sql`
    delete from aliases
     where app_id = ${app} and user_id = ${user}`

/** Takes the alias from whoever else has it. */
export const freeAlias = (sql: Sql, app: string, user: number, alias: string) => sql`
    delete from aliases
     where app_id = ${app} and alias = ${alias} and user_id <> ${user}`

export async function findAlias(sql: Sql, app: string, user: number) {
  const [found] = await sql<{ alias: string }>`
    select alias
      from aliases
     where app_id = ${app} and user_id = ${user}`
  return found?.alias ?? ''
}

export async function listTags(sql: Sql, app: string, user: number) {
  const rows = await sql<{ tag: string }>`
    select tag
      from tags
     where app_id = ${app} and user_id = ${user}
     order by tag`
  return rows.map(({ tag }) => tag)
}

export const addTag = (sql: Sql, app: string, user: number, tag: string) => sql`
    insert into tags (app_id, user_id, tag)
    values (${app}, ${user}, ${tag})
        on conflict (app_id, user_id, tag) do nothing`

export const removeTags = (sql: Sql, app: string, user: number, tags: string[]) => sql`
    delete from tags
     where app_id = ${app} and user_id = ${user} and tag in ${sql(tags)}`

export const clearTags = (sql: Sql, app: string, user: number) => sql`
    delete from tags
     where app_id = ${app} and user_id = ${user}`

export async function findPushToken(sql: Sql, app: string, user: number, device: number) {
  const [found] = await sql<{ push_token: string }>`
    select push_token
      from devices
     where app_id = ${app} and user_id = ${user} and device_sn = ${device}`
  return found?.push_token
}
