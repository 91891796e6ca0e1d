import type { presence } from '../../contract/presence.ts'
import type { Handlers } from '../call.ts'
import type { Sql } from '../storage/sql.ts'
import { listConnectedDevices } from './presence.sql.ts'

/** A node that was not heard of for so long holds no connection any more. */
const nodeLife = 10_000

/** The serial numbers of the user's devices that are connected, to whichever node. */
export async function connectedDevices(sql: Sql, app: string, user: number, now: number) {
  const rows = await listConnectedDevices(sql, app, user, now - nodeLife)
  return new Set(rows.map(({ device_sn }) => device_sn))
}

export const handlers: Handlers<typeof presence> = {
  async getOnlineStatus({ sql, services, app, user }) {
    const connected = await connectedDevices(sql, app.app_id, user, services.now())
    return { online: connected.size > 0 }
  },
}
