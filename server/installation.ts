import { Apps } from './apps/apps.ts'
import { masterKey, Seals } from './apps/seals.ts'
import { hasApps } from './apps/totals.sql.ts'
import type { Config } from './config.ts'
import { inspectFile, openFile } from './installation-file.ts'
import { inspectServer, openServer } from './installation-server.ts'
import type { Observe } from './storage/batch.ts'
import type { MigrationState } from './storage/migrate.ts'
import type { Store } from './storage/store.ts'

/** What is kept: the store, brought up to date, the apps, and the key that seals secrets. */
export interface Installation {
  store: Store
  apps: Apps
  seals: Seals
  /** The migrations that opening it applied. */
  migrated: string[]
}

/** Which of the settings say where it is. */
export type Place = Pick<Config, 'data' | 'masterKey'> & Partial<Pick<Config, 'database' | 'pool' | 'prepare'>>

/** The server and the command line both enter here. */
export async function openInstallation(place: Place, observe?: Observe): Promise<Installation> {
  const opened = place.database ? await openServer(place, observe) : openFile(place.data, observe)
  return withSeals(place, opened)
}

/** Likewise, where it is known to be kept in a file. */
export async function openEmbedded(place: Pick<Place, 'data' | 'masterKey'>) {
  const opened = openFile(place.data)
  return Object.assign(await withSeals(place, opened), { store: opened.store })
}

async function withSeals(place: Place, { store, migrated }: { store: Store; migrated: string[] }) {
  const isSealed = await hasApps(store.sql)
  let seals: Seals | undefined
  return {
    store,
    migrated,
    apps: new Apps(store.sql, store.foreignVersion),
    // Only when it is asked for: most commands need no secret, and are run where the key is not at hand.
    get seals() {
      seals ??= new Seals(masterKey(place.masterKey, place.data, isSealed))
      return seals
    },
  }
}

export interface Inspection {
  /** Whether there is an installation at all. */
  exists: boolean
  migrations: MigrationState[]
}

/** Looks without changing or making anything. */
export const inspectInstallation = async (place: Omit<Place, 'masterKey'>): Promise<Inspection> =>
  place.database ? inspectServer(place.database) : inspectFile(place.data)
