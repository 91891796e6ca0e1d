import { pointRead, type Sql } from '../storage/sql.ts'

export interface Profile {
  user_id: number
  username: string
  nick_name: string
  avatar: string
  description: string
  email: string
  mobile: string
  private_info: string
  public_info: string
}

export const findProfile = pointRead<number, Profile>(
  (sql, app, users) => sql`
    select user_id, username, nick_name, avatar, description, email, mobile, private_info, public_info
      from users
     where app_id = ${app} and user_id in ${sql(users)}`,
  row => row.user_id,
)

/** What is undefined stays. */
export type ProfileChange = Partial<
  Pick<Profile, 'nick_name' | 'avatar' | 'description' | 'private_info' | 'public_info'>
>

/** Returns false when there is no such user. */
export async function updateProfile(sql: Sql, app: string, user: number, change: ProfileChange) {
  const changed = await sql`
    update users
       set nick_name = coalesce(${change.nick_name ?? null}, nick_name),
           avatar = coalesce(${change.avatar ?? null}, avatar),
           description = coalesce(${change.description ?? null}, description),
           private_info = coalesce(${change.private_info ?? null}, private_info),
           public_info = coalesce(${change.public_info ?? null}, public_info)
     where app_id = ${app} and user_id = ${user}
    returning user_id`
  return changed.length === 1
}
