import { Type } from '@sinclair/typebox'
import { DeviceSn, Done, Flag, free, Milliseconds, NotifierName, optional, Text, UserId, UserIds } from './fields.ts'
import { Audience, Message, PushSetting } from './messages.ts'
import { batchBody, operations } from './operation.ts'

export const TaskId = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  format: 'int64',
  description: 'Task ID',
})

/** By whom a push goes out; `capture` keeps it. */
export const channels = [
  ...(['apns', 'fcm', 'flyme', 'huawei', 'mxpush', 'oppo', 'vivo', 'xiaomi'] as const),
  ...(['webpush', 'capture'] as const),
] as const
export type Channel = (typeof channels)[number]

const count = (description: string) => Type.Integer({ format: 'int64', description })

type Figure = `${Channel}_${'target' | 'sent' | 'received'}`

const figures = Object.fromEntries(
  channels.flatMap(channel => [
    [`${channel}_target`, count('Devices that it was to go to')],
    [`${channel}_sent`, count('Taken by the channel')],
    [`${channel}_received`, count('Confirmed by the device')],
  ]),
) as Record<Figure, ReturnType<typeof count>>

const TaskDetail = Type.Object({ task_id: TaskId, ...figures })

const Progress = Type.Object({
  task_id: TaskId,
  state: Type.String({ description: 'waiting, expanding, sending, paused, cancelled or done' }),
  devices: count('Devices found so far'),
  settled: count('Devices of which the outcome is known'),
  outcomes: free({ description: 'Devices by outcome: sent, acknowledged, no_push, quiet_hours, dead_token …' }),
  created_at: Milliseconds,
  not_before: Milliseconds,
  expires_at: Milliseconds,
})

const one = { methods: ['POST'], who: 'admin', body: Type.Object({ task_id: TaskId }) } as const

export const delivery = operations({
  notify: {
    summary: 'Push to an audience',
    about:
      'The task is stored, and delivered in the background; who is banned, wants no push or has quiet hours is looked up at the moment of sending. A repeated `request_id` answers the first task’s id and sends nothing.',
    methods: ['POST'],
    path: '/push/notify',
    who: 'admin',
    grows: true,
    bodyLimit: batchBody,
    body: Type.Composite([Type.Object({ audience: Audience, message: Message }), optional({ setting: PushSetting })]),
    result: Type.Object({ task_id: TaskId }),
  },
  pushMessage: {
    summary: 'Push a message of a chat',
    about:
      'From a user to at most 500 others, for a message server whose recipients are offline; goes before all other pushes. Without a title the sender’s push nickname is shown, or its nickname, or its username, as it is at the moment of sending.',
    methods: ['POST'],
    path: '/push/message',
    who: 'admin',
    grows: true,
    bodyLimit: batchBody,
    body: Type.Composite([
      Type.Object({ from: UserId, to: UserIds, message: Message }),
      optional({ setting: PushSetting }),
    ]),
    result: Type.Object({ task_id: TaskId }),
  },
  confirmPush: {
    summary: 'Confirm that a push has arrived',
    about: 'For what came by a vendor’s channel; what came over the connection is confirmed there. Once is enough.',
    methods: ['POST'],
    path: '/push/received',
    who: 'user',
    grows: true,
    body: Type.Object({ task_id: TaskId }),
    result: Done,
  },
  taskDetail: {
    summary: 'What became of push tasks',
    about: 'One entry for each id that is a task of the app, in the order asked for.',
    methods: ['POST'],
    path: '/push/task/detail',
    who: 'admin',
    body: Type.Object({ list: Type.Array(TaskId, { minItems: 1, maxItems: 100 }) }),
    result: Type.Array(TaskDetail),
  },
  taskProgress: {
    ...one,
    summary: 'How far a push task has come',
    path: '/push/task/progress',
    result: Progress,
  },
  pauseTask: {
    ...one,
    summary: 'Pause a push task',
    about: 'What is being sent at this moment is finished.',
    path: '/push/task/pause',
    result: Done,
  },
  resumeTask: { ...one, summary: 'Resume a push task', path: '/push/task/resume', result: Done },
  cancelTask: {
    ...one,
    summary: 'Cancel a push task',
    about: 'What was not sent yet never will be.',
    path: '/push/task/cancel',
    result: Done,
  },
  listCaptures: {
    summary: 'What capture notifiers kept',
    about: 'Oldest first, after `cursor`; the newest 20 where there is none. Kept for a day.',
    methods: ['GET'],
    path: '/push/capture',
    who: 'admin',
    query: optional({ cursor: Type.String({ maxLength: 64, description: 'That of an earlier answer' }) }),
    result: Type.Array(
      Type.Object({
        at: Milliseconds,
        notifier_name: NotifierName,
        task_id: TaskId,
        user_id: UserId,
        device_sn: DeviceSn,
        payload: free({ description: 'What would have been sent' }),
      }),
    ),
    beside: Type.Object({ cursor: Text, more: Flag }),
  },
})
