import { listApps } from '../apps/apps.sql.ts'
import { mustOpenSecrets } from '../apps/apps.ts'
import type { Seals } from '../apps/seals.ts'
import { memoryBus } from '../bus/memory.ts'
import { type Config, readConfig } from '../config.ts'
import { inspectInstallation, openInstallation } from '../installation.ts'
import type { Services } from '../services.ts'
import { shown } from '../storage/postgres-server.ts'
import type { Sql } from '../storage/sql.ts'
import { Sessions } from '../tokens/sessions.ts'
import type { Common } from './command.ts'
import { UsageError } from './failure.ts'

/**
 * What a command works with, beside a server or without one. Nobody listens here: a running server sees in the
 * database that another process has written, and reads anew.
 */
export interface Offline extends Pick<Services, 'sql' | 'sessions' | 'bus' | 'now' | 'scrub'> {
  /** Fails where this is not the key under which the apps were sealed. */
  provenSeals(): Promise<Seals>
}

export const configOf = ({ data }: Common) =>
  readConfig(data === undefined ? process.env : { ...process.env, STONECHAT_DATA: named(data) })

/** Where the database is, without a password. */
export const placeOf = ({ data, database }: Pick<Config, 'data' | 'database'>) => (database ? shown(database) : data)

export const noDatabase = (config: Pick<Config, 'data' | 'database'>) =>
  new Error(
    `there is no Stonechat database in ${placeOf(config)}: name ${config.database ? 'it with DATABASE_URL' : 'the folder with --data or STONECHAT_DATA'}, or make it with stonechat migrate`,
  )

/** Throws where the database is a PostgreSQL server's: `instead` says what to do there. */
export function mustBeFile({ database }: Pick<Config, 'database'>, instead: string) {
  if (database) throw new Error(`the database is on ${shown(database)} (DATABASE_URL): ${instead}`)
}

function named(folder: string) {
  if (folder === '') throw new UsageError('--data is empty: name the data folder')
  return folder
}

/** Opens the data folder for `work`, and closes it. It must be there already, and be of this version. */
export async function offline<T>(options: Common, work: (services: Offline) => Promise<T>): Promise<T> {
  const config = configOf(options)
  const { exists, migrations } = await inspectInstallation(config)
  if (!exists) throw noDatabase(config)
  const pending = migrations.find(({ state }) => state === 'pending')
  if (pending)
    throw new Error(
      `the database in ${placeOf(config)} lacks ${pending.name}: start the server of this version, or run stonechat migrate`,
    )
  return offlineOrNew(options, work)
}

/** Likewise, but makes the folder, or brings it up to date, where that is needed. */
export async function offlineOrNew<T>(options: Common, work: (services: Offline) => Promise<T>): Promise<T> {
  const installation = await openInstallation(configOf(options))
  const { store } = installation
  try {
    return await work({
      sql: store.sql,
      sessions: new Sessions(store, Date.now),
      bus: memoryBus(),
      now: Date.now,
      scrub: store.scrub,
      async provenSeals() {
        await mustOpenSecrets(store.sql, installation.seals)
        return installation.seals
      },
    })
  } finally {
    await store.close()
  }
}

/** The app that is named or, where none is, the only one. */
export async function theApp(sql: Sql, wanted: string | undefined) {
  const apps = await listApps(sql)
  const known = apps.map(({ app_id, name }) => `${app_id} (${name})`).join(', ')
  const [first, second] = apps
  if (!first) throw new Error('there is no app yet: make one with stonechat app create')
  if (wanted === undefined) {
    if (second) throw new UsageError(`say which app with --app: ${known}`)
    return first
  }
  const found = apps.find(({ app_id }) => app_id === wanted)
  if (!found) throw new Error(`there is no app ${JSON.stringify(wanted)}: there are ${known}`)
  return found
}

export const appOption = ['--app <id>', 'the app; may be left out where there is only one'] as const
