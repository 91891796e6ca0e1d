import { type TSchema, Type } from '@sinclair/typebox'
import { Entry } from './audit.ts'
import { DeviceSn, Flag, Milliseconds, Text, UserId } from './fields.ts'
import { operations } from './operation.ts'
import { Preferences } from './settings.ts'

const count = (description: string) => Type.Integer({ format: 'int64', description })
const list = <Fields extends Record<string, TSchema>>(fields: Fields) => Type.Array(Type.Object(fields))
const { push_token: _, ...kept } = Preferences

/** docs/data-rights.md says of each member which table it comes from. */
export const UserExport = Type.Object({
  format: Type.Integer({ format: 'int32', description: 'Version of this form: 1' }),
  exported_at: Milliseconds,
  app_id: Text,
  cut: Type.Array(Text, { description: 'Lists that had more than 10,000 entries, of which the newest are here' }),
  user: Type.Object({
    user_id: UserId,
    username: Text,
    nick_name: Text,
    mobile: Text,
    email: Text,
    avatar: Text,
    description: Text,
    private_info: Text,
    public_info: Text,
    status: Type.Integer({ format: 'int32', description: '0 normal, 1 banned' }),
    must_change_password: Flag,
    registered_at: Milliseconds,
    devices_version: Milliseconds,
    last_device_sn: count('The number that was given to a device last'),
  }),
  settings: Type.Object({ ...kept, badge: count('Badge number') }),
  alias: Text,
  tags: Type.Array(Text),
  devices: list({
    device_sn: DeviceSn,
    device_guid: Text,
    platform: count('0 unknown, 1 ios, 2 android, 3 windows, 4 mac, 5 linux, 6 web'),
    user_agent: Text,
    push_token: Text,
    created_at: Milliseconds,
    seen_at: Milliseconds,
  }),
  bindings: list({
    device_sn: DeviceSn,
    notifier_name: Text,
    device_token: Text,
    bound_at: Milliseconds,
    dead_at: Milliseconds,
    dead_reason: Text,
  }),
  sessions: list({
    device_sn: DeviceSn,
    created_at: Milliseconds,
    expires_at: Milliseconds,
    ended_at: Type.Integer({ format: 'int64', description: 'In ms; 0: good until it expires' }),
  }),
  connections: list({ device_sn: DeviceSn, connected_at: Milliseconds }),
  events: list({ at: Milliseconds, kind: Text, device_sn: count('0: all devices') }),
  pushes_captured: list({
    at: Milliseconds,
    notifier_name: Text,
    device_sn: DeviceSn,
    task_id: count('Task'),
    payload: Type.String({ description: 'JSON' }),
  }),
  pushes_confirmed: list({ at: Milliseconds, device_sn: DeviceSn, task_id: count('Task') }),
  jobs: list({ at: Milliseconds, job_id: count('Job'), success: Flag, reason: Text }),
  audit: Type.Array(Entry),
})

export const PurgeReport = Type.Object({
  user_id: UserId,
  deleted_at: Milliseconds,
  removed: Type.Array(Type.Object({ table: Text, rows: count('Rows that are gone, or that no longer name the user') })),
  remains: Type.Array(
    Type.Object({ table: Text, rows: count('Rows'), why: Type.String({ description: 'What they hold, and why' }) }),
  ),
})

export const rights = operations({
  exportUser: {
    summary: 'Everything that is kept about a user',
    about:
      'For the user itself, or for an admin who acts for it; for an admin it is noted in the audit trail. docs/data-rights.md says of each member what it is, and what is left out and why: hashes of the password and of tokens.',
    methods: ['GET'],
    path: '/admin/user/export',
    who: 'self',
    noted: true,
    result: UserExport,
  },
  purgeUser: {
    summary: 'Delete a user, and say what was removed',
    about: 'As `/user/delete` by an admin, with a report: how many rows of each table went, and what stays and why.',
    methods: ['POST'],
    path: '/admin/user/purge',
    who: 'admin_for_user',
    result: PurgeReport,
  },
})
