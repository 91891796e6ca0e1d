import type { Sql } from '../storage/sql.ts'

export interface Lease {
  user_id: number
  device_sn: number
  renewed_at: number
}

/** All leases of the users, with when their node was last heard of. */
export const listLeasesOf = (sql: Sql, app: string, users: readonly number[]) => sql<Lease>`
    select l.user_id, l.device_sn, n.renewed_at
      from leases l join nodes n on n.node_id = l.node_id
     where l.app_id = ${app} and l.user_id in ${sql(users)}`

export const insertLease = (
  sql: Sql,
  app: string,
  lease: { user: number; connection: string; device: number; node: string; now: number },
) => sql`
    insert into leases (app_id, user_id, connection_id, device_sn, node_id, connected_at)
    values (${app}, ${lease.user}, ${lease.connection}, ${lease.device}, ${lease.node}, ${lease.now})`

export const removeLease = (sql: Sql, app: string, user: number, connection: string) => sql`
    delete from leases
     where app_id = ${app} and user_id = ${user} and connection_id = ${connection}`

export const removeLeasesOfDevice = (sql: Sql, app: string, user: number, device: number) => sql`
    delete from leases
     where app_id = ${app} and user_id = ${user} and device_sn = ${device}`

/** Of all devices of the user but one; 0 spares none. */
export const removeLeasesOfUser = (sql: Sql, app: string, user: number, spared: number) => sql`
    delete from leases
     where app_id = ${app} and user_id = ${user} and device_sn <> ${spared}`

export interface LastSeen {
  user_id: number
  seen_at: number
}

export const listLastSeen = (sql: Sql, app: string, users: readonly number[]) => sql<LastSeen>`
    select user_id, max(seen_at) as seen_at
      from devices
     where app_id = ${app} and user_id in ${sql(users)}
     group by user_id`

export const renewNode = (sql: Sql, node: string, now: number) => sql`
    insert into nodes (node_id, renewed_at)
    values (${node}, ${now})
        on conflict (node_id) do update set renewed_at = ${now}`

export const removeNode = async (sql: Sql, node: string) => {
  await sql`delete from leases where node_id = ${node}`
  await sql`delete from nodes where node_id = ${node}`
}

/** Whoever was connected to the node was seen until `at` (ms). */
export const noteSeenThrough = (sql: Sql, node: string, at: number) => sql`
    update devices
       set seen_at = ${at}
     where seen_at < ${at}
       and (app_id, user_id, device_sn) in (select app_id, user_id, device_sn from leases where node_id = ${node})`

/** Nodes but this one that were not heard of after `since` (ms). */
export const listDeadNodes = (sql: Sql, since: number, self: string) => sql<{ node_id: string; renewed_at: number }>`
    select node_id, renewed_at
      from nodes
     where renewed_at <= ${since} and node_id <> ${self}`
