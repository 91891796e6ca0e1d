import { complaints } from '../../contract/complaints.ts'
import { fail } from '../../contract/errors.ts'
import { lockUser } from '../accounts/accounts.sql.ts'
import { mustExist } from '../accounts/existence.ts'
import type { Sql } from '../storage/sql.ts'
import { addTag, listTags } from './push.sql.ts'

const mostTags = 100

/** Inside a transaction. Fails where the user would have more tags than one may have. */
export async function giveTags(sql: Sql, app: string, user: number, tags: readonly string[]) {
  await lockUser(sql, app, user)
  await mustExist(sql, app, user)
  for (const tag of tags) await addTag(sql, app, user, tag)
  if ((await listTags(sql, app, user)).length > mostTags) fail('invalid_parameter', complaints.tags(mostTags))
}
