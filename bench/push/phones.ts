import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Store } from '../seed.ts'

/** Gives every user a phone that is bound under `ios`, a third the tag `red` and a fifth the tag `blue`. */
export function givePhones({ data, app }: Store) {
  const database = new DatabaseSync(join(data, 'stonechat.db'))
  database.exec('pragma journal_mode = off; pragma synchronous = off; begin')
  const run = (text: string) => database.prepare(text).run(app)
  run("insert into notifiers (app_id, name, provider, created_at) values (?, 'ios', 1, 1)")
  run(`insert into devices (app_id, user_id, device_sn, platform, push_token, seen_at, created_at)
       select app_id, user_id, 9, 1, 'phone-' || user_id, 1, 1 from users where app_id = ? order by user_id`)
  run(`insert into bindings (app_id, notifier_name, device_token, user_id, device_sn, bound_at)
       select app_id, 'ios', 'token of the phone of ' || user_id, user_id, 9, 1 from users where app_id = ?`)
  run(`insert into tags (app_id, user_id, tag)
       select app_id, user_id, 'red' from users where app_id = ? and user_id % 3 = 0`)
  run(`insert into tags (app_id, user_id, tag)
       select app_id, user_id, 'blue' from users where app_id = ? and user_id % 5 = 0`)
  database.exec('commit')
  database.exec('pragma journal_mode = wal')
  database.close()
}
