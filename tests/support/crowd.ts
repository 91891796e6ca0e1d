import { insertUser } from '../../server/accounts/accounts.sql.ts'
import { countOfApp, countUser } from '../../server/accounts/pages.sql.ts'
import { takeIds } from '../../server/apps/apps.sql.ts'
import { insertDevice, takeDeviceSn } from '../../server/devices/devices.sql.ts'
import { openInstallation, type Place } from '../../server/installation.ts'
import { insertSettings } from '../../server/settings/settings.sql.ts'
import type { Sql } from '../../server/storage/sql.ts'
import { hashToken, newToken } from '../../server/tokens/secrets.ts'
import { insertUserToken } from '../../server/tokens/tokens.sql.ts'
import { KeepAlive } from './keep-alive.ts'

export interface Member {
  id: number
  token: string
}

/** Users with a device and a token each, put straight into the store: a crowd without a thousand password hashes. */
export async function makeCrowd(
  data: string,
  app: string,
  size: number,
  place: Partial<Place> = {},
): Promise<Member[]> {
  const { store } = await openInstallation({ data, masterKey: '', ...place })
  const now = Date.now()
  const start = await takeIds(store.sql, app, 'user', 1001, size)
  const members = Array.from({ length: size }, (_, i) => ({ id: start + i, token: newToken('user') }))
  // Some in each transaction: alone, every one of them would wait for the counters of the app.
  for (let i = 0; i < size; i += page)
    await store.sql.begin(async sql => {
      for (const member of members.slice(i, i + page)) await insertMember(sql, app, member, now)
    })
  await store.close()
  return members
}

const page = 100

async function insertMember(sql: Sql, app: string, { id, token }: Member, now: number) {
  await insertUser(sql, app, { id, username: `member${id}`, key: `member${id}`, hash: 'none' }, now)
  await insertSettings(sql, app, id)
  await countUser(sql, app, id, 1)
  await countOfApp(sql, app, 1, 0)
  const sn = (await takeDeviceSn(sql, app, id, now)) as number
  const device = { sn, guid: '', platform: 0, userAgent: '', pushToken: `pt_${id}` }
  await insertDevice(sql, app, id, device, now)
  const expires = now + 86_400_000
  await insertUserToken(sql, app, { hash: hashToken(token), user: id, device: sn, created: now, expires })
}

/** What one member has set as its nickname: the last number that was sent, and the last that was acknowledged. */
export interface Written {
  id: number
  sent: number
  acknowledged: number
}

/**
 * Lets every member set its nickname to the next number, over and over on a connection of its own, until that is gone.
 * `known` goes on from there; `count` is called at each acknowledgement; a refusal that is not `expected` fails.
 */
export function writeNicknames(
  url: string,
  app: string,
  members: Member[],
  known: Written[],
  count: () => void,
  expected: (code: number) => boolean = () => false,
) {
  return Promise.all(
    members.map(async ({ token }, i) => {
      const written = known[i] as Written
      const connection = new KeepAlive(url, { app_id: app, 'access-token': token })
      for (;;) {
        written.sent++
        const reply = await connection.call('PUT', '/user/nickname', { nick_name: String(written.sent) })
        if (!reply) return
        if (expected(reply.code)) continue
        if (reply.code !== 200) throw new Error(`a nickname was refused with ${reply.code}`)
        written.acknowledged = written.sent
        count()
      }
    }),
  )
}
