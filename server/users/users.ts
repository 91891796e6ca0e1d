import type { users } from '../../contract/users.ts'
import type { Handlers } from '../call.ts'
import { count } from './count.ts'
import { pictureOf } from './picture.ts'
import { search } from './search.ts'

const usualPage = 50

export const handlers: Handlers<typeof users> = {
  async searchUsers({ services, app, input: { page_size: size = usualPage, cursor, ...filter } }) {
    const page = await search(services, app.app_id, filter, { cursor, size })
    return { data: page.users, ...(page.cursor !== undefined && { cursor: page.cursor }) }
  },

  countUsers: ({ services, app, input }) => count(services, app.app_id, input),

  showUser: ({ services, app, user }) => pictureOf(services, app.app_id, user),
}
