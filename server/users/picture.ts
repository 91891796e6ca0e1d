import type { Static } from '@sinclair/typebox'
import type { Picture as PictureSchema } from '../../contract/users.ts'
import { banned } from '../accounts/accounts.sql.ts'
import { absent } from '../accounts/existence.ts'
import { providerOf } from '../apps/providers.ts'
import { type Entry, entriesAbout } from '../audit/audit.ts'
import { listEvents } from '../events/events.sql.ts'
import { nodeLife } from '../presence/leases.ts'
import { findAlias, listTags } from '../push/push.sql.ts'
import type { Services } from '../services.ts'
import { findSettings } from '../settings/settings.sql.ts'
import { shownSettings } from '../settings/settings.ts'
import type { Sql } from '../storage/sql.ts'
import {
  findAccountRow,
  findBadge,
  listBindingRows,
  listConnectionRows,
  listDeviceRows,
  listSessionRows,
} from './picture.sql.ts'

export type Picture = Static<typeof PictureSchema>

const lately = 20
/** Acts after which a user is banned. */
const bans = new Set(['disable', 'job ban', 'user ban'])

/** What support staff ask of a user. No hash, no token, no answer to a question and nothing private is ever in it. */
export async function pictureOf(
  { sql, now }: Pick<Services, 'sql' | 'now'>,
  app: string,
  user: number,
): Promise<Picture> {
  const [row, devices, sessions, settings, alias, tags, events, audit] = await Promise.all([
    findAccountRow(sql, app, user),
    devicesOf(sql, app, user, now()),
    listSessionRows(sql, app, user, now()),
    settingsOf(sql, app, user),
    findAlias(sql, app, user),
    listTags(sql, app, user),
    listEvents(sql, app, user, lately),
    entriesAbout(sql, app, user, lately),
  ])
  const { status, must_change_password, created_at, ...profile } = row ?? (await absent(sql, app, user))
  const online = devices.some(({ connected }) => connected)
  return {
    profile,
    account: {
      status,
      registered_at: created_at,
      must_change_password: must_change_password === 1,
      online,
      last_seen: online ? now() : Math.max(0, ...devices.map(({ seen_at }) => seen_at)),
    },
    ban: status === banned ? { banned: true, ...latestBan(events, audit) } : { banned: false, at: 0, by: '' },
    settings: settings ?? (await absent(sql, app, user)),
    alias,
    tags,
    devices,
    sessions,
    events: events.map(({ at, kind, device_sn }) => ({ at, kind, device_sn })),
    audit,
  }
}

function latestBan(events: { kind: string; at: number }[], audit: Entry[]) {
  const entry = audit.find(({ act }) => bans.has(act))
  return { at: entry?.at ?? events.find(({ kind }) => kind === 'disabled')?.at ?? 0, by: entry?.actor.name ?? '' }
}

async function settingsOf(sql: Sql, app: string, user: number) {
  const [row, badge] = await Promise.all([findSettings(sql, app, user), findBadge(sql, app, user)])
  if (!row) return undefined
  const { id: _, user_id: __, auth_answer: ___, push_token: ____, ...shown } = shownSettings(row, '')
  return { ...shown, badge }
}

async function devicesOf(sql: Sql, app: string, user: number, now: number): Promise<Picture['devices']> {
  const [devices, bindings, sessions, connections] = await Promise.all([
    listDeviceRows(sql, app, user),
    listBindingRows(sql, app, user),
    listSessionRows(sql, app, user, now),
    listConnectionRows(sql, app, user, now - nodeLife),
  ])
  const signedIn = new Set(sessions.map(({ device_sn }) => device_sn))
  const connected = new Map(connections.map(({ device_sn, connected_at }) => [device_sn, connected_at]))
  return devices.map(device => ({
    ...device,
    signed_in: signedIn.has(device.device_sn),
    connected: connected.has(device.device_sn),
    connected_at: connected.get(device.device_sn) ?? 0,
    bindings: bindings
      .filter(({ device_sn }) => device_sn === device.device_sn)
      .map(({ device_sn: _, provider, ...binding }) => ({ ...binding, provider: providerOf(provider) })),
  }))
}
