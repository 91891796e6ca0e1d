import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { type Client, createClient } from '../../client/index.ts'
import { type TestNode, testNode } from '../harness.ts'
import { amount } from '../support/amount.ts'
import { outcome } from '../support/outcomes.ts'
import { quickFolder } from '../support/quick-folder.ts'
import { hashQuickly } from '../support/quick-hashing.ts'
import { swift } from '../support/swift.ts'
import { type Answer, type Event, explain, type History, type Model } from './history.ts'

/** How often each race is run. */
export const rounds = amount(200, 2000)

/** An app in which a hundred calls start at once. */
export interface Arena {
  node: TestNode
  appId: string
  stranger: Client
  admin: Client
}

export async function arenaOf(t: TestContext): Promise<Arena> {
  const node = await testNode(t, { data: quickFolder(t) })
  hashQuickly(node)
  const { appId, adminToken } = await node.otherApp({ device_cap: 1000 })
  const stranger = createClient({ url: node.url, appId, fetch: swift })
  return { node, appId, stranger, admin: stranger.as(adminToken) }
}

/** A call with what the model is told of it. */
export interface Act<Op> {
  op: Op
  call: () => Promise<unknown>
}

/** Whatever else the call answers, its code. */
export const coded = (call: () => Promise<unknown>) => () => outcome(call())

/** Starts all of them in one tick, in a random order. */
export async function atOnce<Op>(history: History<Op>, acts: Act<Op>[]) {
  await Promise.all(shuffled(acts).map(({ op, call }) => history.record(op, coded(call))))
}

export function shuffled<T>(list: T[]): T[] {
  const places = list.map(each => ({ each, place: Math.random() }))
  return places.sort((a, b) => a.place - b.place).map(({ each }) => each)
}

/** Fails, with the history, where no order of the calls explains it. */
export function mustBeExplained<State, Op>({ events }: History<Op>, model: Model<State, Op>) {
  if (explain(events, model)) return
  const lines = [...events].sort((a, b) => a.began - b.began).map(lineOf)
  assert.fail(`no order of the calls explains the answers:\n${lines.join('\n')}`)
}

const lineOf = ({ op, began, ended, answer }: Event<unknown>) => `${began}–${ended} ${JSON.stringify(op)} → ${answer}`

/** What one user, or nobody else, can have: a name, a number, an alias. Everybody holds one value at the most. */
export type Holding =
  | { who: string; take: string; byForce?: boolean }
  | { who: string; drop: true }
  | { who: string; has: true }

/** `loss` is the code for what another has. */
export function unique(loss: number): Model<Record<string, string>, Holding> {
  return {
    start: {},
    looks: (op, answer) => 'has' in op || answer !== 200,
    step(state, op, answer: Answer) {
      if ('has' in op) return answer === (state[op.who] ?? '') ? state : undefined
      if ('drop' in op) return answer === 200 ? put(state, op.who, '') : undefined
      const rival = Object.keys(state).find(who => state[who] === op.take && who !== op.who)
      if (rival === undefined) return answer === 200 ? put(state, op.who, op.take) : undefined
      if (!op.byForce) return answer === loss ? state : undefined
      return answer === 200 ? put(put(state, rival, ''), op.who, op.take) : undefined
    },
  }
}

/** Members in one order, so that equal states look alike. */
function put(state: Record<string, string>, who: string, value: string): Record<string, string> {
  const all = Object.entries({ ...state, [who]: value }).filter(([, each]) => each !== '')
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)))
}
