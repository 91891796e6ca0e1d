import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Client, createClient } from '../client/index.ts'
import { createApp, defaultPolicy, type Policy } from '../server/apps/apps.ts'
import { type Config, readConfig } from '../server/config.ts'
import { openInstallation } from '../server/installation.ts'
import { startNode } from '../server/node.ts'
import { createAdminToken } from '../server/tokens/admin-tokens.ts'
import { afterwards } from './support/afterwards.ts'
import { databaseOf, testPool } from './support/engine.ts'

export type TestNode = Awaited<ReturnType<typeof testNode>>

/** A person in a test: signed in, with the calls it can make. */
export type Person = Client & { id: number; name: string; password: string; token: string; device: number }

/** A folder that is gone after the test. */
export function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'stonechat-'))
  afterwards(t, () => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A real node on a free port with a store of its own, without limits on guessing unless the test asks for them. */
export async function testNode(t: TestContext, options: Partial<Config> = {}, now?: () => number) {
  const data = options.data ?? folder(t)
  const config = {
    ...readConfig({}),
    port: 0,
    data,
    database: await databaseOf(t, data),
    pool: testPool,
    log: 'silent' as const,
    limits: 'off' as const,
    reserve: 0,
    ...options,
  }
  const node = await startNode(config, now)
  afterwards(t, () => node.stop())
  const first = node.firstRun
  if (!first) throw new Error('a test starts on an empty store')
  const app = appOf(node.url, first.app_id, first.admin_token)

  return {
    ...app,
    node,
    config,
    url: node.url,
    appSecret: first.app_secret,
    adminToken: first.admin_token,

    /** Another app of the same installation, made as the command line does. */
    async otherApp(policy: Partial<Policy> = {}) {
      const { store, seals } = await openInstallation(config)
      const { app, app_secret } = await createApp(store.sql, seals, { ...defaultPolicy, ...policy }, Date.now())
      const { token } = await createAdminToken(store.sql, app.app_id, 'test', Date.now())
      await store.close()
      return { ...appOf(node.url, app.app_id, token), appSecret: app_secret, adminToken: token }
    },
  }
}

function appOf(url: string, appId: string, adminToken: string) {
  const stranger = createClient({ url, appId })
  const signIn = async (name: string, password: string, device_guid?: string): Promise<Person> => {
    const session = await stranger.tokens.signInByName({ name, password, ...(device_guid && { device_guid }) })
    return {
      ...stranger.as(session.token),
      id: session.user_id,
      name,
      password,
      token: session.token,
      device: session.device_sn,
    }
  }
  return {
    appId,
    stranger,
    admin: stranger.as(adminToken),
    signIn,
    /** Registers and signs in. */
    async signUp(name: string, password = `password of ${name}`, device_guid?: string): Promise<Person> {
      await stranger.accounts.register({ username: name, password })
      return signIn(name, password, device_guid)
    },
  }
}

/** The code that a call fails with; fails the test where it succeeds. */
export async function codeOf(call: Promise<unknown>): Promise<number> {
  try {
    await call
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'number') return error.code
    throw error
  }
  throw new Error('the call succeeded, and should have been refused')
}

/** Tries again until `check` passes, for at most `milliseconds`; then fails as it last did. */
export async function eventually(check: () => Promise<void>, milliseconds = 2000): Promise<void> {
  const end = performance.now() + milliseconds
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (performance.now() > end) throw error
      await new Promise(resolve => setTimeout(resolve, 5))
    }
  }
}
