import type { contract } from '../../contract/index.ts'

/** The kinds of caller: what kind of token they bring, and which header beside it. */
export const callers = [
  'no token',
  'garbage token',
  'token of another app',
  'expired token',
  'revoked token',
  "banned user's token",
  "deleted user's token",
  'user',
  'user + own user_id',
  'user + other user_id',
  'user + group_id',
  'admin',
  'admin + user_id',
  'admin + unknown user_id',
  'admin + user_id of another app',
  'admin + deleted user_id',
  'admin + group_id',
] as const
export type CallerKind = (typeof callers)[number]

const noSession = [10003, 10008, 10008, 402, 402, 402, 402] as const
const forUser = [10002, 200, 10000, 10000, 10021, 10010] as const

/**
 * What a call answers to each kind of caller, other things being right (the password, for one), by the kind of its
 * operation. `settings` differs from `write` in that the body, too, may name the user.
 */
export const kinds = {
  read: [...noSession, 200, 200, 10010, 10010, ...forUser],
  write: [...noSession, 200, 200, 10010, 10010, ...forUser],
  delete: [...noSession, 200, 200, 10010, 10010, ...forUser],
  settings: [...noSession, 200, 200, 10010, 10010, 200, 200, 10000, 10000, 10021, 10010],
  change_password: [...noSession, 200, 200, 10010, 10010, 10010, 10010, 10010, 10010, 10010, 10010],
  admin_target: [...noSession, 10010, 10010, 10010, 10010, ...forUser],
  admin_list: [...noSession, 10010, 10010, 10010, 10010, 200, 10002, 10002, 10002, 10002, 10010],
  register: [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200],
} as const satisfies Record<string, readonly number[] & { length: 17 }>
export type Kind = keyof typeof kinds

/** Registration looks at no token but an admin's: where it is closed, everybody else hears so. */
export const closedRegistration = kinds.register.map((_, i) => (callers[i]?.startsWith('admin') ? 200 : 40001))

/** What a user itself hears where the password is not right. */
export const otherPasswords = {
  change_password: { wrong: 11001 },
  delete: { wrong: 11001, none: 10002 },
} as const satisfies Partial<Record<Kind, Record<string, number>>>

/** The operations of the API text. */
type InText<Group> = { [Name in keyof Group as Group[Name] extends { section: string } ? Name : never]: Kind }

/** Of which kind each operation of the API text is; one that is of none is a type error. */
export const kindOf: {
  [Domain in keyof typeof contract as keyof InText<(typeof contract)[Domain]> extends never ? never : Domain]: InText<
    (typeof contract)[Domain]
  >
} = {
  accounts: {
    register: 'register',
    registerBatch: 'admin_list',
    registerPush: 'register',
    changePassword: 'change_password',
    changePasswordAdmin: 'admin_target',
    deleteUser: 'delete',
    disable: 'admin_list',
    enable: 'admin_list',
    listUsers: 'admin_list',
    setMobile: 'write',
    setUsername: 'write',
  },
  profiles: {
    getProfile: 'read',
    setProfile: 'write',
    setProfileBatch: 'admin_list',
    setNickname: 'write',
    setAvatar: 'write',
    setAvatarBatch: 'admin_list',
    setPrivateInfo: 'write',
    setPublicInfo: 'write',
  },
  settings: {
    getSettings: 'read',
    setSettings: 'settings',
    setAuthMode: 'write',
    setAutoDownload: 'write',
    setNoSounds: 'write',
    setVibratory: 'write',
    setNoPush: 'write',
    setNoPushDetail: 'write',
    setQuietHours: 'write',
    setPushNickname: 'write',
  },
  devices: {
    listDevices: 'read',
    removeDevice: 'write',
    kick: 'write',
    bindDeviceToken: 'write',
    unbindDeviceToken: 'write',
  },
  presence: { getOnlineStatus: 'read' },
  push: {
    setAlias: 'write',
    setBadge: 'write',
    listTags: 'read',
    addTags: 'write',
    removeTags: 'write',
    clearTags: 'write',
  },
}
