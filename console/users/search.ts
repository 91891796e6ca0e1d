import { among, defined, flag, text, whole } from '../frame/search.ts'

export const fields = ['any', 'user_id', 'username', 'nick_name', 'mobile', 'email'] as const

/** Which users an address shows. */
export const readUsersSearch = (search: Record<string, unknown>) =>
  defined({
    q: text(search.q),
    field: among(fields, search.field),
    status: whole(search.status),
    online: flag(search.online),
    platform: whole(search.platform),
    registered_from: whole(search.registered_from),
    registered_until: whole(search.registered_until),
    cursor: text(search.cursor),
    size: whole(search.size),
  })

export type UsersSearch = ReturnType<typeof readUsersSearch>

/** What narrows the search: all but the place in it. */
export function filterOf({ cursor: _, size: __, ...filter }: UsersSearch) {
  return filter
}
