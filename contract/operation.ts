import type { Static, TObject, TSchema } from '@sinclair/typebox'

/**
 * Who may call, and whom the call acts for.
 *
 * - `guest`: the app is enough; tokens are not looked at (the sign-in routes).
 * - `guest_or_admin`: likewise, but an admin's token gives an admin's rights (registration).
 * - `self`: a user for itself, or an admin for the user that its `user_id` header names.
 * - `user`: a user for itself, never an admin.
 * - `admin_for_user`: an admin for the user that its `user_id` header names.
 * - `member`: a user or an admin, about others; takes no `user_id` header from an admin.
 * - `admin`: an admin for the whole app; takes no `user_id` header.
 * - `operator`: an operator for the whole installation; header `app_id` may be left out.
 * - `operator_for_app`: an operator for the app that header `app_id` names, frozen or not.
 * - `console`: whoever is signed in to the console, for its own session; header `app_id` may be left out.
 * - `visitor`: a page of the console that nobody is signed in to yet; header `app_id` may be left out.
 *
 * Where an admin may call, an operator may as well, for the app that header `app_id` names.
 */
export type Who =
  | 'guest'
  | 'guest_or_admin'
  | 'self'
  | 'user'
  | 'admin_for_user'
  | 'member'
  | 'admin'
  | 'operator'
  | 'operator_for_app'
  | 'console'
  | 'visitor'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** One promise of the API, as data. Routes, reading, answers, documents and the client are derived from it. */
export interface Operation {
  /** The operation's number in the API text; absent on what we add. */
  section?: string
  summary: string
  /** What we add, or read differently from the API text. */
  about?: string
  methods: readonly Method[]
  path: `/${string}`
  who: Who
  /** Where an admin sends no `user_id` header, the body's `user_id` names the user. */
  bodyNamesUser?: true
  /** Parameters that the text puts in the query; a JSON body may carry them as well. */
  query?: TObject
  /** Parameters that the text puts in the body; the query may carry them as well. */
  body?: TObject
  /** The body may be form-encoded as well, as clients of other standards send it. */
  form?: true
  /** The whole body is one unnamed text. */
  text?: TSchema
  /** In bytes; 64 KiB where it is absent. */
  bodyLimit?: number
  /** Changes nothing, and is in the audit trail all the same where an admin calls: it hands out what is kept of a user. */
  noted?: true
  /** Needs room for more on the disk: refused with 503 while there is none. */
  grows?: true
  /** Whoever calls from the console must have typed the token again within the last five minutes. */
  confirmed?: true
  result: TSchema
  /** Answers with server-sent events, each of which holds a `result`, for as long as the caller listens. */
  stream?: true
  /** Members of the envelope beside `data`. */
  beside?: TObject
}

/** What the body of a batch may hold. */
export const batchBody = 1_048_576

export type Contract = Record<string, Operation>

/** Keeps the literal types of a group of operations while checking their shape. */
export const operations = <const C extends Contract>(group: C): C => group

/** One item of a batch as the server reads it: good, or refused with the reason and what could be read of its subject. */
export type Tried<Item> = { item: Item; refused?: undefined } | { item?: undefined; refused: Refused }
export interface Refused {
  user_id: number
  username: string
  error: Error
}

type Value<S> = S extends TSchema ? Static<S> : unknown

/** What a handler reads: the parameters of query and body by name, and an unnamed body as `text`. */
export type Input<O extends Operation> = Value<O['query']> &
  Value<O['body']> &
  (O extends { text: TSchema } ? { text: string } : unknown)

type Plain<T> = T extends readonly Tried<infer Item>[] ? Item[] : T

/** What a client sends: like `Input`, with batches as plain items. */
export type Sent<O extends Operation> = { [Name in keyof Input<O>]: Plain<Input<O>[Name]> }

/** What a handler answers: `data`, or `data` with the members beside it, or one `data` after the other. */
export type Result<O extends Operation> = O extends { stream: true }
  ? AsyncIterable<Static<O['result']>>
  : O extends { beside: infer B extends TObject }
    ? { data: Static<O['result']> } & Static<B>
    : Static<O['result']>
