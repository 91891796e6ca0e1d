import type { presence } from '../../contract/presence.ts'
import type { Handlers } from '../call.ts'
import type { Services } from '../services.ts'
import { connectedDevices, nodeLife } from './leases.ts'
import { listLastSeen, listLeasesOf } from './presence.sql.ts'

export const handlers: Handlers<typeof presence> = {
  async getOnlineStatus({ sql, services, app, user }) {
    const connected = await connectedDevices(sql, app.app_id, user, services.now())
    return { online: connected.size > 0 }
  },

  presenceBatch: ({ services, app, input }) => presenceOf(services, app.app_id, input.list),
}

/** Each user once, in the order asked for; whoever is unknown is offline and was never seen. */
export async function presenceOf({ sql, now }: Pick<Services, 'sql' | 'now'>, app: string, users: number[]) {
  const [leases, seen] = await Promise.all([listLeasesOf(sql, app, users), listLastSeen(sql, app, users)])
  const online = new Set(leases.filter(({ renewed_at }) => renewed_at > now() - nodeLife).map(({ user_id }) => user_id))
  const lastSeen = new Map(seen.map(({ user_id, seen_at }) => [user_id, seen_at]))
  return [...new Set(users)].map(user_id => ({
    user_id,
    online: online.has(user_id),
    last_seen: online.has(user_id) ? now() : (lastSeen.get(user_id) ?? 0),
  }))
}
