import { get } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { contract } from '../contract/index.ts'
import type { Operation } from '../contract/operation.ts'
import type { Request } from './load.ts'
import type { Serving } from './processes.ts'
import type { Seat, Store } from './seed.ts'

const { accounts, presence, profiles, tokens } = contract

/** The requests that the scenarios send, a line for each seat where a user calls. */
export const calls = {
  profile: (store: Store) => store.seats.map(seat => profileOf(store, seat)),

  nickname: (store: Store) =>
    store.seats.map(seat => request(profiles.setNickname, asUser(store, seat), { query: 'nick_name=nick_##########' })),

  register: (store: Store) => {
    const body = { username: 'new_##########', password: store.password }
    return [request(accounts.register, asGuest(store), { body })]
  },

  /** On another device than that of the seat, whose token goes on. */
  signIn: (store: Store) =>
    store.seats.map(({ username, user }) => {
      const body = { name: username, password: store.password, device_guid: `other-${user}` }
      return request(tokens.signInByName, asGuest(store), { body })
    }),

  /** Each asks for `size` others. */
  presence: (store: Store, size: number) =>
    store.seats.slice(0, size).map((seat, i) => {
      const list = Array.from({ length: size }, (_, j) => store.seats[(i + j) % store.seats.length]?.user)
      const headers = { ...asUser(store, seat), 'content-type': 'application/json' }
      return request(presence.presenceBatch, headers, { body: { list } })
    }),

  page: ({ app, adminToken }: Store, page: number, size: number) => {
    const headers = { app_id: app, 'access-token': adminToken }
    return [request(accounts.listUsers, headers, { query: `page_num=${page}&page_size=${size}` })]
  },
}

export const profileOf = (store: Store, seat: Seat) => request(profiles.getProfile, asUser(store, seat))

const asUser = ({ app }: Store, { token }: Seat) => ({ app_id: app, 'access-token': token })
const asGuest = ({ app }: Store) => ({ app_id: app, 'content-type': 'application/json' })

function request(
  { methods, path }: Operation,
  headers: Record<string, string>,
  { query, body }: { query?: string; body?: object } = {},
): Request {
  const [method] = methods as [Request['method']]
  return { method, path: query ? `${path}?${query}` : path, headers, ...(body && { body: JSON.stringify(body) }) }
}

/** What comes back, as it would have to be written with node:http; Node itself adds the headers left out. */
export function answerTo({ url }: Serving, { path, headers }: Request): Promise<{ headers: string[]; body: string }> {
  return new Promise((resolve, reject) => {
    get(`${url}${path}`, { headers }, async response => {
      const body = (await response.setEncoding('utf8').toArray()).join('')
      const pairs = response.rawHeaders.flatMap((name, i, all) => (i % 2 === 0 ? [[name, all[i + 1] as string]] : []))
      const own = pairs.filter(([name = '']) => !/^(date|connection|keep-alive)$/i.test(name))
      resolve({ headers: own.flat(), body })
    }).on('error', reject)
  })
}

/** Throws where the server answered anything but success: a fast refusal must not pass for a fast answer. */
export async function mustHaveSucceeded(server: Serving, operation: string) {
  const metrics = await metricsOf(server)
  const counts = [...metrics.matchAll(/^stonechat_requests_total\{operation="(\w+)",code="(\d+)"\} (\d+)$/gm)]
  const own = counts.filter(([, name]) => name === operation)
  const other = own.filter(([, , code]) => code !== '200')
  if (own.length === 0 || other.length > 0)
    throw new Error(
      `${operation} was answered ${other.map(([, , code, count]) => `${code} ${count} times`).join(', ') || 'never'}`,
    )
}

/** What the load generator no longer waits for is still hashed: the next round begins after that. */
export async function untilHashed(server: Serving) {
  while (/^stonechat_(hash_queue|hashes_running) [1-9]/m.test(await metricsOf(server))) await wait(20)
}

/** A histogram's lines, by what follows its name. */
export async function figuresOf(server: Serving, name: string): Promise<Map<string, number>> {
  const lines = (await metricsOf(server)).split('\n').filter(line => line.startsWith(name))
  return new Map(
    lines.map(line => line.slice(name.length).split(' ') as [string, string]).map(([k, v]) => [k, Number(v)]),
  )
}

const metricsOf = async ({ url }: Serving) => (await fetch(`${url}/metrics`)).text()
