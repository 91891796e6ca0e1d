/** What the service should know, in plain data: written after what is promised of it, not after its code. */

export interface Device {
  sn: number
  guid: string
  platform: number
  userAgent: string
  pushToken: string
  /** When it was signed in on last, or when its last connection ended (ms). */
  seen: number
}

export interface User {
  id: number
  username: string
  password: string
  mustChange: boolean
  banned: boolean
  profile: Record<string, string>
  settings: Record<string, string | number | boolean>
  alias: string
  tags: string[]
  badge: number
  devices: Device[]
  lastSn: number
}

export interface Token {
  token: string
  app: App
  user: number
  sn: number
  expires: number
  ended: boolean
}

export interface Binding {
  notifier: string
  token: string
  user: number
  sn: number
}

/** One open WebSocket; `closed` is the code that it must have been closed with. */
export interface Connection {
  app: App
  user: number
  sn: number
  closed?: number
}

export interface App {
  id: string
  adminToken: string
  /** Whether anybody may register. */
  isOpen: boolean
  /** How many devices a user may have. */
  cap: number
  users: Map<number, User>
  /** Every id that was ever given out. */
  ids: number[]
  bindings: Binding[]
}

export interface World {
  now: number
  apps: [App, App]
  tokens: Token[]
  connections: Connection[]
  /** Whether a month has passed: nobody connects after it, since nodes do not count as alive for so long. */
  isLater: boolean
}

export const tokenLife = 30 * 86_400_000
/** One that no app gives out in a test. */
export const unknownUser = 999_999

export const emptyApp = (id: string, adminToken: string, { isOpen, cap }: Pick<App, 'isOpen' | 'cap'>): App => ({
  id,
  adminToken,
  isOpen,
  cap,
  users: new Map(),
  ids: [],
  bindings: [],
})

export const newUser = (id: number, username: string, password: string): User => ({
  id,
  username,
  password,
  mustChange: false,
  banned: false,
  profile: { avatar: '', description: '', email: '', mobile: '', nick_name: '', private_info: '', public_info: '' },
  settings: {
    auth_answer: '',
    auth_mode: 0,
    auth_question: '',
    auto_download: false,
    group_confirm: false,
    no_push: false,
    no_push_detail: false,
    no_push_end_hour: 0,
    no_push_start_hour: 0,
    no_sounds: false,
    push_nick_name: '',
    silence_end_time: 0,
    silence_start_time: 0,
    time_zone: '',
    vibratory: false,
  },
  alias: '',
  tags: [],
  badge: 0,
  devices: [],
  lastSn: 0,
})

export const usersOf = ({ users }: App): User[] => [...users.values()]

export const named = (app: App, username: string) =>
  usersOf(app).find(user => user.username.toLowerCase() === username.toLowerCase())

export const deviceOf = ({ devices }: User, sn: number) => devices.find(device => device.sn === sn)

/** Newest seen first. */
export const bySeen = ({ devices }: User) => [...devices].sort((a, b) => b.seen - a.seen || b.sn - a.sn)

export const ownerOfPushToken = (app: App, pushToken: string) =>
  usersOf(app).find(({ devices }) => devices.some(device => device.pushToken === pushToken))

export const isLive = ({ now }: World, { ended, expires }: Token) => !ended && expires > now

export const openOf = ({ connections }: World, app: App, user: number) =>
  connections.filter(each => each.closed === undefined && each.app === app && each.user === user)

/** What an act ends: sessions and connections of these devices and, unless somebody takes the place, their bindings. */
export function end(
  world: World,
  app: App,
  user: User,
  which: (sn: number) => boolean,
  code: number,
  replaced = false,
) {
  for (const token of world.tokens)
    if (token.app === app && token.user === user.id && which(token.sn)) token.ended = true
  for (const connection of openOf(world, app, user.id)) if (which(connection.sn)) close(world, connection, code)
  if (!replaced) app.bindings = app.bindings.filter(each => each.user !== user.id || !which(each.sn))
}

/** Its device was seen until now. */
export function close({ now }: World, connection: Connection, code: number) {
  connection.closed = code
  const user = connection.app.users.get(connection.user)
  const device = user && deviceOf(user, connection.sn)
  if (device) device.seen = now
}

export function forgetDevice(app: App, user: User, sn: number) {
  user.devices = user.devices.filter(device => device.sn !== sn)
  app.bindings = app.bindings.filter(each => each.user !== user.id || each.sn !== sn)
}
