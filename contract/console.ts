import { Type } from '@sinclair/typebox'
import { Done, Milliseconds, Text, TokenId, TokenName } from './fields.ts'
import { operations } from './operation.ts'

/** The header that says that the console calls: 1 for what a person does, 0 for what a page asks by itself. */
export const consoleHeader = 'x-console'

const Token = Type.String({
  minLength: 1,
  maxLength: 256,
  description: 'An admin token of the app, or an operator token',
})

export const ConsoleSession = Type.Object({
  session_id: Text,
  kind: Type.String({ description: 'admin or operator' }),
  app_id: Type.String({ description: 'The app of the admin; empty for an operator, who names one in header app_id' }),
  token_id: TokenId,
  name: TokenName,
  created_at: Milliseconds,
  seen_at: Type.Integer({ ...Milliseconds, description: 'Last used, give or take a few seconds; in ms' }),
  idle_at: Type.Integer({ ...Milliseconds, description: 'Ends then unless it is used before; in ms' }),
  ends_at: Type.Integer({ ...Milliseconds, description: 'Ends then in any case; in ms' }),
  confirmed_until: Type.Integer({
    ...Milliseconds,
    description: 'Until then nobody has to type the token again; in ms',
  }),
  address: Type.String({ description: 'From where it was opened' }),
  user_agent: Text,
  current: Type.Boolean({ description: 'The session of this call' }),
})

const session = { path: '/console/session', who: 'console' } as const

/** Sessions of the operators' console. Whoever has one calls every other operation too, with the cookie in place of a token. */
export const console = operations({
  signInToConsole: {
    summary: 'Sign in to the console',
    about:
      'With an admin token and its app in header app_id, or with an operator token. Sets the cookie of the session, which ends with its token, after 15 minutes without use, and after 8 hours.',
    methods: ['POST'],
    path: '/console/session',
    who: 'visitor',
    body: Type.Object({ token: Token }),
    result: ConsoleSession,
  },
  showConsoleSession: { ...session, summary: 'The own session', methods: ['GET'], result: ConsoleSession },
  confirmConsoleSession: {
    ...session,
    summary: 'Type the token again',
    about:
      'Bans, deletions, tokens and credentials ask for it where the last time was more than five minutes ago (13020).',
    methods: ['POST'],
    path: '/console/session/confirm',
    body: Type.Object({ token: Token }),
    result: ConsoleSession,
  },
  signOutOfConsole: { ...session, summary: 'Sign out of the console', methods: ['DELETE'], result: Done },
  listConsoleSessions: {
    ...session,
    summary: 'Sessions with the same token',
    about: 'The newest first, at most 20: whoever opens one more ends the oldest.',
    methods: ['GET'],
    path: '/console/session/list',
    result: Type.Array(ConsoleSession),
  },
  endConsoleSession: {
    ...session,
    summary: 'End a session with the same token',
    methods: ['POST', 'DELETE'],
    path: '/console/session/end',
    body: Type.Object({ session_id: Type.String({ minLength: 1, maxLength: 64 }) }),
    result: Type.Boolean({ description: 'false where there was none' }),
  },
})
