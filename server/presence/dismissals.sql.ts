import type { EndingKind } from '../bus/announcements.ts'
import type { Sql } from '../storage/sql.ts'
import type { Removed } from './presence.sql.ts'

/** Why a connection is over: its session has ended, or another connection of the device has its place. */
export type DismissalKind = EndingKind | 'succeeded'

export interface Dismissal {
  app_id: string
  user_id: number
  connection_id: string
  kind: DismissalKind
}

export const insertDismissal = (
  sql: Sql,
  app: string,
  user: number,
  { connection_id, node_id }: Removed,
  kind: DismissalKind,
) => sql`
    insert into dismissals (app_id, user_id, connection_id, node_id, kind)
    values (${app}, ${user}, ${connection_id}, ${node_id}, ${kind})
        on conflict (app_id, user_id, connection_id) do nothing`

/** Up to 500 of what a node has not closed yet. */
export const listDismissals = (sql: Sql, node: string) => sql<Dismissal>`
    select app_id, user_id, connection_id, kind
      from dismissals
     where node_id = ${node}
     limit ${500}`

export const removeDismissal = (sql: Sql, { app_id, user_id, connection_id }: Dismissal) => sql`
    delete from dismissals
     where app_id = ${app_id} and user_id = ${user_id} and connection_id = ${connection_id}`

export const removeDismissalsOfNode = (sql: Sql, node: string) => sql`
    delete from dismissals
     where node_id = ${node}`
