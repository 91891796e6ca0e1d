import { Type } from '@sinclair/typebox'
import { Cursor, Milliseconds, oneOf, optional, pageSize, Text } from './fields.ts'
import { operations } from './operation.ts'

const count = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, format: 'int32', description })

/** Every point of an app's policy; the server's rules and the command line have the same. */
const policy = {
  name: Type.String({ minLength: 1, maxLength: 64, description: 'What people call the app; clients never see it' }),
  frozen: Type.Boolean({ description: 'Every call of the app answers 40003, but for those of operators' }),
  registration: oneOf(['open', 'closed'], 'Who registers users; closed: only admins do'),
  user_cap: count(0, 1_000_000_000, 'Users at the most; 0: no cap'),
  device_cap: count(1, 1000, 'Devices of one user; beyond them the one idle longest goes'),
  password_minimum: count(1, 256, 'Characters that a new password has at least'),
  token_days: count(1, 3650, "Days that a user's token lives"),
  origins: Type.Array(Type.String({ maxLength: 512 }), {
    maxItems: 100,
    description: 'Exact origins that browsers may call from, such as https://chat.example.com',
  }),
  time_zone: Type.String({ minLength: 1, maxLength: 64, description: 'IANA; for users without their own' }),
  push: Type.Boolean({ description: 'false: pushes are refused with 12006, and what waits goes on waiting' }),
  push_signature: Type.Boolean({ description: 'Registering a push user needs a signature by the app secret' }),
}

export const AppPolicy = Type.Object({
  app_id: Text,
  ...policy,
  users: Type.Integer({ minimum: 0, format: 'int64', description: 'Users that the app has' }),
  created_at: Milliseconds,
})

const AppSecret = Type.String({ description: 'Shown once, and never again' })

/** The apps of the installation, and their policy. */
export const apps = operations({
  listApps: {
    summary: 'List the apps',
    about: 'In the order of their making. The last page has no cursor.',
    methods: ['GET'],
    path: '/operator/app/list',
    who: 'operator',
    query: optional({ page_size: pageSize(500), cursor: Cursor }),
    result: Type.Array(AppPolicy),
    beside: Type.Object({ cursor: Type.Optional(Text) }),
  },
  createApp: {
    summary: 'Make an app',
    about: 'With an admin token and a notifier named capture. What is absent gets the usual value.',
    methods: ['POST'],
    path: '/operator/app',
    who: 'operator',
    confirmed: true,
    grows: true,
    body: optional(policy),
    result: Type.Composite([AppPolicy, Type.Object({ app_secret: AppSecret, admin_token: AppSecret })]),
  },
  showApp: {
    summary: 'The policy of the app',
    methods: ['GET'],
    path: '/admin/app',
    who: 'admin',
    result: AppPolicy,
  },
  setApp: {
    summary: 'Change the policy of the app',
    about: 'Partial: what is absent stays. All nodes follow at their next request.',
    methods: ['PUT'],
    path: '/admin/app',
    who: 'operator_for_app',
    confirmed: true,
    body: optional(policy),
    result: AppPolicy,
  },
  rotateAppSecret: {
    summary: 'Make a new app secret',
    about: 'It takes the place of the old one at once: signatures by that are refused from now on.',
    methods: ['POST'],
    path: '/admin/app/secret',
    who: 'operator_for_app',
    confirmed: true,
    result: Type.Object({ app_secret: AppSecret }),
  },
})
