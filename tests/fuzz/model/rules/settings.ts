import { bytes, characters, flag, hour, type Parameters, type Right, userId, whole, zone } from '../right.ts'
import { done, refused, type Told } from '../told.ts'
import { bySeen, deviceOf, ownerOfPushToken, type User } from '../world.ts'
import { settingsOf } from './accounts.ts'
import type { Rule, Rules } from './rule.ts'

const authMode = whole(0, 3)
const hours = {
  no_push_end_hour: hour,
  no_push_start_hour: hour,
}
const preferences: Parameters = {
  auth_answer: characters(256),
  auth_mode: authMode,
  auth_question: characters(256),
  auto_download: flag,
  group_confirm: flag,
  no_push: flag,
  no_push_detail: flag,
  ...hours,
  no_sounds: flag,
  push_nick_name: characters(128),
  silence_end_time: hour,
  silence_start_time: hour,
  time_zone: characters(64),
  vibratory: flag,
}

/** As it was meant, whichever way it was written. */
function meaning(right: Right | undefined, value: unknown) {
  if (right === flag) return String(value) === 'true'
  return right === hour || right === authMode ? Number(value) : String(value)
}

function store({ settings }: User, input: Record<string, unknown>) {
  for (const name of Object.keys(preferences))
    if (input[name] !== undefined) settings[name] = meaning(preferences[name], input[name])
}

const sets = (field: string): Rule => ({
  who: 'self',
  must: { value: preferences[field] as Right },
  does({ self, input }) {
    store(self, { [field]: input.value })
    return done()
  },
})

/** The calling device; for an admin, the one last seen. */
const deviceFor = ({ self, token }: Told) => (token ? deviceOf(self, token.sn) : bySeen(self)[0])

export const settings: Rules = {
  getSettings: {
    who: 'self',
    does: told => done(settingsOf(told.self, deviceFor(told)?.pushToken ?? '')),
  },
  setSettings: {
    who: 'self',
    must: { user_id: userId },
    may: { ...preferences, push_token: bytes(512) },
    does(told) {
      const { app, self, input } = told
      // Well written is not enough: there has to be such a zone.
      if (input.time_zone !== undefined && !zone(input.time_zone)) return refused(10002)
      const device = deviceFor(told)
      if (input.push_token && input.push_token !== device?.pushToken) {
        if (!device) return refused(13002)
        if (ownerOfPushToken(app, String(input.push_token))) return refused(13005)
        device.pushToken = String(input.push_token)
      }
      store(self, input)
      return done()
    },
  },
  setAuthMode: sets('auth_mode'),
  setAutoDownload: sets('auto_download'),
  setNoSounds: sets('no_sounds'),
  setVibratory: sets('vibratory'),
  setNoPush: sets('no_push'),
  setNoPushDetail: sets('no_push_detail'),
  setPushNickname: sets('push_nick_name'),
  setQuietHours: {
    who: 'self',
    must: hours,
    does({ self, input }) {
      store(self, input)
      return done()
    },
  },
}
