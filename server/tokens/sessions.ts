import { fail } from '../../contract/errors.ts'
import type { Ending } from '../bus/announcements.ts'
import { ByUser } from '../by-user.ts'
import type { Store } from '../storage/store.ts'
import { endOperatorToken, findOperatorToken } from './operator-tokens.sql.ts'
import { hashToken, kindOf, type TokenKind } from './secrets.ts'
import { endAdminToken, endUserToken, findAdminToken, findUserToken } from './tokens.sql.ts'

const finds = { user: findUserToken, admin: findAdminToken, operator: findOperatorToken }
const ends = { user: endUserToken, admin: endAdminToken, operator: endOperatorToken }

/** A token that is good, and what it stands for. */
export interface Session {
  app: string
  kind: TokenKind
  hash: string
  user: number
  device: number
  /** ms */
  created: number
  /** ms */
  expires: number
  /** False from the moment at which something ended it, or may have. */
  live: boolean
  /** When the device was last noted as seen, in ms. */
  seen: number
  /** The console's session that stands for the token; absent where the token itself was sent. */
  console?: { hash: string; isConfirmed: boolean }
}

/**
 * The sessions of one node. Where it is the only one they are kept, exactly: every write of this process that ends one
 * calls `forget` before another request can be read, and all are dropped when another process has written. Where others
 * write unseen none is kept: each request reads its own.
 */
export class Sessions {
  readonly #store: Pick<Store, 'sql' | 'sole' | 'foreignVersion'>
  readonly #now: () => number
  readonly #most: number
  /** By token: 256 random bits never belong to two apps, and `peek` asks for the right one. */
  readonly #known = new Map<string, Session>()
  readonly #byUser = new ByUser<string>()
  /** When the devices of sessions that are not kept were noted as seen (ms), by the token's hash. */
  readonly #notedAt = new Map<string, number>()
  #seenVersion = -1
  /** Counts what was forgotten: a row that was read before a `forget` must not be kept after it. */
  #epoch = 0

  /** `most` sessions are kept at a time. */
  constructor(store: Pick<Store, 'sql' | 'sole' | 'foreignVersion'>, now: () => number, most = 100_000) {
    this.#store = store
    this.#now = now
    this.#most = most
  }

  /** At once, where the session is known and good. */
  peek(app: string, token: string): Session | undefined {
    if (!this.#store.sole) return undefined
    this.#refresh()
    const session = this.#known.get(token)
    if (session?.app !== app) return undefined
    if (session.expires > this.#now()) return session
    this.#drop(token, session)
  }

  /**
   * Whether nothing has ended the session since it was found, in this process or in another. `wasWhole`: the request was
   * there to its end when the session was found, so that what was read then is as good as what could be read now.
   */
  isLive(session: Session, wasWhole: boolean): boolean {
    if (!this.#store.sole) return wasWhole
    this.#refresh()
    return session.live
  }

  /** Fails with `token_invalid` for a token that never was this app's, and with `session_over` for one that has ended. */
  async find(app: string, token: string): Promise<Session> {
    const known = this.peek(app, token)
    if (known) return known
    const kind = kindOf(token) ?? fail('token_invalid')
    const epoch = this.#epoch
    const session = await this.read(kind, kind === 'operator' ? '' : app, hashToken(token))
    if (!this.#store.sole) {
      session.live = true
      return session
    }
    this.#refresh()
    if (kind === 'operator' || epoch !== this.#epoch) return session
    session.live = true
    return this.#keep(token, session)
  }

  /** Likewise, by the hash, and as the storage has it now: not `live`, so that it is read anew before it acts. */
  async read(kind: TokenKind, app: string, hash: string): Promise<Session> {
    const row = (await finds[kind](this.#store.sql, app, hash)) ?? fail('token_invalid')
    if (row.ended_at !== 0) return fail('session_over')
    if (row.expires_at <= this.#now()) return this.#expire(kind, app, hash)
    const { user_id: user, device_sn: device, created_at: created, expires_at: expires } = row
    return { app, kind, hash, user, device, created, expires, live: false, seen: this.#notedAt.get(hash) ?? 0 }
  }

  /** Drops the sessions that an ending names; those of admins are user 0's. */
  forget({ app, user, device, except }: Omit<Ending, 'kind'> & Partial<Pick<Ending, 'kind'>>) {
    this.#epoch++
    for (const token of this.#byUser.of(app, user)) {
      const session = this.#known.get(token)
      if (!session || (device !== 'all' && session.device !== device) || session.device === except) continue
      this.#drop(token, session)
    }
  }

  /** The session's device was noted as seen. */
  noteSeen(session: Session, at: number) {
    session.seen = at
    if (this.#store.sole) return
    this.#notedAt.delete(session.hash)
    if (this.#notedAt.size >= this.#most) this.#notedAt.delete(this.#notedAt.keys().next().value as string)
    this.#notedAt.set(session.hash, at)
  }

  get size() {
    return this.#known.size
  }

  async #expire(kind: TokenKind, app: string, hash: string): Promise<never> {
    await ends[kind](this.#store.sql, app, hash, this.#now())
    return fail('session_over')
  }

  /** Whoever looked the token up at the same time gets the same session, so that all hear of its end. */
  #keep(token: string, session: Session): Session {
    const known = this.#known.get(token)
    if (known?.app === session.app) return known
    if (known) this.#drop(token, known)
    if (this.#known.size >= this.#most) this.#dropOldest()
    this.#known.set(token, session)
    this.#byUser.add(session.app, session.user, token)
    return session
  }

  /** Room for a new one. The one dropped is read again at its next use: nobody would tell it of its end any more. */
  #dropOldest() {
    const [token, session] = this.#known.entries().next().value as [string, Session]
    this.#drop(token, session)
  }

  #drop(token: string, session: Session) {
    session.live = false
    this.#known.delete(token)
    this.#byUser.remove(session.app, session.user, token)
  }

  #refresh() {
    const version = this.#store.foreignVersion()
    if (version === this.#seenVersion) return
    this.#seenVersion = version
    this.#epoch++
    for (const session of this.#known.values()) session.live = false
    this.#known.clear()
    this.#byUser.clear()
  }
}
