import type { rights } from '../../contract/rights.ts'
import { note } from '../audit/noting.ts'
import { theUser } from '../audit/subjects.ts'
import type { Handlers } from '../call.ts'
import { exportOf } from './export.ts'
import { purge } from './purge.ts'

export const handlers: Handlers<typeof rights> = {
  async exportUser({ services, app, user, act }) {
    const whole = await exportOf(services, app.app_id, user)
    if (act) await note(services, act, theUser(app.app_id, user), {})
    return whole
  },

  purgeUser: ({ services, app, user }) => purge(services, app.app_id, user),
}
