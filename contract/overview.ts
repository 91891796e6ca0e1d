import { Type } from '@sinclair/typebox'
import { Flag, Milliseconds, Text } from './fields.ts'
import { operations } from './operation.ts'

const count = (description: string) => Type.Integer({ format: 'int64', description })

/** What is told of as it happens. `ready` comes first; `dropped` says how many were left out for a slow reader. */
export const liveKinds = [
  ...(['ready', 'dropped', 'registered', 'signed_in', 'online', 'offline', 'pushed', 'enabled'] as const),
  ...(['kicked', 'removed', 'evicted', 'replaced', 'password_changed', 'disabled', 'deleted'] as const),
] as const

export const LiveEvent = Type.Object({
  kind: Type.String({ description: liveKinds.join(', ') }),
  at: Milliseconds,
  user_id: Type.Integer({ format: 'int64', description: '0: about no single user' }),
  device_sn: Type.Integer({ format: 'int32', description: '0: all devices, or none' }),
  count: count('dropped: events left out; pushed: devices; else 1'),
  detail: Type.String({ description: 'pushed: the task and what became of it (1001 sent); else empty' }),
})

const Figure = { value: count('How many'), exact: Type.Boolean({ description: 'false: at least, or about so many' }) }

export const overview = operations({
  getOverview: {
    summary: 'How the app is doing',
    about:
      'Counters and bounded looks, never a walk over everything; what is not exact says so. `pushes` are of today in the app’s time zone. Figures may be a few seconds old.',
    methods: ['GET'],
    path: '/admin/overview',
    who: 'admin',
    result: Type.Object({
      at: Milliseconds,
      users: count('Users of the app'),
      online: Type.Object(Figure),
      registered: Type.Object({
        today: count('Since midnight in the app’s time zone'),
        seven_days: count('In the last 7 days'),
        by_day: Type.Array(Type.Object({ day: Type.String({ description: 'YYYY-MM-DD' }), users: count('That day') }), {
          description: 'The last 7 days, today last',
        }),
      }),
      devices: Type.Object({
        ...Figure,
        by_platform: Type.Array(
          Type.Object({
            platform: Type.Integer({ format: 'int32', description: '0 unknown, 1 ios, 2 android, 3 windows …' }),
            devices: count('Of this platform'),
          }),
        ),
      }),
      pushes: Type.Object({
        exact: Flag,
        by_channel: Type.Array(
          Type.Object({
            channel: Text,
            target: count('Devices tried'),
            sent: count('Taken by the vendor'),
            received: count('Confirmed'),
          }),
        ),
      }),
      notifiers: Type.Array(
        Type.Object({
          name: Text,
          provider: Text,
          state: Type.String({ description: 'parked or disabled' }),
          reason: Text,
          parked_until: Milliseconds,
        }),
        { description: 'Those that do not send' },
      ),
      queue: Type.Object({
        ...Figure,
        oldest_ms: count('For how long the job that is due longest has been due; 0: none is'),
      }),
    }),
  },
  liveEvents: {
    summary: 'What happens in the app, as it happens',
    about:
      'A stream of server-sent events (`text/event-stream`), each the JSON of one event; a comment every 15 s keeps it open. Best effort and without memory: it tells people what is going on, and nothing may depend on it. A reader that falls behind loses events, and is told how many.',
    methods: ['GET'],
    path: '/admin/events/live',
    who: 'admin',
    stream: true,
    result: LiveEvent,
  },
})
