import { randomBytes, randomInt } from 'node:crypto'
import { insertNotifier } from '../notifiers/notifiers.sql.ts'
import type { Sql } from '../storage/sql.ts'
import { type App, findApp, insertApp, listApps } from './apps.sql.ts'
import type { Seals } from './seals.ts'

/** The apps of an installation. What is known stays known until another process writes. */
export class Apps {
  readonly #sql: Sql
  readonly #version: () => number
  readonly #known = new Map<string, App>()
  #origins: Promise<Set<string>> | undefined
  #seen = -1
  /** Counts what was forgotten: a row that was read before must not be kept after it. */
  #epoch = 0

  /** `version` changes when another process has written. */
  constructor(sql: Sql, version: () => number) {
    this.#sql = sql
    this.#version = version
  }

  /** At once, where the app is known already. */
  peek(id: string): App | undefined {
    this.#refresh()
    return this.#known.get(id)
  }

  async find(id: string): Promise<App | undefined> {
    const known = this.peek(id)
    if (known) return known
    const epoch = this.#epoch
    const app = await findApp(this.#sql, id)
    this.#refresh()
    if (app && epoch === this.#epoch) this.#known.set(id, app)
    return app
  }

  /** Every origin that any app lists: a preflight does not say which app it is for. */
  allOrigins(): Promise<Set<string>> {
    this.#refresh()
    this.#origins ??= this.#readOrigins()
    return this.#origins
  }

  /** This process has changed an app. */
  forget() {
    this.#epoch++
    this.#known.clear()
    this.#origins = undefined
  }

  async #readOrigins() {
    try {
      return new Set((await listApps(this.#sql)).flatMap(originsOf))
    } catch (error) {
      this.#origins = undefined
      throw error
    }
  }

  #refresh() {
    const version = this.#version()
    if (version === this.#seen) return
    this.#seen = version
    this.forget()
  }
}

export const originsOf = (app: App): string[] => JSON.parse(app.origins) as string[]

export type Policy = Omit<App, 'app_id' | 'secret' | 'created_at'>

/** What an app gets unless it is said otherwise. The time zone is the one existing clients expect. */
export const defaultPolicy: Policy = {
  name: 'app',
  frozen: 0,
  open_registration: 1,
  user_cap: 0,
  device_cap: 10,
  password_minimum: 1,
  token_days: 30,
  origins: '[]',
  time_zone: 'Asia/Shanghai',
  push_signature: 0,
  push: 1,
}

/** Stands in the place of an app where a call is about the whole installation. */
export const installation: App = { app_id: '', ...defaultPolicy, name: 'installation', secret: '', created_at: 0 }

/** Makes an app with a notifier named `capture`, so that push tokens can be bound without a vendor's account. */
export async function createApp(sql: Sql, seals: Seals, policy: Policy, now: number, app_id = newAppId()) {
  const app_secret = randomBytes(32).toString('hex')
  const app: App = { app_id, ...policy, secret: seals.seal(secretRecord(app_id), app_secret), created_at: now }
  await sql.begin(async sql => {
    await insertApp(sql, app)
    await insertNotifier(sql, app_id, 'capture', 0, now)
  })
  return { app, app_secret }
}

/** Fails where the apps were sealed under another master key: better at the start than at a registration. */
export async function mustOpenSecrets(sql: Sql, seals: Seals) {
  for (const app of await listApps(sql)) seals.open(secretRecord(app.app_id), app.secret)
}

export const secretRecord = (app: string) => `apps/${app}/secret`

/** Twelve letters and digits, a letter first: an app id is never all digits. */
export function newAppId() {
  const letters = 'abcdefghijkmnpqrstuvwxyz'
  const pick = (from: string) => from[randomInt(from.length)] as string
  return pick(letters) + Array.from({ length: 11 }, () => pick(`${letters}23456789`)).join('')
}
