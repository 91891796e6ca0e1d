import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const busy = 5

/**
 * Makes this the only server of the data folder until the returned function is called or the process ends, however it
 * does: two would not hear of each other's kicks, and each would take the other's connections for gone. The command
 * line may work beside it. Throws a sentence where another server is there.
 */
export function serveAlone(folder: string): () => void {
  const lock = new DatabaseSync(join(folder, 'serve.lock'), { timeout: 0 })
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if ((error as { errcode?: number }).errcode !== busy) throw error
    throw new Error(`another server serves the data folder ${folder}: stop it, or set STONECHAT_DATA to another folder`)
  }
  return () => lock.close()
}
