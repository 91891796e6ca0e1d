import { Type } from '@sinclair/typebox'
import { Entry } from './audit.ts'
import { Cursor, DeviceSn, Flag, Milliseconds, oneOf, optional, Platform, pageSize, Text, UserId } from './fields.ts'
import { operations } from './operation.ts'
import { Preferences } from './settings.ts'

export const searchFields = ['user_id', 'username', 'mobile', 'email', 'nick_name'] as const

const Moment = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, format: 'int64' })

/** Which users are meant; what is absent does not narrow. */
export const UserFilter = optional({
  q: Type.String({ minLength: 1, maxLength: 256, description: 'What the field begins with; case does not count' }),
  field: oneOf([...searchFields, 'any'], 'Where q is looked for; any (default) looks everywhere'),
  status: Type.Integer({ minimum: 0, maximum: 1, format: 'int32', description: '0 normal, 1 banned' }),
  online: Type.Boolean({ description: 'Connected at this moment, or not' }),
  platform: Type.Integer({ ...Platform, description: 'Has a device of this platform' }),
  registered_from: Type.Integer({ ...Moment, description: 'Not before, in ms' }),
  registered_until: Type.Integer({ ...Moment, description: 'Not after, in ms' }),
})

const PlatformNumber = Type.Integer({
  format: 'int32',
  description: '0 unknown, 1 ios, 2 android, 3 windows, 4 mac, 5 linux, 6 web',
})
const Status = Type.Integer({ format: 'int32', description: '0 normal, 1 banned' })
const LastSeen = Type.Integer({ format: 'int64', description: 'In ms; now, while online; 0: never' })

export const FoundUser = Type.Object({
  user_id: UserId,
  username: Text,
  nick_name: Text,
  mobile: Text,
  email: Text,
  avatar: Text,
  status: Status,
  registered_at: Milliseconds,
  online: Flag,
  last_seen: LastSeen,
  platforms: Type.Array(PlatformNumber, { description: 'Of the devices, each once' }),
})

const Binding = Type.Object({
  notifier_name: Text,
  provider: Type.String({ description: 'capture, apns, fcm …' }),
  bound_at: Milliseconds,
  dead_at: Type.Integer({ format: 'int64', description: 'In ms; 0: alive' }),
  dead_reason: Type.String({ description: 'The vendor’s own word; empty while alive' }),
})

const SeenDevice = Type.Object({
  device_sn: DeviceSn,
  device_guid: Text,
  platform: PlatformNumber,
  user_agent: Text,
  created_at: Milliseconds,
  seen_at: Milliseconds,
  signed_in: Flag,
  connected: Flag,
  connected_at: Type.Integer({ format: 'int64', description: 'In ms; 0: not connected' }),
  bindings: Type.Array(Binding),
})

const { auth_answer: _, push_token: __, ...shownPreferences } = Preferences

export const Picture = Type.Object({
  profile: Type.Object({
    user_id: UserId,
    username: Text,
    nick_name: Text,
    mobile: Text,
    email: Text,
    avatar: Text,
    description: Text,
    public_info: Text,
  }),
  account: Type.Object({
    status: Status,
    registered_at: Milliseconds,
    must_change_password: Flag,
    online: Flag,
    last_seen: LastSeen,
  }),
  ban: Type.Object({
    banned: Flag,
    at: Type.Integer({ format: 'int64', description: 'When, in ms; 0: not banned, or too long ago to be known' }),
    by: Type.String({ description: 'Name of the admin or operator; empty where it is not known' }),
  }),
  settings: Type.Object({ ...shownPreferences, badge: Type.Integer({ format: 'int32' }) }),
  alias: Text,
  tags: Type.Array(Text),
  devices: Type.Array(SeenDevice, { description: 'Newest seen first' }),
  sessions: Type.Array(Type.Object({ device_sn: DeviceSn, created_at: Milliseconds, expires_at: Milliseconds }), {
    description: 'Those that are good',
  }),
  events: Type.Array(
    Type.Object({
      at: Milliseconds,
      kind: Type.String({
        description: 'kicked, removed, evicted, replaced, password_changed or disabled',
      }),
      device_sn: Type.Integer({ format: 'int32', description: '0: all devices' }),
    }),
    { description: 'What ended sessions, the newest 20 first' },
  ),
  audit: Type.Array(Entry, { description: 'What admins and operators did to the user, the newest 20 first' }),
})

export const users = operations({
  searchUsers: {
    summary: 'Find users',
    about:
      'By the beginning of a field, in the order of that field; without `q` the newest first. Every filter narrows. A page may be short, even empty, while there is a `cursor`: a call looks at a bounded number of users, and the cursor goes on from there. The last page has none.',
    methods: ['GET'],
    path: '/admin/users',
    who: 'admin',
    query: Type.Composite([UserFilter, optional({ page_size: pageSize(200), cursor: Cursor })]),
    result: Type.Array(FoundUser),
    beside: Type.Object({ cursor: Type.Optional(Text) }),
  },
  countUsers: {
    summary: 'How many users a search finds',
    about:
      'Counts up to 10,000 and looks at up to 20,000 users: where `exact` is false, there are at least so many. Without any filter it is the app’s own counter.',
    methods: ['GET'],
    path: '/admin/users/count',
    who: 'admin',
    query: UserFilter,
    result: Type.Object({ users: Type.Integer({ format: 'int64' }), exact: Flag }),
  },
  showUser: {
    summary: 'Everything that support staff ask of a user',
    about:
      'Profile, settings, devices with their connections and bindings, sessions, tags, what ended sessions, and the audit trail. No password hash, no answer to a question, no token and no private information is in it.',
    methods: ['GET'],
    path: '/admin/user',
    who: 'admin_for_user',
    result: Picture,
  },
})
