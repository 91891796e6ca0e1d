import { Type } from '@sinclair/typebox'
import { Flag, Mobile, optional, Text, UserId } from './fields.ts'
import { operations } from './operation.ts'

export const mostLookups = 100

const many = <Item extends typeof UserId | ReturnType<typeof Type.String>>(item: Item, what: string) =>
  Type.Array(item, { minItems: 1, maxItems: mostLookups, description: `List of ${what}` })

export const lookup = operations({
  lookupUsers: {
    summary: 'Look up others',
    about:
      'By ids, usernames and mobiles, 100 in all, each answered for itself in the order asked for; public fields only. The app’s policy says whether users may (`lookup`: off, on for ids and usernames, or mobiles too); an admin always may. What a user asks for is counted item by item, against scraping: beyond the limit 10028.',
    methods: ['POST'],
    path: '/user/lookup',
    who: 'member',
    body: optional({
      user_ids: many(UserId, 'user IDs'),
      usernames: many(Type.String({ minLength: 1, maxLength: 64 }), 'usernames, in any case'),
      mobiles: many(Type.String({ ...Mobile, minLength: 1 }), 'mobile numbers'),
    }),
    result: Type.Array(
      Type.Object({
        by: Type.String({ description: 'user_id, username or mobile' }),
        value: Type.String({ description: 'What was asked for' }),
        found: Flag,
        user_id: Type.Integer({ format: 'int64', description: '0 where nobody was found' }),
        username: Text,
        nick_name: Text,
        avatar: Text,
        description: Text,
        public_info: Text,
      }),
    ),
  },
})
