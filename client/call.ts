import { consoleHeader } from '../contract/console.ts'
import type { Method, Operation, Result, Sent } from '../contract/operation.ts'

import { eventsOf } from './stream.ts'

/** Where a client calls, and as whom. */
export interface Connection {
  /** The service's address, e.g. `https://users.example.com`. */
  url: string
  /** Empty: none, which operators may leave out where a call is about no app. */
  appId: string
  /** A user's or an admin's access token. */
  token?: string
  /** With an admin's token: the user that calls act for. */
  userId?: number
  /** In a page of the console, in place of a token: the browser's cookie says who calls. */
  console?: true
  /** In which language failures are explained. */
  language?: 'en' | 'zh'
  /** In place of the global `fetch`. */
  fetch?: typeof fetch
}

/** A call that the service refused. */
export class StonechatError extends Error {
  /** The service's own code, e.g. 402 for a session that is over; see the table of failures in the docs. */
  readonly code: number
  readonly status: number
  /** Seconds to wait before the next try, where the service says so. */
  readonly retryAfter: number | undefined
  /** By which the log of the service knows the call. */
  readonly requestId: string | undefined

  constructor(code: number, message: string, status: number, retryAfter?: number, requestId?: string) {
    super(message)
    this.name = 'StonechatError'
    this.code = code
    this.status = status
    this.retryAfter = retryAfter
    this.requestId = requestId
  }
}

interface Envelope {
  code: number
  data?: unknown
  message: string | null
}

/** Makes one call; `method` is the operation's first unless it is said. Fails with `StonechatError`, or as `fetch` does. */
export async function call<O extends Operation>(
  connection: Connection,
  operation: O,
  input: Sent<O>,
  method?: Method,
): Promise<Result<O>> {
  const response = await (connection.fetch ?? fetch)(addressOf(connection, operation, input as Values), {
    method: method ?? (operation.methods[0] as Method),
    headers: headersOf(connection, operation),
    body: bodyOf(operation, input as Values),
  })
  if (operation.stream && response.body && response.headers.get('content-type')?.startsWith('text/event-stream'))
    return eventsOf(response.body) as Result<O>
  const { code, message, ...answer } = await envelopeOf(response)
  if (code !== 200) throw refusalOf(response, code, message)
  return (operation.beside ? answer : answer.data) as Result<O>
}

type Values = Record<string, unknown>

function addressOf({ url }: Connection, { path, query }: Operation, input: Values): string {
  const parameters = new URLSearchParams()
  for (const name of Object.keys(query?.properties ?? {}))
    if (input[name] !== undefined) parameters.set(name, String(input[name]))
  const search = parameters.toString()
  return `${url.replace(/\/$/, '')}${path}${search && `?${search}`}`
}

function headersOf(
  { appId, token, userId, language, console }: Connection,
  operation: Operation,
): Record<string, string> {
  return {
    ...(appId && { app_id: appId }),
    ...(console && { [consoleHeader]: '1' }),
    ...(token !== undefined && { 'access-token': token }),
    ...(userId !== undefined && { user_id: String(userId) }),
    ...(language !== undefined && { 'accept-language': language }),
    ...((operation.body || operation.text) && { 'content-type': 'application/json' }),
  }
}

function bodyOf({ body, text }: Operation, input: Values): string | undefined {
  if (text) return JSON.stringify(input.text)
  if (!body) return undefined
  return JSON.stringify(Object.fromEntries(Object.keys(body.properties).map(name => [name, input[name]])))
}

async function envelopeOf(response: Response): Promise<Envelope> {
  const text = await response.text()
  try {
    return JSON.parse(text) as Envelope
  } catch (cause) {
    throw new Error(`the answer (HTTP ${response.status}) is not from Stonechat: ${text.slice(0, 80)}`, { cause })
  }
}

const refusalOf = (response: Response, code: number, message: string | null) =>
  new StonechatError(
    code,
    message ?? '',
    response.status,
    retryAfterOf(response),
    response.headers.get('x-request-id') ?? undefined,
  )

function retryAfterOf(response: Response): number | undefined {
  const seconds = response.headers.get('retry-after')
  return seconds === null ? undefined : Number(seconds)
}
