import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TObject, TSchema } from '@sinclair/typebox'
import { insertNotifier } from '../server/notifiers/notifiers.sql.ts'
import { deskOf, json } from './support/desk.ts'
import { exampleOf, freshName } from './support/examples.ts'
import { ask } from './support/http.ts'
import { type Route, rawOf, routes } from './support/routes.ts'
import { staffOf } from './support/staff.ts'
import { headersFor } from './support/standing.ts'
import { subscriptionOf } from './support/vendors/web.ts'

interface Limit {
  most: number
  unit: 'characters' | 'bytes'
  /** What a text of just that length is answered with, where it is not 200. */
  then?: number
}

const characters = (most: number, then = 200): Limit => ({ most, unit: 'characters', then })
const bytes = (most: number, then = 200): Limit => ({ most, unit: 'bytes', then })

/** How long each text may be, by its name; where one name means two things, by operation and name. */
const limits: Record<string, Limit> = {
  username: characters(64),
  password: characters(256),
  new_password: characters(256),
  old_password: characters(256, 11001),
  'deleteUser.password': characters(256, 11001),
  'signInByName.password': characters(256, 402),
  'signInById.password': characters(256, 402),
  'signInByLogin.password': characters(256, 402),
  name: characters(256, 402),
  'createNotifier.name': characters(64),
  'changeNotifier.name': characters(64, 13006),
  'createApp.name': characters(64),
  'setApp.name': characters(64),
  'createAdminToken.name': characters(64),
  'createOperatorToken.name': characters(64),
  'introspect.token': characters(512),
  'signInToConsole.token': characters(256, 10008),
  'confirmConsoleSession.token': characters(256, 10008),
  token_id: characters(64, 13021),
  session_id: characters(64),
  provider: characters(16, 10002),
  actor: characters(64),
  act: characters(64),
  login_name: characters(256, 402),
  nick_name: characters(128),
  description: characters(1024),
  private_info: bytes(16_384),
  public_info: bytes(16_384),
  avatar: bytes(2048),
  'createWebhook.url': bytes(1024, 10002),
  'changeWebhook.url': bytes(1024, 10002),
  'createWebhook.description': characters(128),
  'changeWebhook.description': characters(128, 13009),
  event_id: characters(64, 13009),
  q: characters(256),
  alias: characters(64),
  push_token: bytes(512),
  'setAlias.push_token': bytes(512, 13005),
  'testPush.push_token': bytes(512, 10002),
  device_guid: bytes(128),
  device_token: bytes(512),
  notifier_name: characters(64, 13006),
  sign: characters(128),
  auth_question: characters(256),
  auth_answer: characters(256),
  push_nick_name: characters(128),
  'setPushNickname.value': characters(128),
}

/** Their patterns, or being opaque, say more than a length; so do one of a few words, whose schema has none. */
const without = new Set(['mobile', 'cursor', 'time_zone'])

const ofEach = routes.filter(({ method, operation }) => method === operation.methods[0])

test('no text is longer than its limit, and one that is just as long is taken', async t => {
  const { node, refused } = await deskOf(t)

  for (const route of ofEach)
    for (const field of textsOf(route.operation.query, route.operation.body)) {
      const { most, unit, then } = limitOf(route, field)

      await t.test(`${field} of ${route.name}: ${most} ${unit}`, async () => {
        const person = await node.signUp(freshName())
        const staff = await staffOf(node)
        const send = (text: string) => {
          const input = { ...exampleOf(route, { ...person, spare: person.device, staff }), [field]: text }
          return rawOf(route, input, headersFor(route.operation, node, person, staff))
        }

        const longer = await refused(send(textOf(most + 1, unit, field)), 10002, field, raw => ask(node.url, raw))
        const { code } = await ask(node.url, send(textOf(most, unit, field)))

        assert.match(longer.message, new RegExp(`at most ${most} ${unit}`))
        assert.equal(code, then)
      })
    }
})

test('nor is any in an item of a batch', async t => {
  const { node, ann, admin } = await deskOf(t)

  for (const route of ofEach)
    for (const field of textsOf(itemOf(route.operation.body))) {
      const { most, unit } = limitOf(route, field)

      await t.test(`${field} of ${route.name}: ${most} ${unit}`, async () => {
        const items = [most + 1, most].map(length => {
          const [item] = (exampleOf(route, { ...ann, spare: 1 }) as { list: object[] }).list
          return { ...item, [field]: textOf(length, unit, field) }
        })

        const { data } = await admin(rawOf(route, { list: items }, { app_id: node.appId }))

        const [longer, just] = data as { success: boolean; reason: string }[]
        const words = `^invalid request parameter: list\\[0\\]\\.${field} .*at most ${most} ${unit}`
        assert.match(String(longer?.reason), new RegExp(words))
        assert.deepEqual([longer?.success, just?.success], [false, true])
      })
    }
})

test('a Web Push subscription may be 4,096 bytes long', async t => {
  const { node, ann, send, refused } = await deskOf(t)
  const { sql, now } = node.node.services
  await insertNotifier(sql, node.appId, 'web', 100, now())
  const bind = (length: number) => ({
    method: 'PUT',
    path: '/user/token/bind',
    body: json({ device_sn: ann.device, device_token: subscriptionOf(length), notifier_name: 'web' }),
  })

  await refused(bind(4097), 10002, 'device_token')
  assert.equal((await send(bind(4096))).code, 200)
})

test('an avatar holds no control characters at all', async t => {
  const { refused } = await deskOf(t)

  for (const control of ['\t', '\n', '\r', '\u007f', '\u0080', '\u009f'])
    await refused({ method: 'PUT', path: '/user/avatar', body: json({ avatar: `a${control}` }) }, 10002, 'avatar')
})

test('what must not be empty says so', async t => {
  const { refused } = await deskOf(t)
  const bind = { device_sn: 1, device_token: 'a', notifier_name: 'capture' }

  await refused({ method: 'PUT', path: '/user/username?username=' }, 10002, 'username')
  await refused({ method: 'POST', path: '/user/push/tag', body: json({ tags: [''] }) }, 10002, 'tags[0]')
  for (const field of ['device_token', 'notifier_name'])
    await refused({ method: 'PUT', path: '/user/token/bind', body: json({ ...bind, [field]: '' }) }, 10002, field)
  for (const field of ['username', 'password']) {
    const body = json({ username: 'bob', password: 'p', [field]: '' })
    await refused({ method: 'POST', path: '/user/register/v2', body }, 10002, field)
  }
})

let texts = 0

/** A new text of exactly this length: in characters that take four bytes, or in bytes of characters that take three. */
function textOf(length: number, unit: Limit['unit'], field: string): string {
  texts++
  if (field === 'username') return freshName().padEnd(length, '中')
  if (unit === 'characters') return String.fromCodePoint(0x1f300 + texts).repeat(length)
  return String.fromCodePoint(0x4e00 + texts).repeat(Math.floor(length / 3)) + 'x'.repeat(length % 3)
}

function limitOf({ name }: Route, field: string): Limit {
  const limit = limits[`${name}.${field}`] ?? limits[field]
  if (!limit) throw new Error(`the limit of ${name}.${field} is tested nowhere`)
  return limit
}

function textsOf(...groups: (TObject | undefined)[]): string[] {
  const fields = groups.flatMap(group => Object.entries(group?.properties ?? {}))
  const isText = ({ type, pattern, maxLength, maxBytes }: TSchema) =>
    type === 'string' && (pattern === undefined || maxLength !== undefined || maxBytes !== undefined)
  return fields.filter(([name, field]) => isText(field) && !without.has(name)).map(([name]) => name)
}

function itemOf(body: TObject | undefined): TObject | undefined {
  const items = (body?.properties.list as TSchema | undefined)?.items as TSchema | undefined
  return items?.type === 'object' ? (items as TObject) : undefined
}
