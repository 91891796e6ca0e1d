import { type Answer, ask, type Raw } from './http.ts'
import { rawOf, routes } from './routes.ts'
import type { Headers } from './staff.ts'

/** What a page of the console does: calls by the operation's name, with the headers of its session. */
export function page(url: string, headers: Headers) {
  const call = (name: string, input: Record<string, unknown> = {}, more: Headers = {}): Promise<Answer> =>
    ask(url, callOf(name, input, { ...headers, ...more }))
  return {
    headers,
    call,
    /** The code of the answer. */
    code: async (name: string, input?: Record<string, unknown>, more?: Headers) => (await call(name, input, more)).code,
    /** The data of the answer; fails where the call is refused. */
    async data<Data>(name: string, input?: Record<string, unknown>, more?: Headers): Promise<Data> {
      const { code, text, data } = await call(name, input, more)
      if (code !== 200) throw new Error(`${name}: ${text}`)
      return data as Data
    },
  }
}

export type Page = ReturnType<typeof page>

/** A call of the operation as it goes on the wire. */
export function callOf(name: string, input: Record<string, unknown>, headers: Headers): Raw {
  const route = routes.find(each => each.name === name)
  if (!route) throw new Error(`there is no operation ${name}`)
  return rawOf(route, input, headers)
}
