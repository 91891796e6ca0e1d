import type { profiles } from '../../contract/profiles.ts'
import { answerTogether } from '../accounts/batches.ts'
import { absent } from '../accounts/existence.ts'
import { theUser } from '../audit/subjects.ts'
import type { Call, Handlers } from '../call.ts'
import { tellUpdated } from '../presence/notices.ts'
import { findProfile, type ProfileChange, updateProfile } from './profiles.sql.ts'

export const handlers: Handlers<typeof profiles> = {
  async getProfile({ sql, app, user }) {
    return (await findProfile(sql, app.app_id, user)) ?? absent(sql, app.app_id, user)
  },

  setProfile: call => change(call, call.user, call.input),
  setNickname: call => change(call, call.user, call.input),
  setAvatar: call => change(call, call.user, call.input),
  setPrivateInfo: call => change(call, call.user, { private_info: call.input.text }),
  setPublicInfo: call => change(call, call.user, { public_info: call.input.text }),

  setProfileBatch: call => answerTogether(call, call.input.list, item => changeItem(call, item)),
  setAvatarBatch: call => answerTogether(call, call.input.list, item => changeItem(call, item)),
}

async function change({ sql, services, app }: Call, user: number, change: ProfileChange): Promise<boolean> {
  if (!(await updateProfile(sql, app.app_id, user, change))) return absent(sql, app.app_id, user)
  tellUpdated(services, app.app_id, user, Object.keys(change))
  return true
}

async function changeItem(call: Call, { user_id, ...changes }: { user_id: number } & ProfileChange) {
  await change({ ...call, ...call.about(theUser(call.app.app_id, user_id, 'profiles')) }, user_id, changes)
  return user_id
}
