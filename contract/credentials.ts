import { Type } from '@sinclair/typebox'
import { Cursor, Done, Milliseconds, optional, pageSize, Text, TokenId, TokenName } from './fields.ts'
import { operations } from './operation.ts'

const token = {
  token_id: TokenId,
  name: TokenName,
  created_at: Milliseconds,
  expires_at: Milliseconds,
  state: Type.String({ description: 'live, expired or revoked' }),
}
const ManagedToken = Type.Object(token)
const NewToken = Type.Object({ token: Type.String({ description: 'Shown once, and never again' }), ...token })

const Days = Type.Integer({
  minimum: 1,
  maximum: 3650,
  format: 'int32',
  default: 90,
  description: 'Days that it lives',
})
const wanted = Type.Composite([Type.Object({ name: TokenName }), optional({ days: Days })])
const page = {
  query: optional({ page_size: pageSize(500), cursor: Cursor }),
  result: Type.Array(ManagedToken),
  beside: Type.Object({ cursor: Type.Optional(Text) }),
} as const
const newestFirst = 'The newest first, ended ones too. The last page has no cursor.'

/** Tokens of admins and operators. */
export const credentials = operations({
  createAdminToken: {
    summary: 'Make an admin token of the app',
    methods: ['POST'],
    path: '/admin/token',
    who: 'admin',
    confirmed: true,
    body: wanted,
    result: NewToken,
  },
  listAdminTokens: {
    summary: 'List the admin tokens of the app',
    about: newestFirst,
    methods: ['GET'],
    path: '/admin/token/list',
    who: 'admin',
    ...page,
  },
  revokeAdminToken: {
    summary: 'End an admin token of the app',
    about: 'At once, and with it the sessions of the console that were opened with it.',
    methods: ['DELETE'],
    path: '/admin/token',
    who: 'admin',
    confirmed: true,
    query: Type.Object({ token_id: TokenId }),
    result: Done,
  },
  createOperatorToken: {
    summary: 'Make an operator token',
    methods: ['POST'],
    path: '/operator/token',
    who: 'operator',
    confirmed: true,
    body: wanted,
    result: NewToken,
  },
  listOperatorTokens: {
    summary: 'List the operator tokens',
    about: newestFirst,
    methods: ['GET'],
    path: '/operator/token/list',
    who: 'operator',
    ...page,
  },
  revokeOperatorToken: {
    summary: 'End an operator token',
    about: 'At once, and with it the sessions of the console that were opened with it.',
    methods: ['DELETE'],
    path: '/operator/token',
    who: 'operator',
    confirmed: true,
    query: Type.Object({ token_id: TokenId }),
    result: Done,
  },
})
