import type { TestContext } from 'node:test'
import { consoleHeader } from '../../contract/console.ts'
import { createAdminToken, createOperatorToken, newTokenId } from '../../server/tokens/admin-tokens.ts'
import { type TestNode, testNode } from '../harness.ts'
import { ask, type Raw } from './http.ts'
import { page } from './page.ts'

type Node = Pick<TestNode, 'url' | 'appId' | 'node'>
export type Headers = NonNullable<Raw['headers']>

/** An operator, and tokens that may be revoked without harm. */
export interface Staff {
  operatorToken: string
  spareAdmin: string
  spareOperator: string
  /** What a page of the console sends: the cookie of a session of the operator, and what belongs to it. */
  console: Headers
}

export async function operatorToken({ node }: Pick<TestNode, 'node'>, name = 'operator', days?: number) {
  const { sql, now } = node.services
  return createOperatorToken(sql, newTokenId(), name, now(), days)
}

export async function staffOf(node: Node): Promise<Staff> {
  const { sql, now } = node.node.services
  const { token } = await operatorToken(node)
  const admin = await createAdminToken(sql, node.appId, 'spare', now())
  const operator = await operatorToken(node, 'spare')
  const console = { ...(await signedIn(node, token)), [consoleHeader]: '0' }
  return { operatorToken: token, spareAdmin: admin.token_id, spareOperator: operator.token_id, console }
}

/** What every page of the console sends, signed in or not. */
export const pageOf = ({ url }: Pick<Node, 'url'>): Headers => ({ [consoleHeader]: '1', origin: url })

/** Signs a browser in, and returns what it sends from then on. */
export async function signedIn(node: Node, token: string, appId = node.appId): Promise<Headers> {
  const page = { ...pageOf(node), app_id: appId }
  const { headers, text, code } = await ask(node.url, {
    method: 'POST',
    path: '/console/session',
    headers: { ...page, 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  })
  if (code !== 200) throw new Error(`nobody was signed in: ${text}`)
  return { ...page, cookie: headers['set-cookie']?.[0]?.split(';')[0] as string }
}

/** A node, and an operator who calls it about its first app. */
export async function operatorDesk(t: TestContext) {
  const node = await testNode(t)
  const { token } = await operatorToken(node, 'ann')
  const operator = page(node.url, { app_id: node.appId, 'access-token': token })
  return { node, token, operator }
}
