import { randomBytes } from 'node:crypto'
import { fail } from '../../contract/errors.ts'
import type { App } from '../apps/apps.sql.ts'
import { connectedDevices } from '../presence/leases.ts'
import { ConstraintError, type Sql } from '../storage/sql.ts'
import type { End } from '../tokens/revocation.ts'
import {
  deleteDevice,
  findDeviceByGuid,
  insertDevice,
  listDevices,
  noteDeviceChange,
  renewDevice,
  takeDeviceSn,
} from './devices.sql.ts'

/** What a client says of the device that it runs on. An empty guid makes a nameless device each time. */
export interface Entrant {
  guid: string
  platform: number
  userAgent: string
  /** The client's own push token; ours where it is empty. */
  pushToken: string
}

/** Inside a transaction: makes the device, or takes the one of the same guid again and ends its earlier session. */
export async function enterDevice(sql: Sql, end: End, app: App, user: number, entrant: Entrant, now: number) {
  const { guid, platform, userAgent } = entrant
  const known = guid && (await findDeviceByGuid(sql, app.app_id, user, guid))
  if (known) {
    await end({ app: app.app_id, user, device: known.device_sn, kind: 'replaced' })
    await renewDevice(sql, app.app_id, user, { sn: known.device_sn, platform, userAgent }, now)
    await noteDeviceChange(sql, app.app_id, user, now)
    return { ...known, isNew: false }
  }
  await makeRoom(sql, end, app, user, now)
  const sn = (await takeDeviceSn(sql, app.app_id, user, now)) ?? fail('user_not_found')
  const pushToken = entrant.pushToken || `pt_${randomBytes(24).toString('base64url')}`
  try {
    await insertDevice(sql, app.app_id, user, { sn, guid, platform, userAgent, pushToken }, now)
  } catch (error) {
    // The guid and the number are new to the user, so it is the push token that somebody has.
    if (error instanceof ConstraintError && error.kind === 'unique') return fail('push_token_foreign')
    throw error
  }
  return { device_sn: sn, push_token: pushToken, isNew: true }
}

/** Beyond the app's cap the device that was seen longest ago and is not connected goes. */
async function makeRoom(sql: Sql, end: End, app: App, user: number, now: number) {
  const devices = await listDevices(sql, app.app_id, user)
  const tooMany = devices.length - app.device_cap + 1
  if (tooMany <= 0) return
  const connected = await connectedDevices(sql, app.app_id, user, now)
  const idle = devices.filter(({ device_sn }) => !connected.has(device_sn)).reverse()
  if (idle.length < tooMany) fail('too_many_devices')
  for (const { device_sn } of idle.slice(0, tooMany)) {
    await end({ app: app.app_id, user, device: device_sn, kind: 'evicted' })
    await deleteDevice(sql, app.app_id, user, device_sn)
  }
}

/** 0 where nothing tells. A browser names its system too, so it is looked for first. */
export function guessPlatform(userAgent: string): number {
  const guesses: [RegExp, number][] = [
    [/^mozilla\/.*(gecko|webkit|trident)/i, 6],
    [/iphone|ipad|\bios\b|cfnetwork/i, 1],
    [/android|okhttp/i, 2],
    [/windows/i, 3],
    [/macintosh|mac ?os|darwin/i, 4],
    [/linux/i, 5],
  ]
  return guesses.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 0
}
