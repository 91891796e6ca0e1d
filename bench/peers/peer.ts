import type { Request } from '../load.ts'
import type { Serving } from '../processes.ts'

/** What is measured with each: all have it, under some name. */
export const acts = ['profile', 'nickname', 'register', 'signIn'] as const
export type Act = (typeof acts)[number]

/** A server of somebody's, running and seeded. */
export interface Peer {
  name: string
  version: string
  server: Serving
  /** What each act is here, for the notes of the page. */
  means: Record<Act | 'kick', string>
  calls: Record<Act, Request[]>
  /** Ends one session each, and each can be sent once. */
  kicks: Request[]
  /** Throws where something was answered with a failure that the status does not show. */
  check?(): Promise<void>
  stop(): Promise<void>
}

/** What a peer is started with. */
export interface Ground {
  /** For its files. */
  folder: string
  /** Where npm packages of peers are installed; kept between runs. */
  packages: string
  /** Of a PostgreSQL server on which databases may be made. */
  postgres: string
  users: number
}

export const password = 'a password for all'
export const nameOf = (i: number) => `user_${1001 + i}`

/** Sends JSON and returns the answer's; throws where it is refused. */
export async function post<T>(url: string, body: object, headers: Record<string, string> = {}): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status} ${text}`)
  return JSON.parse(text) as T
}

/** Does something for every user, eight at a time. */
export async function forEach<T>(users: number, work: (i: number) => Promise<T>): Promise<T[]> {
  const done: T[] = []
  const numbers = Array.from({ length: users }, (_, i) => i).values()
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const i of numbers) done[i] = await work(i)
    }),
  )
  return done
}
