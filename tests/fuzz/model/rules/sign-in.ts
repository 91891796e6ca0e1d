import { bytes, characters, userId, username, whole } from '../right.ts'
import { chosen, done, enrol, refused, type Told, type Verdict } from '../told.ts'
import {
  type App,
  bySeen,
  type Device,
  end,
  forgetDevice,
  named,
  openOf,
  ownerOfPushToken,
  tokenLife,
  type User,
  usersOf,
} from '../world.ts'
import { password, settingsOf } from './accounts.ts'
import type { Rules } from './rule.ts'

const from = { device_guid: bytes(128), platform: whole(1, 6) }
const name = characters(256, 1)

export const signIns: Rules = {
  signInByName: {
    who: 'guest',
    must: { name, password },
    may: from,
    does: told => signIn(told, named(told.app, String(told.input.name))),
  },
  signInById: {
    who: 'guest',
    must: { user_id: userId, password },
    may: from,
    does: told => signIn(told, told.app.users.get(Number(told.input.user_id))),
  },
  signInByLogin: {
    who: 'guest',
    must: { login_name: name, password },
    may: from,
    does: told => signIn(told, known(told.app, String(told.input.login_name))),
  },
  registerPush: {
    who: 'guest or admin',
    must: { username, password },
    may: { alias: characters(64), device_guid: bytes(128), push_token: bytes(512) },
    does(told) {
      const { app, caller, input, world } = told
      if (caller.kind !== 'admin' && !app.isOpen) return refused(40001)
      if (named(app, String(input.username))) return refused(10004)
      const { alias = '', push_token = '' } = input as Record<string, string>
      if (alias !== '' && usersOf(app).some(user => user.alias === alias)) return refused(13004)
      if (push_token !== '' && ownerOfPushToken(app, push_token)) return refused(13005)
      const user = enrol(app, chosen(told, 'user_id'), String(input.username), String(input.password))
      user.alias = alias
      user.devices = [deviceFor(told, user, push_token)]
      user.lastSn = 1
      return done(settingsOf(user, user.devices[0]?.pushToken ?? `none at ${world.now}`))
    },
  },
}

const known = (app: App, login: string) =>
  named(app, login) ?? usersOf(app).find(user => login !== '' && user.profile.mobile === login)

/** Only the right password learns of a ban. */
function signIn(told: Told, user: User | undefined): Verdict {
  const { world, app, input } = told
  if (!user || user.password !== input.password) return refused(402)
  if (user.banned) return refused(13001)
  const device = enter(told, user)
  if (!device) return refused(13003)
  const token = chosen(told, 'token')
  if (typeof token !== 'string' || token.length < 40 || world.tokens.some(each => each.token === token))
    throw new Error(`${token} is no new token`)
  const expires = world.now + tokenLife
  world.tokens.push({ token, app, user: user.id, sn: device.sn, expires, ended: false })
  return done({
    user_id: user.id,
    token,
    expire: expires,
    push_token: device.pushToken,
    encrypt_type: 0,
    device_sn: device.sn,
    ...(user.mustChange && { must_change_password: true }),
  })
}

/** The device of this name again, or a new one; undefined where there is no room. */
function enter(told: Told, user: User): Device | undefined {
  const { world, app, input } = told
  const { device_guid: guid = '' } = input as Record<string, string>
  const again = user.devices.find(device => guid !== '' && device.guid === guid)
  if (again) {
    end(world, app, user, sn => sn === again.sn, 4005, true)
    return Object.assign(again, { platform: platformOf(told), userAgent: agentOf(told), seen: world.now })
  }
  while (user.devices.length >= app.cap) {
    const connected = new Set(openOf(world, app, user.id).map(({ sn }) => sn))
    const oldest = bySeen(user)
      .reverse()
      .find(({ sn }) => !connected.has(sn))
    if (!oldest) return undefined
    end(world, app, user, sn => sn === oldest.sn, 4001)
    forgetDevice(app, user, oldest.sn)
  }
  user.lastSn++
  const device = deviceFor(told, user, '')
  user.devices.push(device)
  return device
}

const agentOf = ({ headers }: Told) => headers['user-agent'] ?? ''

const platformOf = (told: Told) =>
  told.input.platform === undefined ? guess(agentOf(told)) : Number(told.input.platform)

export const guess = (userAgent: string) => (userAgent.includes('iPhone') ? 1 : userAgent.includes('Android') ? 2 : 0)

/** A push token is the client's own or, chosen by the service, one that nobody has. */
function deviceFor(told: Told, user: User, own: string): Device {
  const pushToken = own || String(chosen(told, 'push_token'))
  if (ownerOfPushToken(told.app, pushToken)) throw new Error(`${pushToken} is no new push token`)
  return {
    sn: user.lastSn || 1,
    guid: String(told.input.device_guid ?? ''),
    platform: platformOf(told),
    userAgent: agentOf(told),
    pushToken,
    seen: told.world.now,
  }
}
