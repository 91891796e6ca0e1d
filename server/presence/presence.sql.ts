import type { Sql } from '../storage/sql.ts'

/** The user's devices with a connection whose node was heard of after `since` (ms). */
export const listConnectedDevices = (sql: Sql, app: string, user: number, since: number) => sql<{ device_sn: number }>`
    select l.device_sn
      from leases l join nodes n on n.node_id = l.node_id
     where l.app_id = ${app} and l.user_id = ${user} and n.renewed_at > ${since}`
