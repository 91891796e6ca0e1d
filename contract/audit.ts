import { Type } from '@sinclair/typebox'
import { Cursor, free, Milliseconds, optional, pageSize, Text, UserId } from './fields.ts'
import { operations } from './operation.ts'

const Seq = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  format: 'int64',
  description: 'Place in the trail of the app, from 1 without a gap',
})
const Moment = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, format: 'int64' })

export const Entry = Type.Object({
  seq: Seq,
  at: Milliseconds,
  actor: Type.Object({
    kind: Type.String({
      description:
        'admin: the holder of an admin token; operator: the holder of an operator token, or somebody at the command line',
    }),
    id: Type.String({ description: 'Id of the token, or name on the machine' }),
    name: Text,
  }),
  act: Type.String({ description: 'The operation, or the command' }),
  user_id: Type.Integer({
    minimum: 0,
    format: 'int64',
    description: 'Whom it is about, or for whom the admin acted; 0: the whole app',
  }),
  subject: Type.String({ description: 'What else it is about, such as notifier/shop-ios; empty for a user' }),
  address: Type.String({ description: 'From where: a network address, or the machine of the command line' }),
  before: free({ description: 'What was changed, as it was; no secrets' }),
  after: free({ description: 'What was changed, as it became; no secrets' }),
  erased: Type.Boolean({ description: 'before and after went with the user whom they were about' }),
  hash: Type.String({ description: 'SHA-256 over the entry before and this one' }),
})

const listing = {
  methods: ['GET'],
  query: optional({
    about_user: UserId,
    actor: Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'Id of a token, or an operator’s name on the machine',
    }),
    act: Type.String({ minLength: 1, maxLength: 64, description: 'Name of an operation or a command' }),
    from: Type.Integer({ ...Moment, description: 'Not before, in ms' }),
    until: Type.Integer({ ...Moment, description: 'Not after, in ms' }),
    page_size: pageSize(500),
    cursor: Cursor,
  }),
  result: Type.Array(Entry),
  beside: Type.Object({ cursor: Type.Optional(Text) }),
} as const

const verdict = {
  about:
    'Looks at up to 5,000 entries after `after` and answers how far it came; where `more` is true, ask again with `through`. Nothing may be missing, changed or cut off; details that were erased with their user are no fault.',
  methods: ['GET'],
  query: optional({ after: Seq }),
  result: Type.Object({
    intact: Type.Boolean(),
    through: Seq,
    checked: Type.Integer({ format: 'int32' }),
    more: Type.Boolean(),
    broken_at: Type.Integer({ ...Seq, description: 'The first entry that is wrong; 0: none is' }),
    why: Type.String({ description: 'missing, changed, details_changed or cut_off; empty where nothing is wrong' }),
  }),
} as const

const newestFirst = 'the newest first. The filters narrow together. The last page has no cursor.'

/** Each app has a trail, and so has the installation itself, for what concerns no app. */
export const audit = operations({
  listAudit: {
    summary: 'The audit trail',
    about: `What admins and operators did, ${newestFirst}`,
    path: '/admin/audit',
    who: 'admin',
    ...listing,
  },
  verifyAudit: { summary: 'Check the chain of the audit trail', path: '/admin/audit/verify', who: 'admin', ...verdict },
  listOperatorAudit: {
    summary: 'The audit trail of the installation',
    about: `What operators did that concerns no app: their tokens and sessions; ${newestFirst}`,
    path: '/operator/audit',
    who: 'operator',
    ...listing,
  },
  verifyOperatorAudit: {
    summary: 'Check the chain of the audit trail of the installation',
    path: '/operator/audit/verify',
    who: 'operator',
    ...verdict,
  },
})
