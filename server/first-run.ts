import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listApps } from './apps/apps.sql.ts'
import { createApp, defaultPolicy, newAppId } from './apps/apps.ts'
import { byOperator } from './audit/operator.ts'
import { theAdminTokens, theAppItself } from './audit/things.ts'
import type { Installation } from './installation.ts'
import { syncFolder } from './storage/folder.ts'
import { createAdminToken } from './tokens/admin-tokens.ts'

/** What the first start hands out, once. */
export interface FirstRun {
  url: string
  app_id: string
  app_secret: string
  admin_token: string
}

/** Makes an app and an admin token where the installation has no app yet, and writes them to first-run.json (0600). */
export async function firstRun(
  { store, seals }: Installation,
  folder: string,
  url: string,
): Promise<FirstRun | undefined> {
  if ((await listApps(store.sql)).length > 0) return undefined
  const app_id = newAppId()
  const { sql } = byOperator({ sql: store.sql, now: Date.now }, app_id, 'first start', theAppItself(app_id))
  const { app_secret } = await createApp(sql, seals, { ...defaultPolicy, name: 'first' }, Date.now(), app_id)
  const tokens = byOperator({ sql: store.sql, now: Date.now }, app_id, 'first start', theAdminTokens(app_id))
  const { token } = await createAdminToken(tokens.sql, app_id, 'first-run', Date.now())
  const made = { url, app_id, app_secret, admin_token: token }
  const file = join(folder, 'first-run.json')
  // One that lies there may be readable by others, and would stay so.
  rmSync(file, { force: true })
  writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flush: true })
  syncFolder(folder)
  return made
}
