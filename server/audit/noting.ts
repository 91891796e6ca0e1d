import { lockUser } from '../accounts/accounts.sql.ts'
import type { Services } from '../services.ts'
import type { Sql, SqlValue } from '../storage/sql.ts'
import { findOperator } from '../tokens/operator-tokens.sql.ts'
import { findAdmin } from '../tokens/tokens.sql.ts'
import { type Actor, append } from './chain.ts'
import { difference, type Picture, type Subject } from './subjects.ts'

/** Who acts: an admin, or an operator, is known by the hash of its token, which the transaction looks up. */
export type Doer = Actor | { kind: 'admin' | 'operator'; token: string; address: string }

export interface Act {
  app: string
  doer: Doer
  /** The operation, or the command. */
  act: string
}

/**
 * The same services, with a storage that remembers: whatever is written through it is noted in the trail, in the
 * transaction that writes it. So nothing privileged is stored without its entry, and no entry tells of what was not.
 */
export function noting<S extends Pick<Services, 'sql' | 'now'>>(services: S, act: Act, subjects: Subject[]): S {
  const witness = new Witness(services.now, act, subjects)
  return { ...services, sql: witnessed(services.sql, witness) }
}

/** Notes what changes nothing in the storage, such as handing out a user's data. */
export async function note(services: Pick<Services, 'sql' | 'now'>, act: Act, subject: Subject, details: object) {
  const { sql, now } = services
  await sql.begin(async sql => {
    const deed = { act: act.act, user: subject.user, subject: subject.name, details }
    await append(sql, act.app, await actorOf(sql, act), deed, now())
  })
}

const writes = /^\s*(insert|update|delete)\b/i

function witnessed(sql: Sql, witness: Witness): Sql {
  const begin = <T>(work: (sql: Sql) => Promise<T>) => sql.begin(inner => witness.attend(inner, () => work(inner)))
  const tag = (text: TemplateStringsArray, ...values: SqlValue[]) => {
    if (!('raw' in text) || !writes.test(text[0] as string)) return sql(text, ...values)
    return sql.begin(inner => witness.attendOne(inner, text, values))
  }
  return Object.assign(tag as unknown as Sql, { begin, load: sql.load })
}

class Witness {
  readonly #now: () => number
  readonly #act: Act
  readonly #subjects: Subject[]

  constructor(now: () => number, act: Act, subjects: Subject[]) {
    this.#now = now
    this.#act = act
    this.#subjects = subjects
  }

  async attend<T>(sql: Sql, work: () => Promise<T>): Promise<T> {
    await this.#lock(sql)
    const before = await this.#look(sql)
    const result = await work()
    await this.#tell(sql, before)
    return result
  }

  /** A statement that says which rows it changed, and changed none, is no act. */
  async attendOne(sql: Sql, text: TemplateStringsArray, values: SqlValue[]): Promise<object[]> {
    await this.#lock(sql)
    const before = await this.#look(sql)
    const rows = await sql(text, ...values)
    if (rows.length > 0 || !/\breturning\b/i.test(text.at(-1) as string)) await this.#tell(sql, before)
    return rows
  }

  /** What is looked at stays as it is until it is written. */
  async #lock(sql: Sql) {
    const users = this.#subjects.map(({ user }) => user).filter(user => user !== 0)
    for (const user of users.sort((a, b) => a - b)) await lockUser(sql, this.#act.app, user)
  }

  async #look(sql: Sql) {
    const pictures: (Picture | undefined)[] = []
    for (const subject of this.#subjects) pictures.push(await subject.look(sql, this.#now()))
    return pictures
  }

  async #tell(sql: Sql, before: (Picture | undefined)[]) {
    const { act } = this.#act
    const actor = await actorOf(sql, this.#act)
    for (const [i, { user, name, look, app = this.#act.app }] of this.#subjects.entries()) {
      const after = await look(sql, this.#now())
      // Of a user who is gone nothing but the id may stay.
      const details = user !== 0 && !after ? undefined : difference(before[i], after)
      await append(sql, app, actor, { act, user, subject: name, details }, this.#now())
    }
  }
}

export async function actorOf(sql: Sql, { app, doer }: Act): Promise<Actor> {
  if (!('token' in doer)) return doer
  const { kind, token, address } = doer
  const found = await (kind === 'admin' ? findAdmin(sql, app, token) : findOperator(sql, token))
  return { kind, id: found?.token_id ?? '', name: found?.name ?? '', address }
}
