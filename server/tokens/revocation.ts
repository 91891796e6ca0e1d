import type { Ending } from '../bus/bus.ts'
import { removeBindingsOfDevice, removeBindingsOfUser } from '../devices/devices.sql.ts'
import { insertEvent } from '../events/events.sql.ts'
import { removeLeasesOfDevice, removeLeasesOfUser } from '../presence/presence.sql.ts'
import type { Services } from '../services.ts'
import type { Sql } from '../storage/sql.ts'
import { endTokensOfDevice, endTokensOfUser } from './tokens.sql.ts'

/**
 * Ending sessions is one act: state, tokens, push bindings and the event change in one transaction; when that is
 * committed, this node forgets the sessions and the bus tells whoever holds the connections.
 */
export async function inOneAct<T>(
  { sql, sessions, bus, now }: Pick<Services, 'sql' | 'sessions' | 'bus' | 'now'>,
  act: (sql: Sql, end: End) => Promise<T>,
): Promise<T> {
  const endings: Ending[] = []
  const result = await sql.begin(sql =>
    act(sql, async ending => {
      await endSessions(sql, ending, now())
      endings.push(ending)
    }),
  )
  for (const ending of endings) {
    sessions.forget(ending)
    bus.publish({ about: 'ending', ending })
  }
  return result
}

/** Ends, inside the transaction, what `ending` names. */
export type End = (ending: Ending) => Promise<void>

async function endSessions(sql: Sql, { app, user, device, except = 0, kind }: Ending, now: number) {
  if (device === 'all') {
    await endTokensOfUser(sql, app, user, except, now)
    await removeBindingsOfUser(sql, app, user, except)
    await removeLeasesOfUser(sql, app, user, except)
  } else {
    await endTokensOfDevice(sql, app, user, device, now)
    await removeLeasesOfDevice(sql, app, user, device)
    // Whoever signs in again on the same device goes on receiving pushes there.
    if (kind !== 'replaced') await removeBindingsOfDevice(sql, app, user, device)
  }
  await insertEvent(sql, app, user, device === 'all' ? 0 : device, kind, now)
}
