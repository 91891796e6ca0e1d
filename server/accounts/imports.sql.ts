import type { Sql } from '../storage/sql.ts'

/** A user as another system has kept it. */
export interface Newcomer {
  user_id: number
  username: string
  username_key: string
  password_hash: string
  must_change_password: number
  status: number
  mobile: string
  email: string
  nick_name: string
  avatar: string
  description: string
  private_info: string
  public_info: string
  created_at: number
}

/** Fails on a unique constraint where its id, username, mobile or email is taken. */
export const insertNewcomer = (sql: Sql, app: string, user: Newcomer, now: number) => sql`
    insert into users (app_id, user_id, username, username_key, password_hash, must_change_password, status, mobile, email,
                       nick_name, avatar, description, private_info, public_info, devices_version, created_at)
    values (${app}, ${user.user_id}, ${user.username}, ${user.username_key}, ${user.password_hash},
            ${user.must_change_password}, ${user.status}, ${user.mobile}, ${user.email}, ${user.nick_name}, ${user.avatar},
            ${user.description}, ${user.private_info}, ${user.public_info}, ${now}, ${user.created_at})`

/** From here on ids above `last` alone are handed out. */
export const passIds = (sql: Sql, app: string, last: number) => sql`
    insert into id_blocks (app_id, kind, next_id)
    values (${app}, ${'user'}, ${last + 1})
        on conflict (app_id, kind) do update
       set next_id = case when id_blocks.next_id > ${last} then id_blocks.next_id else ${last + 1} end`
