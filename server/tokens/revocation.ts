import type { Ending } from '../bus/announcements.ts'
import type { Bus } from '../bus/bus.ts'
import { removeBindingsOfDevice, removeBindingsOfUser } from '../devices/devices.sql.ts'
import { insertEvent } from '../events/events.sql.ts'
import { tellActivity } from '../overview/activity.ts'
import { dismiss } from '../presence/dismissals.ts'
import { removeLeasesOfDevice, removeLeasesOfUser } from '../presence/presence.sql.ts'
import type { Services } from '../services.ts'
import type { Sql } from '../storage/sql.ts'
import { announce, typeOfEnding } from '../webhooks/announcing.ts'
import { endTokensOfDevice, endTokensOfUser } from './tokens.sql.ts'

/**
 * Ending sessions is one act: state, tokens, push bindings, leases and the event change in one transaction, and word is
 * left for the nodes that hold the connections; when that is committed, this node forgets the sessions and the bus
 * tells those nodes.
 */
export async function inOneAct<T>(
  { sql, sessions, bus, now }: Pick<Services, 'sql' | 'sessions' | 'bus' | 'now'>,
  act: (sql: Sql, end: End) => Promise<T>,
): Promise<T> {
  let endings: { ending: Ending; nodes: string[] }[] = []
  const result = await sql.begin(sql => {
    // It may be run again from its start.
    endings = []
    return act(sql, async ending => {
      endings.push({ ending, nodes: await endSessions(sql, bus.node, ending, now()) })
    })
  })
  for (const { ending, nodes } of endings) {
    sessions.forget(ending)
    bus.publish({ about: 'ending', ending }, nodes)
    const { app, user, device, kind } = ending
    tellActivity(bus, app, kind, { user, device: device === 'all' ? 0 : device })
    if (ending.kind === 'password_changed' && ending.except) tellSurvivors(bus, ending)
  }
  return result
}

/** Ends, inside the transaction, what `ending` names. */
export type End = (ending: Ending) => Promise<void>

/** Returns the other nodes that hold connections of these sessions. */
async function endSessions(sql: Sql, self: string, { app, user, device, except = 0, kind }: Ending, now: number) {
  const removed = await (device === 'all'
    ? removeLeasesOfUser(sql, app, user, except)
    : removeLeasesOfDevice(sql, app, user, device))
  if (device === 'all') {
    await endTokensOfUser(sql, app, user, except, now)
    await removeBindingsOfUser(sql, app, user, except)
  } else {
    await endTokensOfDevice(sql, app, user, device, now)
    // Whoever signs in again on the same device goes on receiving pushes there.
    if (kind !== 'replaced') await removeBindingsOfDevice(sql, app, user, device)
  }
  const told = { user_id: user, device_sn: device === 'all' ? 0 : device }
  await announce(sql, app, typeOfEnding[kind], told, now)
  await insertEvent(sql, app, user, device === 'all' ? 0 : device, kind, now)
  return dismiss(sql, self, app, user, removed, kind)
}

function tellSurvivors(bus: Bus, { app, user }: Ending) {
  bus.publish({ about: 'notice', notice: { app, user, frame: { type: 'password_changed' } } })
}
