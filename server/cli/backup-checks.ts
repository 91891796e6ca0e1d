import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { secretRecord } from '../apps/apps.ts'
import { masterKey, Seals } from '../apps/seals.ts'
import type { Config } from '../config.ts'
import { migrationsOf } from '../installation-file.ts'
import { openUnchanged } from '../storage/copy.ts'

/** Throws where the file is a database of something else, or of a newer version. */
export function mustBeStore(file: string, called: string) {
  const database = openUnchanged(file)
  try {
    const migrations = migrationsOf(database)
    if (migrations.every(({ state }) => state === 'pending'))
      throw new Error(`${called} cannot be restored: it is no database of Stonechat`)
    const foreign = migrations.find(({ state }) => state === 'unknown' || state === 'changed')
    if (foreign)
      throw new Error(
        `${called} cannot be restored: it has migration ${foreign.name}, which this version does not know; run the version that made it`,
      )
  } finally {
    database.close()
  }
}

/** What the operator has to see to before the server starts; empty where the key at hand opens the secrets. */
export function keyNote(file: string, config: Pick<Config, 'data' | 'masterKey'>): string {
  const database = openUnchanged(file)
  try {
    const apps = database.prepare('select app_id, secret from apps').all() as { app_id: string; secret: string }[]
    if (apps.length === 0) return ''
    if (!config.masterKey && !existsSync(join(config.data, 'master.key')))
      return 'Put its master.key into the folder before the start: its secrets are sealed under it.'
    const seals = new Seals(masterKey(config.masterKey, config.data, true))
    return apps.every(({ app_id, secret }) => opens(seals, app_id, secret))
      ? ''
      : 'The master key here does not open its secrets: put back the one it was made with before the start.'
  } finally {
    database.close()
  }
}

function opens(seals: Seals, app: string, secret: string): boolean {
  try {
    seals.open(secretRecord(app), secret)
    return true
  } catch (error) {
    // Whatever is wrong with the key or the seal is said in one note.
    if (error instanceof Error) return false
    throw error
  }
}
