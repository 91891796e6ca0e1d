import type { Contract, Input, Operation, Result } from '../contract/operation.ts'
import type { App } from './apps/apps.sql.ts'
import type { Act } from './audit/noting.ts'
import type { Subject } from './audit/subjects.ts'
import type { Browser } from './console/browser.ts'
import type { Services } from './services.ts'
import type { Sql } from './storage/sql.ts'
import type { Session } from './tokens/sessions.ts'

/** Who calls, as the request's headers show it. */
export interface Caller {
  /** `installation` where the call is about no app. */
  app: App
  /** An operator has an admin's rights; `session` tells them apart. */
  kind: 'guest' | 'user' | 'admin'
  /** The user that the call acts for; 0 for guests and for calls on the whole app. */
  user: number
  /** Absent for guests. */
  session?: Session
}

/** What one call brings to its handler: who calls, for whom, with what; and what the node lends it. */
export interface Call<O extends Operation = Operation> extends Caller {
  input: Input<O>
  sql: Sql
  services: Services
  /** The act as the audit trail calls it; absent where the caller is no admin. */
  act?: Act
  /** What an operation on many users or things works with, so that the trail tells whom and what each act was about. */
  about(...subjects: Subject[]): Pick<Call, 'sql' | 'services'>
  /** The client's network address, for limits. */
  address: string
  userAgent: string
  /** The browser that calls, for the console's own operations. */
  browser(): Browser
  language: 'en' | 'zh'
}

/** One handler for each operation of a group; a missing one is a type error. */
export type Handlers<C extends Contract> = { [Name in keyof C]: (call: Call<C[Name]>) => Promise<Result<C[Name]>> }
