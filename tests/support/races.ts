import type { TestContext } from 'node:test'
import { type Person, type TestNode, testNode } from '../harness.ts'
import { amount } from './amount.ts'
import { outcome, outcomes } from './outcomes.ts'

/** How often each race is run. */
export const rounds = amount(4, 200)

/** Both processors hash, and nobody is turned away because many come at once. */
export const hashing = { hashesAtOnce: 2, hashQueue: 1000 }

export const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))

/** One node for all rounds; each makes users of its own. */
export async function everyRound(t: TestContext, round: (node: TestNode, i: number) => Promise<void>) {
  const node = await testNode(t, hashing)
  for (let i = 0; i < rounds; i++) await round(node, i)
}

/** The codes that the people's next calls answer. */
export const codesOf = (people: Person[]) => outcomes(people.map(({ profiles }) => profiles.getProfile()))

/** Many sign-ins at once, and `act` as soon as `after` of them have been answered. Returns who got in. */
export async function signInWhile(node: TestNode, name: string, after: number, act: () => Promise<unknown>) {
  const codes: number[] = []
  const people: Person[] = []
  let acting = after === 0 ? act() : undefined
  const signIn = async () => {
    codes.push(await outcome(node.signIn(name, 'x').then(person => people.push(person))))
    if (codes.length >= after) acting ??= act()
  }
  await Promise.all(times(6, signIn))
  await acting
  return { codes, people }
}

/** How many tokens of the user nothing has ended yet, as the database has it. */
export async function liveTokens({ node, appId }: TestNode, user: number): Promise<number> {
  const rows = await node.services.sql`
    select 1 as live from user_tokens where app_id = ${appId} and user_id = ${user} and ended_at = ${0}`
  return rows.length
}
