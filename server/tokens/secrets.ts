import { hash, randomBytes } from 'node:crypto'

export type TokenKind = 'user' | 'admin' | 'operator'

const prefixes = { user: 'ut_', admin: 'at_', operator: 'ot_' } as const
const kinds = Object.keys(prefixes) as TokenKind[]

/** 256 random bits behind a readable prefix; it never parses as JSON, which a client in the field would try. */
export const newToken = (kind: TokenKind) => prefixes[kind] + randomBytes(32).toString('base64url')

/** What the cookie of the console holds. */
export const newSessionSecret = () => `cs_${randomBytes(32).toString('base64url')}`

/** What is stored of a token. */
export const hashToken = (token: string) => hash('sha256', token, 'base64url')

/** What kind of token this claims to be; undefined where it cannot be ours. */
export function kindOf(token: string): TokenKind | undefined {
  return token.length === 46 ? kinds.find(kind => token.startsWith(prefixes[kind])) : undefined
}
