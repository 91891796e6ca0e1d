import { hash, randomBytes } from 'node:crypto'

export type TokenKind = 'user' | 'admin'

const prefixes = { user: 'ut_', admin: 'at_' } as const

/** 256 random bits behind a readable prefix; it never parses as JSON, which a client in the field would try. */
export const newToken = (kind: TokenKind) => prefixes[kind] + randomBytes(32).toString('base64url')

/** What is stored of a token. */
export const hashToken = (token: string) => hash('sha256', token, 'base64url')

/** What kind of token this claims to be; undefined where it cannot be ours. */
export function kindOf(token: string): TokenKind | undefined {
  if (token.length !== 46) return undefined
  if (token.startsWith(prefixes.user)) return 'user'
  if (token.startsWith(prefixes.admin)) return 'admin'
  return undefined
}
