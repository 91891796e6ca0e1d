import { Type } from '@sinclair/typebox'
import {
  Answer,
  AuthMode,
  Done,
  Flag,
  Hour,
  optional,
  PushNickname,
  PushToken,
  Question,
  TimeZone,
  UserId,
} from './fields.ts'
import { operations } from './operation.ts'

/** What a user sets for itself; the two remaining fields of the settings are its id, twice. */
export const Preferences = {
  auth_answer: Answer,
  auth_mode: AuthMode,
  auth_question: Question,
  auto_download: Flag,
  group_confirm: Flag,
  no_push: Flag,
  no_push_detail: Flag,
  no_push_end_hour: Hour,
  no_push_start_hour: Hour,
  no_sounds: Flag,
  push_nick_name: PushNickname,
  push_token: PushToken,
  silence_end_time: Hour,
  silence_start_time: Hour,
  time_zone: TimeZone,
  vibratory: Flag,
}

export const Settings = Type.Object({ id: UserId, user_id: UserId, ...Preferences })

const flag = { methods: ['PUT', 'POST'], who: 'self', result: Done } as const

export const settings = operations({
  getSettings: {
    section: '1.35',
    summary: 'Get user settings',
    about:
      '`push_token` is the calling device’s; for an admin, that of the device last seen. `time_zone` (ours) is empty where the app’s counts.',
    methods: ['GET'],
    path: '/user/settings',
    who: 'self',
    result: Settings,
  },
  setSettings: {
    section: '1.36',
    summary: 'Modify user settings',
    about:
      'Partial: what is absent stays. `user_id` must be the user itself; with an admin’s token and no user_id header it names the user. `id` is ignored. A new `push_token` is given to the calling device; an empty one changes nothing. `time_zone` (ours) is an IANA name; empty takes the app’s again.',
    methods: ['PUT', 'POST'],
    path: '/user/settings',
    who: 'self',
    bodyNamesUser: true,
    body: Type.Composite([Type.Object({ user_id: UserId }), optional(Preferences)]),
    result: Done,
  },
  setAuthMode: {
    section: '1.1',
    summary: 'Set how to validate when adding friend',
    methods: ['PUT', 'POST'],
    path: '/user/authmode',
    who: 'self',
    query: Type.Object({ value: AuthMode }),
    result: Done,
  },
  setAutoDownload: {
    section: '1.10',
    summary: 'Set whether to download thumbnails and files automatically',
    path: '/user/download',
    query: Type.Object({ value: Flag }),
    ...flag,
  },
  setNoSounds: {
    section: '1.37',
    summary: 'Set whether to mute sound alert for new message',
    path: '/user/sounds',
    query: Type.Object({ value: Flag }),
    ...flag,
  },
  setVibratory: {
    section: '1.41',
    summary: 'Set whether to vibrate alert for new message',
    path: '/user/vibratory',
    query: Type.Object({ value: Flag }),
    ...flag,
  },
  setNoPush: {
    section: '1.22',
    summary: 'Set whether to turn off push',
    about: 'true turns push off.',
    path: '/user/push',
    query: Type.Object({ value: Flag }),
    ...flag,
  },
  setNoPushDetail: {
    section: '1.25',
    summary: 'Set whether to turn off push details',
    about:
      'true hides details. (The settings’ own description says the opposite; name, endpoint and default agree on this.)',
    path: '/user/push/detail',
    query: Type.Object({ value: Flag }),
    ...flag,
  },
  setQuietHours: {
    section: '1.26',
    summary: 'Set push no-disturb time',
    about:
      'From the start hour up to, not including, the end hour, across midnight where start is later; equal means none.',
    methods: ['PUT', 'POST'],
    path: '/user/push/limit',
    who: 'self',
    query: Type.Object({ no_push_end_hour: Hour, no_push_start_hour: Hour }),
    result: Done,
  },
  setPushNickname: {
    section: '1.27',
    summary: 'Set push nickname',
    about: 'The name that others see in this user’s pushes.',
    methods: ['PUT', 'POST'],
    path: '/user/push/nickname',
    who: 'self',
    grows: true,
    query: Type.Object({ value: PushNickname }),
    result: Done,
  },
})
