import { listApps } from '../apps/apps.sql.ts'
import { installation } from '../apps/apps.ts'
import { purgeConsoleSessions } from '../console/console.sql.ts'
import { life } from '../console/sessions.ts'
import { purgeJobs } from '../jobs/jobs.sql.ts'
import { purgeBuckets } from '../limits/limits.sql.ts'
import { purgeCaptures } from '../push/captures.sql.ts'
import { purgeTasks } from '../push/tasks.sql.ts'
import type { Services } from '../services.ts'
import { purgeTokens } from '../tokens/tokens.sql.ts'
import { purgeWebhookEvents } from '../webhooks/events.sql.ts'
import { purgeEvents } from './events.sql.ts'

const hour = 3_600_000
/** How long an ended token is known to have been ours, and an event is kept. */
const memory = 90 * 24 * hour
const page = 500
/** How long push tasks, and what capture notifiers kept, can be looked at. */
const taskMemory = 7 * 24 * hour
const jobMemory = 30 * 24 * hour
const captureMemory = 24 * hour

/** Forgets, once an hour and a page at a time, what nobody needs any more. Returns what stops it. */
export function housekeep(services: Services): () => void {
  const timer = setInterval(() => tidy(services).catch(services.report), hour).unref()
  return () => clearInterval(timer)
}

export async function tidy({ sql, now }: Pick<Services, 'sql' | 'now'>) {
  const then = now() - memory
  while ((await purgeConsoleSessions(sql, now() - life.most)) === page);
  while ((await purgeBuckets(sql, installation.app_id, now() * 1000)) === page);
  for (const { app_id } of await listApps(sql)) {
    for (const purge of [purgeTokens, purgeEvents]) while ((await purge(sql, app_id, then)) === page);
    while ((await purgeBuckets(sql, app_id, now() * 1000)) === page);
    while ((await purgeCaptures(sql, app_id, now() - captureMemory)) === page);
    while ((await purgeJobs(sql, app_id, now() - jobMemory)) > 0);
    while ((await purgeWebhookEvents(sql, app_id, now() - taskMemory)) === page);
    while ((await purgeTasks(sql, app_id, now() - taskMemory)) > 0);
  }
}
