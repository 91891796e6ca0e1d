import { Type } from '@sinclair/typebox'
import { Flag, Milliseconds, UserId, UserIds } from './fields.ts'
import { operations } from './operation.ts'

export const presence = operations({
  getOnlineStatus: {
    section: '1.16',
    summary: 'Query user online status',
    about: 'true while at least one connection of the user is alive.',
    methods: ['GET'],
    path: '/user/online_status',
    who: 'self',
    result: Type.Object({ online: Type.Boolean({ description: 'Online or not' }) }),
  },
  presenceBatch: {
    summary: 'Online status of many users',
    about:
      'Up to 500 users at once, each answered once, in the order asked for. Whoever is unknown is offline and was never seen (0).',
    methods: ['POST'],
    path: '/presence/batch',
    who: 'member',
    body: Type.Object({ list: UserIds }),
    result: Type.Array(
      Type.Object({
        user_id: UserId,
        online: Flag,
        last_seen: Type.Integer({
          ...Milliseconds,
          description: 'When a device was last seen, in ms; now, while online',
        }),
      }),
    ),
  },
})
