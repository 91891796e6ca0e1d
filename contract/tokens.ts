import { Type } from '@sinclair/typebox'
import { DeviceGuid, DeviceSn, LoginName, Milliseconds, optional, Platform, Text, UserId } from './fields.ts'
import { operations } from './operation.ts'

/** A password at sign-in: only its size is checked, so that the answer tells nothing about it. */
const Secret = Type.String({ minLength: 1, maxLength: 256, description: 'Password' })
const from = optional({ device_guid: DeviceGuid, platform: Platform })

export const Session = Type.Object({
  user_id: UserId,
  token: Type.String({ description: 'What header access-token carries' }),
  expire: Type.Integer({ ...Milliseconds, description: 'When the token ends, in milliseconds since 1970 UTC' }),
  push_token: Text,
  encrypt_type: Type.Integer({ format: 'int32', description: 'Always 0' }),
  device_sn: DeviceSn,
  must_change_password: Type.Optional(
    Type.Boolean({ description: 'Present, and true, when an admin set the password and asked for a change' }),
  ),
})

const entrance = {
  about:
    'Without device_guid a nameless device is made; with one, that device is made or used again and its earlier token ends. platform is guessed from user-agent where it is absent.',
  methods: ['POST'],
  who: 'guest',
  result: Session,
} as const

/** Sign-in: beyond the 41 operations, needed by all of them. */
export const tokens = operations({
  signInByName: {
    summary: 'Sign in by username',
    path: '/token/user',
    body: Type.Composite([Type.Object({ name: LoginName, password: Secret }), from]),
    ...entrance,
  },
  signInById: {
    summary: 'Sign in by user id',
    path: '/token/id',
    body: Type.Composite([Type.Object({ user_id: UserId, password: Secret }), from]),
    ...entrance,
  },
  signInByLogin: {
    summary: 'Sign in by username, mobile or email',
    path: '/token/login',
    body: Type.Composite([Type.Object({ login_name: LoginName, password: Secret }), from]),
    ...entrance,
  },
})
