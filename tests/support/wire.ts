import type { Connection } from '../../client/index.ts'
import { type Answer, ask } from './http.ts'

/** One call as a client would make it, but for what the typed client would not send. */
export async function send<Data = unknown>(
  { url, appId, token, userId }: Connection,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer & { data: Data }> {
  const all = {
    app_id: appId,
    ...(token !== undefined && { 'access-token': token }),
    ...(userId !== undefined && { user_id: String(userId) }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...headers,
  }
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const answer = await ask(url, { method, path, headers: all, ...sent })
  return { ...answer, data: answer.data as Data }
}

/** A `fetch` that says more about itself than the client does. */
export const fetchWith =
  (headers: Record<string, string>): typeof fetch =>
  (input, init) =>
    fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), ...headers } })
