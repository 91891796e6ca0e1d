import { bytes, characters, list, whole } from '../right.ts'
import { done, refused } from '../told.ts'
import { ownerOfPushToken, usersOf } from '../world.ts'
import type { Rules } from './rule.ts'

const tags = list(characters(64, 1), 100)
const mostTags = 100

export const push: Rules = {
  setAlias: {
    who: 'self',
    must: { alias: characters(64) },
    may: { push_token: bytes(512) },
    does({ app, caller, self, input }) {
      const { alias, push_token = '' } = input as Record<string, string>
      if (push_token !== '' && ownerOfPushToken(app, push_token) !== self) return refused(13005)
      const holder = usersOf(app).find(user => user.alias === alias && alias !== '' && user !== self)
      if (holder && caller.kind !== 'admin') return refused(13004)
      if (holder) holder.alias = ''
      self.alias = alias ?? ''
      return done()
    },
  },
  setBadge: {
    who: 'self',
    must: { badge: whole(0, 99_999) },
    does({ self, input }) {
      self.badge = Number(input.badge)
      return done()
    },
  },
  listTags: {
    who: 'self',
    does: ({ self }) => done([...self.tags].sort()),
  },
  addTags: {
    who: 'self',
    must: { tags },
    does({ self, input }) {
      const all = [...new Set([...self.tags, ...(input.tags as string[])])]
      if (all.length > mostTags) return refused(10002)
      self.tags = all
      return done()
    },
  },
  removeTags: {
    who: 'self',
    must: { tags },
    does({ self, input }) {
      self.tags = self.tags.filter(tag => !(input.tags as string[]).includes(tag))
      return done()
    },
  },
  clearTags: {
    who: 'self',
    does({ self }) {
      self.tags = []
      return done()
    },
  },
}
