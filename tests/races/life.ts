import type { Answer, Model } from './history.ts'

export type Act =
  | { act: 'sign in'; who: string; password: string }
  /** Any call, or a hello, with the token of this sign-in. */
  | { act: 'use'; who: string }
  | { act: 'change'; who: string; old: string; password: string }
  | { act: 'set password'; password: string }
  | { act: 'end all' | 'ban' | 'unban' | 'delete' }
  /** How many tokens are alive in the tables. */
  | { act: 'count' }
  /** How many connections the tables know, once all sessions have ended. */
  | { act: 'online' }

interface User {
  there: boolean
  banned: boolean
  password: string
  /** Who is signed in. */
  live: string[]
}

const over = 402
const deleted = 10021

/** The life of one user, as it should be. */
export const life: Model<User, Act> = {
  start: { there: true, banned: false, password: 'x', live: [] },

  looks: ({ act }, answer) => act === 'use' || act === 'count' || act === 'online' || answer !== 200,

  step(user, act, answer) {
    const { right, next } = outcomeOf(user, act)
    return right.includes(answer) ? next : undefined
  },
}

function outcomeOf(user: User, act: Act): { right: Answer[]; next: User } {
  const refused = (...right: Answer[]) => ({ right, next: user })
  const done = (change: Partial<User>) => ({ right: [200], next: { ...user, ...change } })
  const signedIn = 'who' in act && user.live.includes(act.who)
  switch (act.act) {
    case 'sign in':
      if (!user.there || user.password !== act.password) return refused(over)
      return user.banned ? refused(13001) : done({ live: [...user.live, act.who].sort() })
    case 'use':
      if (signedIn) return refused(200)
      // Whoever was let in just before a deletion hears that the user is gone.
      return user.there ? refused(over) : refused(over, deleted)
    case 'change':
      if (!signedIn) return refused(over)
      return user.password === act.old ? done({ password: act.password, live: [act.who] }) : refused(11001)
    case 'count':
      return refused(user.live.length)
    case 'online':
      return refused(0)
  }
  if (!user.there) return refused(deleted)
  switch (act.act) {
    case 'set password':
      return done({ password: act.password, live: [] })
    case 'end all':
      return done({ live: [] })
    case 'ban':
      return done({ banned: true, live: [] })
    case 'unban':
      return done({ banned: false })
    case 'delete':
      return done({ there: false, live: [] })
  }
}
