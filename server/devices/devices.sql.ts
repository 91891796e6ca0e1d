import type { Sql } from '../storage/sql.ts'

export interface Device {
  device_sn: number
  platform: number
  user_agent: string
  user_id: number
  push_token: string
  seen_at: number
}

/** All devices of the user, newest seen first. */
export const listDevices = (sql: Sql, app: string, user: number) => sql<Device>`
    select device_sn, platform, user_agent, user_id, push_token, seen_at
      from devices
     where app_id = ${app} and user_id = ${user}
     order by seen_at desc, device_sn desc`

export async function hasDevice(sql: Sql, app: string, user: number, device: number) {
  const rows = await sql`
    select device_sn
      from devices
     where app_id = ${app} and user_id = ${user} and device_sn = ${device}`
  return rows.length === 1
}

export async function findDeviceByGuid(sql: Sql, app: string, user: number, guid: string) {
  const [device] = await sql<{ device_sn: number; push_token: string }>`
    select device_sn, push_token
      from devices
     where app_id = ${app} and user_id = ${user} and device_guid = ${guid}`
  return device
}

/** The next serial number of the user; undefined when there is no such user. */
export async function takeDeviceSn(sql: Sql, app: string, user: number, now: number) {
  const [taken] = await sql<{ last_device_sn: number }>`
    update users
       set last_device_sn = last_device_sn + 1, devices_version = ${now}
     where app_id = ${app} and user_id = ${user}
    returning last_device_sn`
  return taken?.last_device_sn
}

export const noteDeviceChange = (sql: Sql, app: string, user: number, now: number) => sql`
    update users
       set devices_version = ${now}
     where app_id = ${app} and user_id = ${user}`

export async function findDevicesVersion(sql: Sql, app: string, user: number) {
  const [row] = await sql<{ devices_version: number }>`
    select devices_version
      from users
     where app_id = ${app} and user_id = ${user}`
  return row?.devices_version
}

export const insertDevice = (
  sql: Sql,
  app: string,
  user: number,
  device: { sn: number; guid: string; platform: number; userAgent: string; pushToken: string },
  now: number,
) => sql`
    insert into devices (app_id, user_id, device_sn, device_guid, platform, user_agent, push_token, seen_at, created_at)
    values (${app}, ${user}, ${device.sn}, ${device.guid}, ${device.platform}, ${device.userAgent},
            ${device.pushToken}, ${now}, ${now})`

/** The device was signed in on again. */
export const renewDevice = (
  sql: Sql,
  app: string,
  user: number,
  { sn, platform, userAgent }: { sn: number; platform: number; userAgent: string },
  now: number,
) => sql`
    update devices
       set platform = ${platform}, user_agent = ${userAgent}, seen_at = ${now}
     where app_id = ${app} and user_id = ${user} and device_sn = ${sn}`

/** Writes nothing where the device was noted after `since`. */
export const touchDevice = (sql: Sql, app: string, user: number, device: number, now: number, since: number) => sql`
    update devices
       set seen_at = ${now}
     where app_id = ${app} and user_id = ${user} and device_sn = ${device} and seen_at < ${since}`

export const deleteDevice = (sql: Sql, app: string, user: number, device: number) => sql`
    delete from devices
     where app_id = ${app} and user_id = ${user} and device_sn = ${device}`

export async function findUserByPushToken(sql: Sql, app: string, pushToken: string) {
  const [device] = await sql<{ user_id: number }>`
    select user_id
      from devices
     where app_id = ${app} and push_token = ${pushToken}`
  return device?.user_id
}

/** The push token of one device; of the one last seen when `device` is 0; empty when there is none. */
export async function findPushToken(sql: Sql, app: string, user: number, device: number) {
  const [found] = await sql<{ push_token: string }>`
    select push_token
      from devices
     where app_id = ${app} and user_id = ${user} and (device_sn = ${device} or ${device} = 0)
     order by seen_at desc, device_sn desc
     limit ${1}`
  return found?.push_token ?? ''
}

/** Fails on a unique constraint when another device has the new one. */
export const replacePushToken = (sql: Sql, app: string, user: number, old: string, pushToken: string) => sql`
    update devices
       set push_token = ${pushToken}
     where app_id = ${app} and user_id = ${user} and push_token = ${old}`

export async function findNotifier(sql: Sql, app: string, name: string) {
  const [notifier] = await sql<{ provider: number }>`
    select provider
      from notifiers
     where app_id = ${app} and name = ${name}`
  return notifier
}

/** Makes room for a binding: the device has one a notifier, and the device token has one owner. */
export const removeRivalBindings = (
  sql: Sql,
  app: string,
  user: number,
  device: number,
  notifier: string,
  token: string,
) => sql`
    delete from bindings
     where app_id = ${app} and notifier_name = ${notifier}
       and (device_token = ${token} or (user_id = ${user} and device_sn = ${device}))`

export const insertBinding = (
  sql: Sql,
  app: string,
  user: number,
  device: number,
  notifier: string,
  token: string,
  now: number,
) => sql`
    insert into bindings (app_id, notifier_name, device_token, user_id, device_sn, bound_at)
    values (${app}, ${notifier}, ${token}, ${user}, ${device}, ${now})`

export const removeBindingsOfDevice = (sql: Sql, app: string, user: number, device: number) => sql`
    delete from bindings
     where app_id = ${app} and user_id = ${user} and device_sn = ${device}`

/** Of all devices of the user but one; 0 spares none. */
export const removeBindingsOfUser = (sql: Sql, app: string, user: number, spared: number) => sql`
    delete from bindings
     where app_id = ${app} and user_id = ${user} and device_sn <> ${spared}`

export const listBindings = (sql: Sql, app: string, user: number) =>
  sql<{ device_sn: number; notifier_name: string; bound_at: number }>`
    select device_sn, notifier_name, bound_at
      from bindings
     where app_id = ${app} and user_id = ${user}
     order by device_sn, notifier_name`

export async function findGuid(sql: Sql, app: string, user: number, device: number) {
  const [found] = await sql<{ device_guid: string }>`
    select device_guid
      from devices
     where app_id = ${app} and user_id = ${user} and device_sn = ${device}`
  return found?.device_guid
}

export const setGuid = (sql: Sql, app: string, user: number, device: number, guid: string) => sql`
    update devices
       set device_guid = ${guid}
     where app_id = ${app} and user_id = ${user} and device_sn = ${device}`

export async function findDescription(sql: Sql, app: string, user: number, device: number) {
  const [found] = await sql<{ platform: number; user_agent: string }>`
    select platform, user_agent
      from devices
     where app_id = ${app} and user_id = ${user} and device_sn = ${device}`
  return found
}

/** Writes nothing where that is known already. */
export const describeDevice = (
  sql: Sql,
  app: string,
  user: number,
  device: number,
  platform: number,
  userAgent: string,
) => sql`
    update devices
       set platform = ${platform}, user_agent = ${userAgent}
     where app_id = ${app} and user_id = ${user} and device_sn = ${device}
       and (platform <> ${platform} or user_agent <> ${userAgent})`
