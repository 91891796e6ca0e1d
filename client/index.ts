import { contract } from '../contract/index.ts'
import type { Contract, Operation, Result, Sent } from '../contract/operation.ts'
import { type Connection, call } from './call.ts'
import { Realtime, type RealtimeOptions } from './realtime.ts'

export { type Connection, StonechatError } from './call.ts'
export { type Notices, Realtime, type RealtimeOptions } from './realtime.ts'

type Call<O extends Operation> =
  object extends Sent<O> ? (input?: Sent<O>) => Promise<Result<O>> : (input: Sent<O>) => Promise<Result<O>>

type Calls<C extends Contract> = { [Name in keyof C]: Call<C[Name]> }

/** Every operation of the service, by domain: `client.profiles.setNickname({ nick_name: 'Ann' })`. */
export type Client = { [Domain in keyof typeof contract]: Calls<(typeof contract)[Domain]> } & {
  connection: Connection
  /** The same app, with this token. */
  as(token: string): Client
  /** An admin's client that acts for the user. */
  actingFor(userId: number): Client
  /** This user's connection; call `connect()` on it. */
  realtime(options?: RealtimeOptions): Realtime
}

/** A client for browsers and Node, made from the contract. */
export function createClient(connection: Connection): Client {
  const domains = Object.entries(contract).map(([domain, group]) => [domain, callsOf(connection, group)])
  return {
    ...(Object.fromEntries(domains) as { [Domain in keyof typeof contract]: Calls<(typeof contract)[Domain]> }),
    connection,
    as: token => createClient({ ...connection, token }),
    actingFor: userId => createClient({ ...connection, userId }),
    realtime: options => new Realtime(connection, options),
  }
}

const callsOf = (connection: Connection, group: Contract) =>
  Object.fromEntries(
    Object.entries(group).map(([name, operation]) => [
      name,
      (input: object = {}) => call(connection, operation, input as Sent<typeof operation>),
    ]),
  )
