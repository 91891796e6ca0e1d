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
  introspect: {
    summary: 'Is this token good, and whose is it?',
    about:
      'For a chat server that is handed a user’s token; the form is that of RFC 7662, inside our envelope. The body may be form-encoded. A token that is not good, or not of this app, is `{"active": false}` and nothing else. Ask again for each use, or listen on `/realtime` for what ends sessions.',
    methods: ['POST'],
    path: '/admin/token/introspect',
    who: 'admin',
    form: true,
    body: Type.Object({ token: Type.String({ minLength: 1, maxLength: 512, description: 'The token in question' }) }),
    result: Type.Object({
      active: Type.Boolean(),
      sub: Type.Optional(Type.String({ description: 'The user’s id as text; of another’s its kind' })),
      client_id: Type.Optional(Type.String({ description: 'The app' })),
      token_type: Type.Optional(Type.String({ description: 'user, admin or operator' })),
      exp: Type.Optional(Type.Integer({ format: 'int64', description: 'When it ends, in seconds since 1970 UTC' })),
      iat: Type.Optional(Type.Integer({ format: 'int64', description: 'When it was made, likewise' })),
      user_id: Type.Optional(UserId),
      device_sn: Type.Optional(DeviceSn),
    }),
  },
})
