import { fail } from '../../contract/errors.ts'
import type { push } from '../../contract/push.ts'
import { lockUser } from '../accounts/accounts.sql.ts'
import { absent, mustExist } from '../accounts/existence.ts'
import type { Handlers } from '../call.ts'
import { findUserByPushToken } from '../devices/devices.sql.ts'
import { setBadge } from '../settings/settings.sql.ts'
import { takeAlias } from './alias.ts'
import { clearTags, freeAlias, listTags, removeAlias, removeTags } from './push.sql.ts'
import { giveTags } from './tags.ts'

export const handlers: Handlers<typeof push> = {
  async setAlias({ sql, app, kind, user, input }) {
    const { alias, push_token } = input
    await sql.begin(async sql => {
      await lockUser(sql, app.app_id, user)
      await mustExist(sql, app.app_id, user)
      if (push_token && (await findUserByPushToken(sql, app.app_id, push_token)) !== user) fail('push_token_foreign')
      if (alias === '') return removeAlias(sql, app.app_id, user)
      if (kind === 'admin') await freeAlias(sql, app.app_id, user, alias)
      return takeAlias(sql, app.app_id, user, alias)
    })
    return true
  },

  async setBadge({ sql, app, user, input }) {
    return (await setBadge(sql, app.app_id, user, input.badge)) || absent(sql, app.app_id, user)
  },

  listTags: async ({ sql, app, user }) => listTags(sql, app.app_id, user),

  async addTags({ sql, app, user, input }) {
    await sql.begin(sql => giveTags(sql, app.app_id, user, input.tags))
    return true
  },

  async removeTags({ sql, app, user, input }) {
    await removeTags(sql, app.app_id, user, input.tags)
    return true
  },

  async clearTags({ sql, app, user }) {
    await clearTags(sql, app.app_id, user)
    return true
  },
}
