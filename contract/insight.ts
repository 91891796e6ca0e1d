import { Type } from '@sinclair/typebox'
import { TaskId } from './delivery.ts'
import { Cursor, DeviceSn, Flag, free, Milliseconds, optional, PushToken, pageSize, Text, UserId } from './fields.ts'
import { Audience, Message, PushSetting } from './messages.ts'
import { batchBody, operations } from './operation.ts'

/** What a reason does to a push. */
export const effects = ['stops', 'delays', 'changes', 'informs'] as const

const Reason = Type.Object({
  code: Type.String({ description: 'Machine-readable; docs/push.md lists them' }),
  effect: Type.String({ description: `One of ${effects.join(', ')}` }),
  en: Text,
  zh: Text,
  detail: Type.String({ description: 'The vendor’s own word, a local time, a notifier …; often empty' }),
  at: Type.Integer({ format: 'int64', description: 'When it happened (ms); 0 where it is so now' }),
  until: Type.Integer({
    format: 'int64',
    description: 'When it ends, or is tried again (ms); 0 where that is not known',
  }),
})

/** What became, or would become, of a push to a device. */
export const deviceStates = [
  ...(['received', 'sent', 'not_sent', 'waiting'] as const),
  ...(['not_meant', 'would_be_sent', 'would_not_be_sent'] as const),
] as const

const DeviceReport = Type.Object({
  device_sn: DeviceSn,
  platform: Type.Integer({ format: 'int32', description: '0 where it is not known, or the device is gone' }),
  state: Type.String({ description: `One of ${deviceStates.join(', ')}` }),
  channel: Type.String({ description: 'By whom it went, or would go; empty where it came to none' }),
  notifier_name: Text,
  reasons: Type.Array(Reason, { description: 'The one that decides first' }),
})

const count = (description: string) => Type.Integer({ format: 'int64', description })
const Counted = Type.Array(Type.Object({ code: Text, devices: count('Devices') }), { description: 'Most first' })

const TaskState = Type.String({ description: 'waiting, expanding, sending, paused, cancelled or done' })
const AudienceKind = Type.String({ description: 'all, tag, alias, user_id or push_token' })

export const insight = operations({
  explainPush: {
    summary: 'Why a user’s devices got a push, or did not, or would not',
    about:
      'Of a task, where `task_id` is given: what became of it on each of the user’s devices, and why. Else of a push that is sent now, as `message` and `setting` say.',
    methods: ['POST'],
    path: '/push/explain',
    who: 'admin',
    body: Type.Composite([
      Type.Object({ user_id: UserId }),
      optional({ task_id: TaskId, message: Message, setting: PushSetting }),
    ]),
    result: Type.Object({
      user_id: UserId,
      task_id: Type.Integer({ format: 'int64', description: '0 where no task was asked for' }),
      reasons: Type.Array(Reason, { description: 'What holds for the user as a whole at this moment' }),
      devices: Type.Array(DeviceReport),
    }),
  },
  testPush: {
    summary: 'Push to one device, and say what came of it',
    about:
      'To the device of `user_id` and `device_sn`, or of `push_token`; on the way of every push, with all that bears on the user. Answers when the outcome is known, or after 10 s. The badge stays as it is unless `message` changes it.',
    methods: ['POST'],
    path: '/push/test',
    who: 'admin',
    grows: true,
    body: optional({
      user_id: UserId,
      device_sn: DeviceSn,
      push_token: PushToken,
      message: Message,
      setting: PushSetting,
    }),
    result: Type.Object({
      task_id: TaskId,
      user_id: UserId,
      milliseconds: count('From the call to the outcome'),
      device: DeviceReport,
    }),
  },
  previewAudience: {
    summary: 'How many devices a push would reach, and how',
    about: 'Counted where the audience is small; else estimated from users spread evenly over it. Sends nothing.',
    methods: ['POST'],
    path: '/push/preview',
    who: 'admin',
    bodyLimit: batchBody,
    body: Type.Composite([Type.Object({ audience: Audience }), optional({ setting: PushSetting })]),
    result: Type.Object({
      users: count('Users of the audience'),
      devices: count('Their devices'),
      reached: count('Devices that would be sent it now'),
      channels: Counted,
      suppressed: Counted,
      estimated: Flag,
      looked_at: count('Users that were looked at'),
    }),
  },
  listTasks: {
    summary: 'List push tasks',
    about: 'Newest first, without those of `/push/message` and `/push/test`. Kept for 7 days.',
    methods: ['GET'],
    path: '/push/task/list',
    who: 'admin',
    query: optional({ page_size: pageSize(100), cursor: Cursor }),
    result: Type.Array(
      Type.Object({
        task_id: TaskId,
        state: TaskState,
        audience_kind: AudienceKind,
        audience_size: count('Entries of the list; 0 for all'),
        type: Type.String({ description: 'text, image or cmd' }),
        title: Text,
        body: Text,
        devices: count('Devices found so far'),
        settled: count('Devices of which the outcome is known'),
        outcomes: free({ description: 'Devices by outcome' }),
        created_at: Milliseconds,
        not_before: Milliseconds,
        expires_at: Milliseconds,
      }),
    ),
    beside: optional({ cursor: Cursor }),
  },
  taskContent: {
    summary: 'What a push task was asked to do',
    methods: ['POST'],
    path: '/push/task/content',
    who: 'admin',
    body: Type.Object({ task_id: TaskId }),
    result: Type.Object({
      task_id: TaskId,
      audience_kind: AudienceKind,
      audience: Type.Array(Type.String(), { description: 'Entries of the list, as text; none for all' }),
      message: free({ description: 'As it was asked for' }),
      setting: free({ description: 'As it was asked for' }),
    }),
  },
})
