/** What somebody may do next, as data that can be shrunk and printed: people and tokens are told by their places. */
import fc from 'fast-check'

/** As whom: `n` counts users, or tokens, in the order in which they came. */
export type As =
  | { as: 'nobody' | 'garbage' | 'admin' | 'admin of the other app' | 'in an unknown app' }
  | Counted
  | { as: 'user naming'; n: number; other: number }
  | { as: 'admin naming'; text: string }

export type Counted = { as: 'user' | 'token' | 'admin for' | 'nobody naming'; n: number }

export interface Call {
  call: string
  app: number
  by: As
  input: Record<string, unknown>
  agent: string
  /** Which of the operation's methods. */
  method: number
}

export interface Connect {
  do: 'connect'
  app: number
  by: As
  guid: string
  /** 0: the hello does not say it. */
  platform: number
  agent: string
}

export type Step = Call | Connect | { do: 'disconnect'; n: number } | { do: 'let a month pass' }

/** Stands in an input for the id of the caller, or of the nth user, for the push token of its first device, or for a text of this length. */
export type Reference = { self: true } | { user: number } | { pushTokenOf: number } | { long: number }

const long = (long: number): Reference => ({ long })
const people = 6
const n = fc.nat(people)
const mostly = <T, U>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<U>) =>
  fc.oneof({ weight: 14, arbitrary: good as fc.Arbitrary<T | U> }, { weight: 1, arbitrary: bad })
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 })
const one = <T extends readonly unknown[]>(...values: T) => fc.constantFrom(...(values as readonly T[number][]))

const user = n.map(n => ({ user: n }))
const userId = mostly(user, one(0, -1, 'x', '9007199254740993', undefined))
const username = mostly(
  one('ann', 'ANN', 'ben', '李雷', 'Cat_3', 'dan', 'eve', 'fox'),
  one('', '77', 'maxim_1', 'a b', long(65), undefined),
)
const password = mostly(one('x', 'xx', 'x', 'xx', '密'), one('', long(257), undefined))
const text = mostly(one('', 'a', 'täg', '\u{1f600}', 'b\tc\n', "' or 1=1 --"), one(long(1100), 'a\0', '\r'))
const flag = mostly(one(true, false, 'true', 'false'), one('yes', 2, undefined))
const hour = mostly(one(0, 7, 22, 23, '8'), one(24, -1, '', '0x1', undefined))
const guid = one('', 'phone', 'phone', 'tablet', 'desk')
const agent = one('', 'Android 16', 'iPhone OS 20')
const platform = mostly(maybe(one(1, 2, 6, '3')), one(0, 7))
const pushToken = mostly(
  fc.oneof(
    one('', 'push 1', 'push 2', 'push 3'),
    n.map(n => ({ pushTokenOf: n })),
  ),
  one(long(513)),
)
const alias = mostly(one('', 'red', 'blue', 'Red'), one(long(65), undefined))
const sn = mostly(one(1, 2, 3, '1', 4, 5), one(0, -1, 'x', 2_147_483_648, undefined))
const tag = one('a', 'b', 'c', 'd')
const many = one(0, 30, 60).map(from => Array.from({ length: 60 }, (_, i) => `t${from + i}`))
const tags = mostly(
  fc.oneof({ weight: 4, arbitrary: fc.array(tag, { minLength: 1, maxLength: 3 }) }, { weight: 1, arbitrary: many }),
  one([], [''], [long(65)], 'a', undefined),
)
const someUsers = mostly(fc.array(user, { minLength: 1, maxLength: 3 }), one([], ['x'], undefined))
const items = <T>(item: fc.Arbitrary<T>) => mostly(fc.array(item, { minLength: 1, maxLength: 4 }), one([], undefined))

const profile = {
  description: maybe(text),
  nick_name: maybe(text),
  private_info: maybe(text),
  public_info: maybe(text),
}
const avatar = mostly(one('', 'http://a/b.png', 'é'), one(long(2049), 'a\tb', undefined))
const from = { device_guid: maybe(guid), platform }

type Inputs = Record<string, fc.Arbitrary<unknown>>

const strangers = ['nobody', 'garbage', 'admin', 'admin of the other app', 'in an unknown app'] as const

const bySelf: fc.Arbitrary<As> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ as: fc.constant('user' as const), n }) },
  { weight: 7, arbitrary: fc.record({ as: fc.constant('admin for' as const), n }) },
  { weight: 3, arbitrary: fc.record({ as: fc.constant('token' as const), n: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ as: fc.constant('user naming' as const), n, other: n }) },
  { weight: 1, arbitrary: fc.record({ as: fc.constant('nobody naming' as const), n }) },
  { weight: 1, arbitrary: one('x', '0', '-1', '').map(text => ({ as: 'admin naming' as const, text })) },
  {
    weight: 1,
    arbitrary: one(...strangers).map(as => ({ as })),
  },
)
const byAdmin: fc.Arbitrary<As> = fc.oneof(
  { weight: 9, arbitrary: fc.constant({ as: 'admin' as const }) },
  { weight: 1, arbitrary: bySelf },
)
const byGuest: fc.Arbitrary<As> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ as: 'nobody' as const }) },
  { weight: 2, arbitrary: byAdmin },
)

const call = (weight: number, by: fc.Arbitrary<As>, name: string, input: Inputs = {}) => ({
  weight,
  arbitrary: fc.record<Call>({
    call: fc.constant(name),
    app: one(0, 0, 1),
    by,
    input: fc.record(input),
    agent,
    method: fc.nat(1),
  }) as fc.Arbitrary<Step>,
})

const onFlag = ['setAutoDownload', 'setNoSounds', 'setVibratory', 'setNoPush', 'setNoPushDetail']
const reads = ['getProfile', 'getSettings', 'listDevices', 'listTags', 'getOnlineStatus']

export const step: fc.Arbitrary<Step> = fc.oneof(
  call(5, byGuest, 'register', { username, password }),
  call(2, byAdmin, 'registerBatch', { list: items(fc.record({ username, password })) }),
  call(3, byGuest, 'registerPush', {
    username,
    password,
    alias: maybe(alias),
    device_guid: maybe(guid),
    push_token: maybe(pushToken),
  }),
  call(14, byGuest, 'signInById', { user_id: userId, password, ...from }),
  call(4, byGuest, 'signInByName', { name: username, password, ...from }),
  call(3, byGuest, 'signInByLogin', {
    login_name: fc.oneof(username, one('+4915112345', '13800138000', 'no@body')),
    password,
    ...from,
  }),
  call(3, bySelf, 'changePassword', { new_password: password, old_password: password }),
  call(2, bySelf, 'changePasswordAdmin', { password, must_change: mostly(maybe(fc.boolean()), fc.constant('maybe')) }),
  call(2, bySelf, 'deleteUser', { password: maybe(password) }),
  call(2, byAdmin, 'disable', { list: someUsers }),
  call(3, byAdmin, 'enable', { list: someUsers }),
  call(2, byAdmin, 'listUsers', {
    page_num: mostly(maybe(one(1, 2, 3)), one(0)),
    page_size: mostly(maybe(one(1, 2, 200)), one(201)),
  }),
  call(3, bySelf, 'setMobile', {
    mobile: mostly(one('', '+4915112345', '13800138000'), one('12800138000', '+1', undefined)),
  }),
  call(4, bySelf, 'setUsername', { username }),
  call(4, bySelf, 'setProfile', profile),
  call(2, byAdmin, 'setProfileBatch', { list: items(fc.record({ user_id: userId, ...profile })) }),
  call(2, bySelf, 'setNickname', { nick_name: text }),
  call(2, bySelf, 'setAvatar', { avatar }),
  call(2, byAdmin, 'setAvatarBatch', { list: items(fc.record({ user_id: userId, avatar })) }),
  call(2, bySelf, 'setPrivateInfo', { text: fc.oneof(text, one(long(16_384), long(16_385))) }),
  call(2, bySelf, 'setPublicInfo', { text }),
  call(8, bySelf, 'setSettings', {
    user_id: mostly(fc.constant<Reference>({ self: true }), userId),
    auth_answer: maybe(text),
    auth_mode: maybe(mostly(one(0, 3, '2'), one(4))),
    no_push: maybe(flag),
    vibratory: maybe(flag),
    silence_start_time: maybe(hour),
    push_nick_name: maybe(text),
    push_token: maybe(pushToken),
    time_zone: maybe(mostly(one('', 'Europe/Berlin'), one('Nowhere/Land'))),
  }),
  call(1, bySelf, 'setAuthMode', { value: mostly(one(0, 1, 2, 3, '1'), one(4, -1, 'x', undefined)) }),
  call(1, bySelf, 'setQuietHours', { no_push_end_hour: hour, no_push_start_hour: hour }),
  call(1, bySelf, 'setPushNickname', { value: text }),
  ...onFlag.map(name => call(1, bySelf, name, { value: flag })),
  ...reads.map(name => call(3, bySelf, name)),
  call(4, bySelf, 'removeDevice', { device_sn: sn }),
  call(4, bySelf, 'kick', { device_sn: fc.oneof(sn, fc.constant(undefined)) }),
  call(6, bySelf, 'bindDeviceToken', {
    device_sn: sn,
    device_token: mostly(one('vendor 1', 'vendor 2', 'vendor 3'), one('', long(513), undefined)),
    notifier_name: mostly(one('capture', 'capture', 'capture', 'nobody'), one('', undefined)),
  }),
  call(2, bySelf, 'unbindDeviceToken', { deviceSn: sn }),
  call(2, fc.oneof(byAdmin, bySelf), 'presenceBatch', { list: someUsers }),
  call(6, bySelf, 'setAlias', { alias, push_token: maybe(pushToken) }),
  call(1, bySelf, 'setBadge', { badge: mostly(one(0, 5, 99_999, '7'), one(100_000, -1, undefined)) }),
  call(4, bySelf, 'addTags', { tags }),
  call(2, bySelf, 'removeTags', { tags }),
  call(1, bySelf, 'clearTags'),
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('connect' as const),
      app: one(0, 0, 1),
      by: bySelf,
      guid,
      platform: one(0, 0, 5),
      agent,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('disconnect' as const), n: fc.nat(8) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'let a month pass' as const }) },
)

/** How every sequence begins: some people in both apps, most of them signed in. */
export const beginning: Step[] = [0, 1].flatMap(app => [
  ...['ann', 'ben', '李雷'].map(username => simple('register', app, { username, password: 'x' })),
  ...[0, 0, 1].map((who, i) =>
    simple('signInById', app, { user_id: { user: who }, password: 'x', device_guid: i === 0 ? 'phone' : '' }),
  ),
])

function simple(name: string, app: number, input: Record<string, unknown>): Step {
  return { call: name, app, by: { as: 'admin' }, input, agent: '', method: 0 }
}
