import { ban, unban } from '../accounts/ending.ts'
import { mustExist } from '../accounts/existence.ts'
import { removeTags } from '../push/push.sql.ts'
import { giveTags } from '../push/tags.ts'
import type { Services } from '../services.ts'
import { inOneAct } from '../tokens/revocation.ts'

type Needs = Pick<Services, 'sql' | 'sessions' | 'bus' | 'now' | 'scrub'>

/** What a job does to one user, in one transaction, by the functions that a single call uses. */
export type Act = (services: Needs, app: string, user: number, tags: string[]) => Promise<unknown>

export const acts: Record<string, { domain: string; act: Act }> = {
  ban: { domain: 'accounts', act: (services, app, user) => ban(services, app, [user]) },
  unban: { domain: 'accounts', act: (services, app, user) => unban(services, app, [user]) },
  kick: {
    domain: 'devices',
    act: (services, app, user) =>
      inOneAct(services, async (sql, end) => {
        await mustExist(sql, app, user)
        await end({ app, user, device: 'all', kind: 'kicked' })
      }),
  },
  tag: {
    domain: 'push',
    act: ({ sql }, app, user, tags) => sql.begin(sql => giveTags(sql, app, user, tags)),
  },
  untag: {
    domain: 'push',
    act: ({ sql }, app, user, tags) =>
      sql.begin(async sql => {
        await mustExist(sql, app, user)
        await removeTags(sql, app, user, tags)
      }),
  },
  /** It is enough that the user is there: what is handed out is read when a page is asked for. */
  export: { domain: '', act: ({ sql }, app, user) => sql.begin(sql => mustExist(sql, app, user)) },
}
