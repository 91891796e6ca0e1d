import type { Ids } from './accounts/ids.ts'
import type { Passwords } from './accounts/passwords.ts'
import type { App } from './apps/apps.sql.ts'
import type { Apps } from './apps/apps.ts'
import type { Seals } from './apps/seals.ts'
import type { Bus } from './bus/bus.ts'
import type { Limits } from './limits/limits.ts'
import type { Outgoing } from './notifiers/outgoing.ts'
import type { LiveFeed } from './overview/live.ts'
import type { Sql } from './storage/sql.ts'
import type { Readings } from './system/system.ts'
import type { Sessions } from './tokens/sessions.ts'
import type { Webhooks } from './webhooks/deliveries.ts'

/** What a node lends to its handlers. Joined in node.ts, and nowhere else. */
export interface Services {
  sql: Sql
  apps: Apps
  sessions: Sessions
  passwords: Passwords
  ids: Ids
  /** Ids of push tasks. */
  tasks: Ids
  /** Delivers push tasks; to be woken when there is something new to send. */
  outbox: { wake(): void }
  /** Ids of jobs. */
  jobIds: Ids
  /** Does what admins ask for many users; to be woken when there is a new job. */
  jobs: { wake(): void }
  /** What happens in an app, as it happens. */
  live: LiveFeed
  /** Ids of webhooks. */
  webhookIds: Ids
  /** Tells the apps' own servers what happened. */
  webhooks: Pick<Webhooks, 'origins' | 'hears' | 'refresh' | 'wake'>
  limits: Limits
  bus: Bus
  /** The app secret in the clear. */
  secretOf(app: App): string
  /** Keeps push credentials at rest. */
  seals: Seals
  /** Origins that pushes may go to beside the vendors' own, and certificates that are believed there. */
  outgoing: Outgoing
  /** Fails where the address of a push's image is not that of an image. */
  images: { check(url: string): Promise<void> }
  /** How this node is. */
  readings: Readings
  /** Milliseconds since 1970 UTC. */
  now(): number
  /** Whether the disk has no room for more. */
  isFull(): boolean
  /** Logs a failure of something that nobody waits for. */
  report(error: unknown): void
  /** Logs, at level debug, what a client did wrong. */
  debug(error: unknown): void
  /** Lets the storage forget erased rows for good, soon. */
  scrub(): void
}
