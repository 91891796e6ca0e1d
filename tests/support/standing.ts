import type { Operation, Who } from '../../contract/operation.ts'
import type { Raw } from './http.ts'
import { pageOf, type Staff } from './staff.ts'

export interface Caller {
  id: number
  token: string
}

interface Node {
  url: string
  appId: string
  adminToken: string
}

type Headers = NonNullable<Raw['headers']>

/** The headers of somebody who may call the operation: the person itself wherever it may. */
export function headersFor({ who }: Pick<Operation, 'who'>, node: Node, person: Caller, staff?: Staff): Headers {
  const app = { app_id: node.appId }
  const user = { ...app, 'access-token': person.token }
  const admin = { ...app, 'access-token': node.adminToken }
  const operator = { ...app, ...(staff && { 'access-token': staff.operatorToken }) }
  const standings: Record<Who, Headers> = {
    guest: app,
    guest_or_admin: app,
    self: user,
    user,
    member: user,
    admin,
    admin_for_user: { ...admin, user_id: String(person.id) },
    operator,
    operator_for_app: operator,
    visitor: { ...app, ...pageOf(node) },
    console: { ...app, ...staff?.console },
  }
  return standings[who]
}
