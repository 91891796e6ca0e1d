import { banned, findAccount } from '../accounts/accounts.sql.ts'
import { absent } from '../accounts/existence.ts'
import { listBindings, listDevices } from '../devices/devices.sql.ts'
import { platforms } from '../devices/platforms.ts'
import { listEvents } from '../events/events.sql.ts'
import { connectedDevices } from '../presence/leases.ts'
import type { Profile } from '../profiles/profiles.sql.ts'
import { findAlias, listTags } from '../push/push.sql.ts'
import type { Sql } from '../storage/sql.ts'
import { listLiveSessions } from '../tokens/tokens.sql.ts'
import { type Answer, list, table, time } from './print.ts'

const lastEvents = 10

type Report = Awaited<ReturnType<typeof gather>>

/** What support staff ask of a user. No hash and no token is ever in it. */
export async function reportUser(
  sql: Sql,
  app: string,
  profile: Profile,
  now: number,
  isPrivate: boolean,
): Promise<Answer> {
  const report = await gather(sql, app, profile, now)
  const { private_info } = profile
  return {
    data: { ...report, ...(isPrivate && { private_info }) },
    text: [
      list([...profileLines(report), ...(isPrivate ? [['private info', private_info] as [string, string]] : [])]),
      deviceTable(report),
      eventTable(report),
    ].join('\n\n'),
  }
}

async function gather(sql: Sql, app: string, { private_info: _, ...profile }: Profile, now: number) {
  const user = profile.user_id
  const [account, alias, tags, events, devices] = await Promise.all([
    findAccount(sql, app, user),
    findAlias(sql, app, user),
    listTags(sql, app, user),
    listEvents(sql, app, user, lastEvents),
    gatherDevices(sql, app, user, now),
  ])
  const { status, must_change_password } = account ?? (await absent(sql, app, user))
  return {
    app_id: app,
    ...profile,
    status: status === banned ? 'banned' : 'normal',
    must_change_password: must_change_password === 1,
    online: devices.some(({ connected }) => connected),
    alias,
    tags,
    devices,
    events,
  }
}

async function gatherDevices(sql: Sql, app: string, user: number, now: number) {
  const [devices, sessions, bindings, connected] = await Promise.all([
    listDevices(sql, app, user),
    listLiveSessions(sql, app, user, now),
    listBindings(sql, app, user),
    connectedDevices(sql, app, user, now),
  ])
  const ends = new Map(sessions.map(({ device_sn, expires_at }) => [device_sn, expires_at]))
  return devices.map(({ device_sn, platform, user_agent, seen_at }) => ({
    device_sn,
    platform: platforms[platform] ?? String(platform),
    user_agent,
    seen_at,
    session: ends.has(device_sn) ? 'live' : 'ended',
    session_expires_at: ends.get(device_sn) ?? 0,
    connected: connected.has(device_sn),
    notifiers: bindings.filter(binding => binding.device_sn === device_sn).map(({ notifier_name }) => notifier_name),
  }))
}

const profileLines = (report: Report): [string, string][] => [
  ['user', String(report.user_id)],
  ['username', report.username],
  ['app', report.app_id],
  ['status', report.status + (report.must_change_password ? ', must change the password' : '')],
  ['online', report.online ? 'yes' : 'no'],
  ['nickname', report.nick_name],
  ['mobile', report.mobile],
  ['email', report.email],
  ['avatar', report.avatar],
  ['description', report.description],
  ['public info', report.public_info],
  ['alias', report.alias],
  ['tags', report.tags.join(', ')],
]

const deviceTable = ({ devices }: Report) =>
  table(
    ['DEVICE', 'PLATFORM', 'SESSION', 'CONNECTED', 'SEEN', 'NOTIFIERS', 'USER AGENT'],
    devices.map(device => [
      String(device.device_sn),
      device.platform,
      device.session,
      device.connected ? 'yes' : 'no',
      time(device.seen_at),
      device.notifiers.join(', ') || '-',
      device.user_agent,
    ]),
    'No devices.',
  )

const eventTable = ({ events }: Report) =>
  table(
    ['EVENT', 'DEVICE', 'AT'],
    events.map(({ kind, device_sn, at }) => [kind, device_sn === 0 ? 'all' : String(device_sn), time(at)]),
    'No events.',
  )
