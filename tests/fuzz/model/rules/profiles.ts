import { absence } from '../caller.ts'
import { avatar, bytes, characters, items, type Parameters, userId } from '../right.ts'
import { done, type Told } from '../told.ts'
import { batch } from './batch.ts'
import type { Rule, Rules } from './rule.ts'

const changes = {
  description: characters(1024),
  nick_name: characters(128),
  private_info: bytes(16_384),
  public_info: bytes(16_384),
}

/** What is absent stays. */
const change = (profile: Record<string, string>, input: Record<string, unknown>, fields: Parameters) => {
  for (const name of Object.keys(fields)) if (input[name] !== undefined) profile[name] = String(input[name])
}

const setsOne = (fields: Parameters): Rule => ({
  who: 'self',
  must: fields,
  does({ self, input }) {
    change(self.profile, input, fields)
    return done()
  },
})

const setsText = (name: string): Rule => ({
  who: 'self',
  must: { text: bytes(16_384) },
  does({ self, input }) {
    self.profile[name] = String(input.text)
    return done()
  },
})

const inBatch = (told: Told, must: Parameters, may: Parameters) =>
  batch(told, { must: { user_id: userId, ...must }, may }, item => {
    const id = Number(item.user_id)
    const user = told.app.users.get(id)
    if (!user) return absence(told.app, id) === 10021 ? 'user_deleted' : 'user_not_found'
    change(user.profile, item, { ...must, ...may })
    return id
  })

export const profiles: Rules = {
  getProfile: {
    who: 'self',
    does: ({ self }) => done({ ...self.profile, user_id: self.id, username: self.username }),
  },
  setProfile: {
    who: 'self',
    may: changes,
    does({ self, input }) {
      change(self.profile, input, changes)
      return done()
    },
  },
  setNickname: setsOne({ nick_name: changes.nick_name }),
  setAvatar: setsOne({ avatar }),
  setPrivateInfo: setsText('private_info'),
  setPublicInfo: setsText('public_info'),
  setProfileBatch: { who: 'admin', must: { list: items(500) }, does: told => inBatch(told, {}, changes) },
  setAvatarBatch: { who: 'admin', must: { list: items(500) }, does: told => inBatch(told, { avatar }, {}) },
}
