import type { DatabaseSync } from 'node:sqlite'
import { countOfApp, countUser } from '../server/accounts/pages.sql.ts'
import { loadHasher } from '../server/accounts/passwords.ts'
import { takeIds } from '../server/apps/apps.sql.ts'
import { createApp, defaultPolicy } from '../server/apps/apps.ts'
import { openEmbedded } from '../server/installation.ts'
import type { Sqlite } from '../server/storage/sqlite.ts'
import { createAdminToken } from '../server/tokens/admin-tokens.ts'
import { hashToken, newToken } from '../server/tokens/secrets.ts'

/** A user that is signed in. */
export interface Seat {
  user: number
  username: string
  token: string
}

/** A data folder that is filled and closed, and what it takes to call a node that serves it. */
export interface Store {
  data: string
  users: number
  app: string
  adminToken: string
  /** Spread evenly over all users. */
  seats: Seat[]
  /** Every user's. */
  password: string
}

const first = 1001
/** Of a larger store so many users are signed in; of a smaller one all. */
const seatsOfMany = 10_000
const many = 20_000
const day = 86_400_000
const password = 'a password for all'
const nameOf = (user: number) => `user_${user}`

/** Fills a fresh data folder by writing rows, which is some thousand times faster than registering. */
export async function seed(data: string, users: number): Promise<Store> {
  const installation = await openEmbedded({ data, masterKey: '' })
  const { store, seals } = installation
  const { app } = await createApp(store.sql, seals, { ...defaultPolicy, name: 'bench' }, Date.now())
  const { token } = await createAdminToken(store.sql, app.app_id, 'bench', Date.now())
  await takeIds(store.sql, app.app_id, 'user', first, users)
  const hash = await (await loadHasher()).hash(password)
  const seats = seatsAmong(users)

  // The log of one large transaction would be as large as the file, and a crash only costs a new start.
  store.database.exec('pragma journal_mode = off; pragma synchronous = off; begin')
  insertUsers(store.database, app.app_id, users, hash)
  insertSeats(store.database, app.app_id, seats)
  store.database.exec('commit')
  store.database.exec('pragma journal_mode = wal; pragma synchronous = full')
  await count(installation, app.app_id, users)
  await store.close()
  return { data, users, app: app.app_id, adminToken: token, seats, password }
}

function seatsAmong(users: number): Seat[] {
  const seats = users > many ? seatsOfMany : users
  return Array.from({ length: seats }, (_, i) => {
    const user = first + Math.floor((i * users) / seats)
    return { user, username: nameOf(user), token: newToken('user') }
  })
}

function insertUsers(database: DatabaseSync, app: string, users: number, hash: string) {
  const now = Date.now()
  const user = database.prepare(`
    insert into users (app_id, user_id, username, username_key, password_hash, nick_name, avatar, description,
                       private_info, public_info, created_at, devices_version)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const settings = database.prepare('insert into settings (app_id, user_id) values (?, ?)')
  for (let id = first; id < first + users; id++) {
    const name = nameOf(id)
    const avatar = `https://example.com/avatars/${id}.png`
    user.run(app, id, name, name, hash, `Nickname ${id}`, avatar, 'Says hello', '{"theme":"dark"}', '{}', now, now)
    settings.run(app, id)
  }
}

/** A device and a token for each. */
function insertSeats(database: DatabaseSync, app: string, seats: Seat[]) {
  const now = Date.now()
  const device = database.prepare(`
    insert into devices (app_id, user_id, device_sn, device_guid, platform, user_agent, push_token, seen_at, created_at)
    values (?, ?, 1, ?, 2, 'bench', ?, ?, ?)`)
  const last = database.prepare('update users set last_device_sn = 1 where app_id = ? and user_id = ?')
  const token = database.prepare(`
    insert into user_tokens (app_id, token_hash, user_id, device_sn, created_at, expires_at)
    values (?, ?, ?, 1, ?, ?)`)
  for (const seat of seats) {
    device.run(app, seat.user, `guid-${seat.user}`, `push-${seat.user}`, now, now)
    last.run(app, seat.user)
    token.run(app, hashToken(seat.token), seat.user, now, now + 30 * day)
  }
}

/** The first user is counted by the server's own code, which shows the widths of the slots; the others in one statement for each. */
async function count({ store }: { store: Sqlite }, app: string, users: number) {
  await store.sql.begin(async sql => {
    await countOfApp(sql, app, users, 0)
    await countUser(sql, app, first, 1)
  })
  const widths = store.database
    .prepare('select distinct width from user_counts where app_id = ? and width > 0')
    .all(app) as { width: number }[]
  for (const { width } of widths)
    store.database
      .prepare(`
        insert into user_counts (app_id, width, slot, users)
        select app_id, ${width}, user_id / ${width}, count(*)
          from users
         where app_id = ? and user_id > ?
         group by user_id / ${width}
            on conflict (app_id, width, slot) do update set users = user_counts.users + excluded.users`)
      .run(app, first)
}
