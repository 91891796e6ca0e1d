import type { Static } from '@sinclair/typebox'
import { complaints } from '../../contract/complaints.ts'
import { fail } from '../../contract/errors.ts'
import type { Settings as SettingsSchema, settings } from '../../contract/settings.ts'
import { lockUser } from '../accounts/accounts.sql.ts'
import { absent } from '../accounts/existence.ts'
import type { Call, Handlers } from '../call.ts'
import { findPushToken, findUserByPushToken, replacePushToken } from '../devices/devices.sql.ts'
import { tellUpdated } from '../presence/notices.ts'
import type { Sql } from '../storage/sql.ts'
import { isTimeZone } from '../time-zones.ts'
import { announce } from '../webhooks/announcing.ts'
import { findSettings, type SettingsChange, type SettingsRow, updateSettings } from './settings.sql.ts'

type Settings = Static<typeof SettingsSchema>

export const handlers: Handlers<typeof settings> = {
  async getSettings({ sql, app, user, session }) {
    const [row, pushToken] = await Promise.all([
      findSettings(sql, app.app_id, user),
      findPushToken(sql, app.app_id, user, session?.device ?? 0),
    ])
    return row ? shownSettings(row, pushToken) : absent(sql, app.app_id, user)
  },

  async setSettings(call) {
    const { user_id: _, push_token, ...change } = call.input
    mustBeZone(change.time_zone)
    await call.sql.begin(async sql => {
      await lockUser(sql, call.app.app_id, call.user)
      if (push_token) await claimPushToken(sql, call, push_token)
      await stored(sql, call, change)
      const fields = Object.keys(call.input).filter(name => name !== 'user_id')
      await announced(sql, call, fields)
    })
    tellUpdated(
      call.services,
      call.app.app_id,
      call.user,
      Object.keys(call.input).filter(name => name !== 'user_id'),
    )
    return true
  },

  setAuthMode: call => store(call, { auth_mode: call.input.value }),
  setAutoDownload: call => store(call, { auto_download: call.input.value }),
  setNoSounds: call => store(call, { no_sounds: call.input.value }),
  setVibratory: call => store(call, { vibratory: call.input.value }),
  setNoPush: call => store(call, { no_push: call.input.value }),
  setNoPushDetail: call => store(call, { no_push_detail: call.input.value }),
  setQuietHours: call => store(call, call.input),
  setPushNickname: call => store(call, { push_nick_name: call.input.value }),
}

/** What a user's settings are when the user has just been made. */
export const newSettings = (user: number, pushToken: string): Settings => ({
  id: user,
  user_id: user,
  auth_answer: '',
  auth_mode: 0,
  auth_question: '',
  auto_download: false,
  group_confirm: false,
  no_push: false,
  no_push_detail: false,
  no_push_end_hour: 0,
  no_push_start_hour: 0,
  no_sounds: false,
  push_nick_name: '',
  push_token: pushToken,
  silence_end_time: 0,
  silence_start_time: 0,
  time_zone: '',
  vibratory: false,
})

export const shownSettings = (row: SettingsRow, pushToken: string): Settings => ({
  ...row,
  id: row.user_id,
  push_token: pushToken,
  auto_download: row.auto_download === 1,
  group_confirm: row.group_confirm === 1,
  no_push: row.no_push === 1,
  no_push_detail: row.no_push_detail === 1,
  no_sounds: row.no_sounds === 1,
  vibratory: row.vibratory === 1,
})

function mustBeZone(zone = '') {
  if (zone !== '' && !isTimeZone(zone)) fail('invalid_parameter', complaints.zone('time_zone'))
}

type Change = { [Name in keyof SettingsChange]: SettingsChange[Name] | boolean }

async function store(call: Call, change: Change): Promise<boolean> {
  if (call.services.webhooks.hears(call.app.app_id))
    await call.sql.begin(async sql => {
      await stored(sql, call, change)
      await announced(sql, call, Object.keys(change))
    })
  else await stored(call.sql, call, change)
  tellUpdated(call.services, call.app.app_id, call.user, Object.keys(change))
  return true
}

const announced = (sql: Sql, { app, user, services }: Call, fields: string[]) =>
  announce(sql, app.app_id, 'settings.updated', { user_id: user, fields }, services.now())

async function stored(sql: Sql, { app, user }: Call, change: Change): Promise<boolean> {
  const columns = Object.fromEntries(
    Object.entries(change).map(([name, value]) => [name, typeof value === 'boolean' ? Number(value) : value]),
  )
  if (!(await updateSettings(sql, app.app_id, user, columns as SettingsChange))) return absent(sql, app.app_id, user)
  return true
}

/** Gives the calling device (for an admin: the one last seen) the client's own push token, unique in the app. */
async function claimPushToken(sql: Sql, { app, user, session }: Call, pushToken: string) {
  const device = session?.device ?? 0
  const mine = await findPushToken(sql, app.app_id, user, device)
  if (mine === pushToken) return
  if (mine === '') fail('device_not_found')
  const owner = await findUserByPushToken(sql, app.app_id, pushToken)
  if (owner !== undefined) fail('push_token_foreign')
  await replacePushToken(sql, app.app_id, user, mine, pushToken)
}
