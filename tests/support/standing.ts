import type { Operation, Who } from '../../contract/operation.ts'

export interface Caller {
  id: number
  token: string
}

interface Standing {
  token?: string
  userId?: number
}

/** As whom an operation may be called: the person itself wherever it may. */
export function standingFor({ who }: Operation, { adminToken }: { adminToken: string }, person: Caller): Standing {
  const user = { token: person.token }
  const admin = { token: adminToken }
  const standings: Record<Who, Standing> = {
    guest: {},
    guest_or_admin: {},
    self: user,
    user,
    member: user,
    admin,
    admin_for_user: { ...admin, userId: person.id },
  }
  return standings[who]
}

/** Likewise, as headers. */
export function headersFor(operation: Operation, node: { adminToken: string; appId: string }, person: Caller) {
  const { token, userId } = standingFor(operation, node, person)
  return {
    app_id: node.appId,
    ...(token !== undefined && { 'access-token': token }),
    ...(userId !== undefined && { user_id: String(userId) }),
  }
}
