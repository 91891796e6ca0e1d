import type { profiles } from '../../contract/profiles.ts'
import { answerTogether } from '../accounts/batches.ts'
import { absent } from '../accounts/existence.ts'
import { theUser } from '../audit/subjects.ts'
import type { Call, Handlers } from '../call.ts'
import { tellUpdated } from '../presence/notices.ts'
import type { Services } from '../services.ts'
import type { Sql } from '../storage/sql.ts'
import { announce } from '../webhooks/announcing.ts'
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
  const fields = Object.keys(change)
  const isThere = services.webhooks.hears(app.app_id)
    ? await sql.begin(sql => updateAndAnnounce(sql, services, app.app_id, user, change))
    : await updateProfile(sql, app.app_id, user, change)
  if (!isThere) return absent(sql, app.app_id, user)
  tellUpdated(services, app.app_id, user, fields)
  return true
}

async function updateAndAnnounce(
  sql: Sql,
  { now }: Pick<Services, 'now'>,
  app: string,
  user: number,
  change: ProfileChange,
) {
  if (!(await updateProfile(sql, app, user, change))) return false
  await announce(sql, app, 'profile.updated', { user_id: user, fields: Object.keys(change) }, now())
  return true
}

async function changeItem(call: Call, { user_id, ...changes }: { user_id: number } & ProfileChange) {
  await change({ ...call, ...call.about(theUser(call.app.app_id, user_id, 'profiles')) }, user_id, changes)
  return user_id
}
