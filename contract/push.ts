import { Type } from '@sinclair/typebox'
import { Alias, Badge, Done, PushToken, Tag, Tags } from './fields.ts'
import { operations } from './operation.ts'

export const push = operations({
  setAlias: {
    section: '1.23',
    summary: 'Bind alias',
    about:
      'One alias a user, unique in the app; a user cannot take another’s, an admin can move one. Empty unbinds it. A push_token that is given must be the user’s.',
    methods: ['POST'],
    path: '/user/push/alias',
    who: 'self',
    grows: true,
    body: Type.Object({ alias: Alias, push_token: Type.Optional(PushToken) }),
    result: Done,
  },
  setBadge: {
    section: '1.24',
    summary: 'Set badge',
    methods: ['POST'],
    path: '/user/push/badge',
    who: 'self',
    body: Type.Object({ badge: Badge }),
    result: Done,
  },
  listTags: {
    section: '1.28',
    summary: 'Get tag',
    methods: ['GET'],
    path: '/user/push/tag',
    who: 'self',
    result: Type.Array(Tag),
  },
  addTags: {
    section: '1.29',
    summary: 'Bind tag',
    about: 'Adds to the set. A user has at most 100 tags.',
    methods: ['POST'],
    path: '/user/push/tag',
    who: 'self',
    grows: true,
    body: Type.Object({ tags: Tags }),
    result: Done,
  },
  removeTags: {
    section: '1.30',
    summary: 'Unbind tag',
    about: 'Takes away from the set; tags that the user does not have are no failure.',
    methods: ['DELETE'],
    path: '/user/push/tag',
    who: 'self',
    body: Type.Object({ tags: Tags }),
    result: Done,
  },
  clearTags: {
    section: '1.31',
    summary: 'Delete all tags',
    methods: ['DELETE'],
    path: '/user/push/tag/all',
    who: 'self',
    result: Done,
  },
})
