import { hash, randomBytes } from 'node:crypto'
import type { Sql } from '../storage/sql.ts'
import {
  type EntryRow,
  findEntryHash,
  findHead,
  insertEntry,
  listEntriesAfter,
  setHead,
  takePlace,
} from './audit.sql.ts'

/** Who did it, and from where. */
export interface Actor {
  kind: 'admin' | 'operator'
  id: string
  name: string
  /** A network address, or the machine of the command line. */
  address: string
}

/** What is about to be remembered. Without details there is nothing but the ids, as after a deletion. */
export interface Deed {
  act: string
  user: number
  subject: string
  details: object | undefined
}

const digest = (text: string) => hash('sha256', text, 'base64url')

/** Each entry's hash covers the one before it: who changes, takes out or adds one in the middle breaks all that follow. */
function hashOf(before: string, app: string, entry: Omit<EntryRow, 'hash' | 'details' | 'salt'>): string {
  const { seq, at, actor_kind, actor_id, actor_name, act, user_id, subject, address, details_hash } = entry
  return digest(
    JSON.stringify([
      ...[before, app, seq, at, actor_kind, actor_id, actor_name],
      ...[act, user_id, subject, address, details_hash],
    ]),
  )
}

/**
 * Adds one entry, inside the transaction of what it tells. The chain covers a salted hash of the details and not the
 * details: so they can be erased with the user whom they are about, and the chain still holds.
 */
export async function append(sql: Sql, app: string, actor: Actor, deed: Deed, now: number) {
  const head = await takePlace(sql, app, now)
  const details = deed.details === undefined ? '' : JSON.stringify(deed.details)
  const salt = details === '' ? '' : randomBytes(12).toString('base64url')
  const entry = {
    seq: head.seq,
    // A clock that was set back does not turn the order around.
    at: Math.max(now, head.at),
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: actor.name,
    act: deed.act,
    user_id: deed.user,
    subject: deed.subject,
    address: actor.address,
    details_hash: digest(salt + details),
  }
  const own = hashOf(head.hash, app, entry)
  await insertEntry(sql, app, { ...entry, details, salt, hash: own })
  await setHead(sql, app, entry.at, own)
}

/** What was found wrong, and at which entry. */
export interface Break {
  seq: number
  why: 'missing' | 'changed' | 'details_changed' | 'cut_off'
}

export interface Verdict {
  /** The last entry that was looked at. */
  through: number
  checked: number
  /** Entries after `through` that are to be looked at. */
  more: boolean
  broken: Break | undefined
}

/** Looks at up to `size` entries after `after`. */
export async function verifyPage(sql: Sql, app: string, after: number, size: number): Promise<Verdict> {
  const head = await findHead(sql, app)
  const last = head?.seq ?? 0
  if (after > last) return { through: after, checked: 0, more: false, broken: { seq: after, why: 'cut_off' } }
  let before = after === 0 ? '' : ((await findEntryHash(sql, app, after)) ?? '')
  const entries = await listEntriesAfter(sql, app, after, size)
  let through = after
  for (const entry of entries.filter(({ seq }) => seq <= last)) {
    const why = wrongWith(app, before, through, entry)
    if (why) return { through, checked: through - after, more: false, broken: { seq: through + 1, why } }
    before = entry.hash
    through = entry.seq
  }
  const ended = entries.length < size || through >= last
  const cut = ended && (through < last || (head !== undefined && before !== head.hash))
  const broken: Break | undefined = cut ? { seq: through + 1, why: 'cut_off' } : undefined
  return { through, checked: through - after, more: !ended, broken }
}

function wrongWith(app: string, before: string, through: number, entry: EntryRow): Break['why'] | undefined {
  if (entry.seq !== through + 1) return 'missing'
  if (hashOf(before, app, entry) !== entry.hash) return 'changed'
  const isErased = entry.details === '' && entry.salt === ''
  if (!isErased && digest(entry.salt + entry.details) !== entry.details_hash) return 'details_changed'
  return undefined
}
