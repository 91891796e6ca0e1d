import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createApp, defaultPolicy, newAppId } from './apps/apps.ts'
import type { Seals } from './apps/seals.ts'
import { hasApps, takeTurn } from './apps/totals.sql.ts'
import { byOperator } from './audit/operator.ts'
import { theAdminTokens, theAppItself } from './audit/things.ts'
import type { Installation } from './installation.ts'
import { makeFolder, syncFolder } from './storage/folder.ts'
import type { Sql } from './storage/sql.ts'
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
  if (await hasApps(store.sql)) return undefined
  const app = await store.sql.begin(sql => makeFirst(sql, seals))
  if (!app) return undefined
  const made = { url, ...app }
  // Where all else is elsewhere, nobody needed the folder before.
  makeFolder(folder)
  const file = join(folder, 'first-run.json')
  makeFolder(folder)
  // One that lies there may be readable by others, and would stay so.
  rmSync(file, { force: true })
  writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flush: true })
  syncFolder(folder)
  return made
}

/** Of several nodes that start on an empty database one makes the app. */
async function makeFirst(sql: Sql, seals: Seals) {
  await takeTurn(sql)
  if (await hasApps(sql)) return undefined
  const app_id = newAppId()
  const apps = byOperator({ sql, now: Date.now }, app_id, 'first start', theAppItself(app_id))
  const { app_secret } = await createApp(apps.sql, seals, { ...defaultPolicy, name: 'first' }, Date.now(), app_id)
  const tokens = byOperator({ sql, now: Date.now }, app_id, 'first start', theAdminTokens(app_id))
  const { token } = await createAdminToken(tokens.sql, app_id, 'first-run', Date.now())
  return { app_id, app_secret, admin_token: token }
}
