import { ApiError } from '../../contract/errors.ts'
import type { tokens } from '../../contract/tokens.ts'
import type { Handlers } from '../call.ts'
import type { Sessions } from './sessions.ts'

const second = 1000

export const introspection: Pick<Handlers<typeof tokens>, 'introspect'> = {
  /** The session is asked for as for a call with the token: what was ended is not good, on whichever node. */
  async introspect({ services, app, input }) {
    const session = await sessionOf(services.sessions, app.app_id, input.token)
    if (!session || session.kind === 'operator') return { active: false }
    const { kind, user, device, created, expires } = session
    return {
      active: true,
      sub: kind === 'user' ? String(user) : kind,
      client_id: app.app_id,
      token_type: kind,
      exp: Math.floor(expires / second),
      iat: Math.floor(created / second),
      ...(kind === 'user' && { user_id: user, device_sn: device }),
    }
  },
}

async function sessionOf(sessions: Sessions, app: string, token: string) {
  try {
    return await sessions.find(app, token)
  } catch (error) {
    if (error instanceof ApiError && (error.failure === 'token_invalid' || error.failure === 'session_over'))
      return undefined
    throw error
  }
}
