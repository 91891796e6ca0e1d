import type { Sql } from '../storage/sql.ts'

export interface Lease {
  user_id: number
  device_sn: number
  node_id: string
  renewed_at: number
}

/** All leases of the users, with when their node was last heard of. */
export const listLeasesOf = (sql: Sql, app: string, users: readonly number[]) => sql<Lease>`
    select l.user_id, l.device_sn, l.node_id, n.renewed_at
      from leases l join nodes n on n.node_id = l.node_id
     where l.app_id = ${app} and l.user_id in ${sql(users)}`

export const insertLease = (
  sql: Sql,
  app: string,
  lease: { user: number; connection: string; device: number; node: string; now: number },
) => sql`
    insert into leases (app_id, user_id, connection_id, device_sn, node_id, connected_at)
    values (${app}, ${lease.user}, ${lease.connection}, ${lease.device}, ${lease.node}, ${lease.now})
        on conflict (app_id, user_id, connection_id) do nothing`

export const removeLease = (sql: Sql, app: string, user: number, connection: string) => sql`
    delete from leases
     where app_id = ${app} and user_id = ${user} and connection_id = ${connection}`

/** A lease that is gone: the connection, and the node that holds it. */
export interface Removed {
  connection_id: string
  node_id: string
}

export const removeLeasesOfDevice = (sql: Sql, app: string, user: number, device: number) => sql<Removed>`
    delete from leases
     where app_id = ${app} and user_id = ${user} and device_sn = ${device}
    returning connection_id, node_id`

/** Of all devices of the user but one; 0 spares none. */
export const removeLeasesOfUser = (sql: Sql, app: string, user: number, spared: number) => sql<Removed>`
    delete from leases
     where app_id = ${app} and user_id = ${user} and device_sn <> ${spared}
    returning connection_id, node_id`

/** Of one device, on all nodes but this one. */
export const removeLeasesElsewhere = (sql: Sql, app: string, user: number, device: number, node: string) =>
  sql<Removed>`
    delete from leases
     where app_id = ${app} and user_id = ${user} and device_sn = ${device} and node_id <> ${node}
    returning connection_id, node_id`

export interface LastSeen {
  user_id: number
  seen_at: number
}

export const listLastSeen = (sql: Sql, app: string, users: readonly number[]) => sql<LastSeen>`
    select user_id, max(seen_at) as seen_at
      from devices
     where app_id = ${app} and user_id in ${sql(users)}
     group by user_id`

export const insertNode = (sql: Sql, node: string, now: number) => sql`
    insert into nodes (node_id, renewed_at)
    values (${node}, ${now})
        on conflict (node_id) do update set renewed_at = ${now}`

/** False where the others have taken this node for dead, and its leases away. */
export async function renewNode(sql: Sql, node: string, now: number) {
  const renewed = await sql`
    update nodes
       set renewed_at = ${now}
     where node_id = ${node}
    returning node_id`
  return renewed.length === 1
}

/** All nodes, with when they were last heard of. */
export const listNodes = (sql: Sql) => sql<{ node_id: string; renewed_at: number }>`
    select node_id, renewed_at
      from nodes`

/** Takes a node away that was last heard of at `renewed` (ms); false where it has come back, or somebody was faster. */
export async function claimDeadNode(sql: Sql, node: string, renewed: number) {
  const gone = await sql`
    delete from nodes
     where node_id = ${node} and renewed_at = ${renewed}
    returning node_id`
  return gone.length === 1
}

export const removeNode = (sql: Sql, node: string) => sql`
    delete from nodes
     where node_id = ${node}`

export const removeLeasesOfNode = (sql: Sql, node: string) => sql`
    delete from leases
     where node_id = ${node}`

/** Whoever was connected to the node was seen until `at` (ms). */
export const noteSeenThrough = (sql: Sql, node: string, at: number) => sql`
    update devices
       set seen_at = ${at}
     where seen_at < ${at}
       and (app_id, user_id, device_sn) in (select app_id, user_id, device_sn from leases where node_id = ${node})`
