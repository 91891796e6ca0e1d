import { defined, text, whole } from '../frame/search.ts'

export const readTrailSearch = (search: Record<string, unknown>) =>
  defined({
    about_user: whole(search.about_user),
    actor: text(search.actor),
    act: text(search.act),
    from: whole(search.from),
    until: whole(search.until),
    cursor: text(search.cursor),
    size: whole(search.size),
  })
