import type { TestContext } from 'node:test'

type Act = () => unknown

const acts = new WeakMap<TestContext, Act[]>()

const settle = async (act: Act) => (await Promise.allSettled([(async () => act())()]))[0]

/** To be done after the test, and what was asked for last comes first: a server stops before its folder goes. */
export function afterwards(t: TestContext, act: Act) {
  const known = acts.get(t)
  if (known) known.push(act)
  else {
    const all = [act]
    acts.set(t, all)
    t.after(async () => {
      const outcomes = []
      for (const each of all.reverse()) outcomes.push(await settle(each))
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    })
  }
}
