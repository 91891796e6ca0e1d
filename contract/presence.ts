import { Type } from '@sinclair/typebox'
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
})
