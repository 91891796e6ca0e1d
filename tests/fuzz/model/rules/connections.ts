import type { Caller } from '../caller.ts'
import {
  type Connection,
  close,
  type Device,
  deviceOf,
  end,
  forgetDevice,
  openOf,
  type Token,
  type User,
  type World,
} from '../world.ts'
import { guess } from './sign-in.ts'

interface Hello {
  guid: string
  platform: number
  agent: string
}

/** Whoever was let in: its device has its name from now on, and no other connection. */
export function nameConnection(world: World, caller: Caller | number, hello: Hello): Connection {
  const { app, token } = caller as Caller & { token: Token }
  const user = app.users.get(token.user) as User
  const device = deviceNamed(world, caller as Caller, user, token, hello.guid)
  device.platform = hello.platform || guess(hello.agent) || device.platform
  device.userAgent = hello.agent || device.userAgent
  for (const older of openOf(world, app, user.id)) if (older.sn === device.sn) close(world, older, 4005)
  const connection: Connection = { app, user: user.id, sn: device.sn }
  world.connections.push(connection)
  return connection
}

/** A nameless device takes the name or, where the user has a device of that name, the token moves there. */
function deviceNamed(world: World, { app }: Caller, user: User, token: Token, guid: string): Device {
  const own = deviceOf(user, token.sn) as Device
  if (guid === '' || own.guid !== '') return own
  const namesake = user.devices.find(device => device.guid === guid)
  if (!namesake) return Object.assign(own, { guid })
  end(world, app, user, sn => sn === namesake.sn || sn === own.sn, 4005, true)
  token.sn = namesake.sn
  token.ended = false
  forgetDevice(app, user, own.sn)
  return namesake
}
