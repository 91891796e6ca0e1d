import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeFolder, syncFolder } from '../storage/folder.ts'

/** Keeps secrets at rest: AES-256-GCM under the master key, bound to the record that holds them. */
export class Seals {
  readonly #key: Buffer
  /** Which key sealed, so that a foreign one is told from a damaged record. */
  readonly #keyId: string

  constructor(key: Buffer) {
    this.#key = key
    this.#keyId = createHash('sha256').update(key).digest('hex').slice(0, 8)
  }

  /** `record` names the place of the secret, e.g. `apps/ID/secret`. */
  seal(record: string, secret: string): string {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(record))
    const sealed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return `v1.${this.#keyId}.${sealed.toString('base64url')}`
  }

  /** A key for something else: nodes with the same master key have the same, and it tells nothing of any other. */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#key, '', `stonechat ${purpose}`, 32))
  }

  /** Throws where the record was sealed under another key, moved or damaged. */
  open(record: string, sealed: string): string {
    const [version, keyId, body] = sealed.split('.')
    if (version !== 'v1' || keyId !== this.#keyId || !body)
      throw new Error(`${record} was sealed under another master key: put back master.key or STONECHAT_MASTER_KEY`)
    const bytes = Buffer.from(body, 'base64url')
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12), { authTagLength: 16 })
      decipher.setAAD(Buffer.from(record)).setAuthTag(bytes.subarray(-16))
      return decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')
    } catch (cause) {
      throw new Error(`${record} was moved or damaged: restore it from a backup`, { cause })
    }
  }
}

/**
 * The key from the setting, else from `master.key` in the data folder. Where that is missing it is made (0600), unless
 * something `isSealed` already: then no new key would open it.
 */
export function masterKey(setting: string, folder: string, isSealed = false): Buffer {
  if (setting) return parsed(setting, 'STONECHAT_MASTER_KEY')
  const file = join(folder, 'master.key')
  if (!existsSync(file)) {
    if (isSealed)
      throw new Error(`${file} is missing, and the apps were sealed under it: put it back, or set STONECHAT_MASTER_KEY`)
    makeFolder(folder)
    makeKey(file)
  }
  return parsed(readFileSync(file, 'utf8').trim(), file)
}

/** Appears whole or not at all, whatever kills this; of two processes that make it at once the first wins. */
function makeKey(file: string) {
  const draft = `${file}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
  syncFolder(dirname(file))
}

function parsed(hex: string, source: string): Buffer {
  if (!/^[0-9a-f]{64}$/i.test(hex)) throw new Error(`${source} must hold 64 hex digits`)
  return Buffer.from(hex, 'hex')
}
