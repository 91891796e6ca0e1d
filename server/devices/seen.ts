import type { App } from '../apps/apps.sql.ts'
import type { Services } from '../services.ts'
import type { Session } from '../tokens/sessions.ts'
import { touchDevice } from './devices.sql.ts'

/** How exactly it is known when a device was last seen; a write for each request would be a waste. */
const hour = 3_600_000

/** Notes, once an hour at the most and without anybody waiting for it, that the session's device is in use. */
export function noteSeen({ sql, sessions, now, report }: Services, app: App, session: Session) {
  const at = now()
  if (session.kind !== 'user' || at - session.seen < hour) return
  sessions.noteSeen(session, at)
  Promise.resolve(touchDevice(sql, app.app_id, session.user, session.device, at, at - hour)).catch(report)
}
