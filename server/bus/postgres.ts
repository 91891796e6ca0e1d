import postgres from 'postgres'
import { everybody, type OpenLine } from './line.ts'

/** PostgreSQL takes less than 8,000 bytes. */
const mostBytes = 7999
const channelOf = (to: string) => `stonechat_${to}`

/**
 * LISTEN and NOTIFY. The listener needs a session of its own, so `url` leads to PostgreSQL itself and not to a pooler
 * that gives a session away after each transaction.
 */
export const postgresLine =
  (url: string): OpenLine =>
  async (node, { hear, gap }) => {
    const sql = postgres(url, {
      max: 1,
      connect_timeout: 5,
      max_lifetime: null,
      connection: { application_name: 'stonechat bus' },
      onnotice: () => {},
    })
    // Heard again after the connection was lost and came back by itself.
    const listen = (to: string) => {
      let isAgain = false
      return sql.listen(channelOf(to), hear, () => {
        if (isAgain) gap()
        isAgain = true
      })
    }
    try {
      await Promise.all([listen(node), listen(everybody)])
    } catch (error) {
      await sql.end({ timeout: 0 })
      throw error
    }
    return {
      mostBytes,
      send: parcels => sql`
        select pg_notify(parcel ->> 'channel', parcel ->> 'text')
          from jsonb_array_elements(${sql.json(parcels.map(({ to, text }) => ({ channel: channelOf(to), text })))}) parcel`,
      close: () => sql.end({ timeout: 0 }),
    }
  }
