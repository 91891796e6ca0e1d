import { randomBytes } from 'node:crypto'
import type { Static } from '@sinclair/typebox'
import type { AppPolicy, apps } from '../../contract/apps.ts'
import { complaints } from '../../contract/complaints.ts'
import { fail } from '../../contract/errors.ts'
import { countUsers } from '../accounts/pages.sql.ts'
import { theAdminTokens, theAppItself } from '../audit/things.ts'
import type { Handlers } from '../call.ts'
import type { Sql } from '../storage/sql.ts'
import { createAdminToken } from '../tokens/admin-tokens.ts'
import { type App, findApp, listAppsAfter, updateApp, updateSecret } from './apps.sql.ts'
import { createApp, defaultPolicy, newAppId, type Policy, secretRecord } from './apps.ts'
import { rules } from './policy.ts'

type Shown = Static<typeof AppPolicy>

const usualPage = 50

export const handlers: Handlers<typeof apps> = {
  async listApps({ sql, input: { page_size = usualPage, cursor } }) {
    const { at, id } = cursor === undefined ? { at: 0, id: '' } : readCursor(cursor)
    const found = await listAppsAfter(sql, at, id, page_size + 1)
    const page = found.slice(0, page_size)
    const last = page.at(-1)
    return {
      data: await Promise.all(page.map(app => shown(sql, app))),
      ...(found.length > page_size && last && { cursor: `${last.created_at.toString(36)}.${last.app_id}` }),
    }
  },

  async createApp({ about, services, sql, input }) {
    const { seals, now } = services
    const policy = { ...defaultPolicy, ...policyOf(input) }
    const app_id = newAppId()
    const { app, app_secret } = await createApp(about(theAppItself(app_id)).sql, seals, policy, now(), app_id)
    const { token } = await createAdminToken(about(theAdminTokens(app_id)).sql, app_id, 'createApp', now())
    services.apps.forget()
    return { ...(await shown(sql, app)), app_secret, admin_token: token }
  },

  async showApp({ sql, app }) {
    return shown(sql, app)
  },

  async setApp({ about, services, sql, app: { app_id }, input }) {
    const wanted = policyOf(input)
    const changed = await about(theAppItself(app_id)).sql.begin(async sql => {
      const app = { ...((await findApp(sql, app_id)) ?? fail('app_not_found')), ...wanted }
      await updateApp(sql, app)
      return app
    })
    services.apps.forget()
    return shown(sql, changed)
  },

  async rotateAppSecret({ about, services, app: { app_id } }) {
    const app_secret = randomBytes(32).toString('hex')
    await updateSecret(about(theAppItself(app_id)).sql, app_id, services.seals.seal(secretRecord(app_id), app_secret))
    services.apps.forget()
    return { app_secret }
  },
}

const keyOf = (word: string) => word.replaceAll('-', '_')

async function shown(sql: Sql, app: App): Promise<Shown> {
  const policy = Object.fromEntries(rules.map(({ word, dataOf }) => [keyOf(word), dataOf(app)]))
  const { app_id, created_at } = app
  return {
    app_id,
    ...(policy as Omit<Shown, 'app_id' | 'users' | 'created_at'>),
    users: await countUsers(sql, app_id),
    created_at,
  }
}

/** The change that the input asks for, by the rules that the command line goes by too. */
function policyOf(input: Record<string, unknown>): Partial<Policy> {
  const said = rules.filter(({ word }) => input[keyOf(word)] !== undefined)
  return Object.assign({}, ...said.map(({ word, read }) => readOne(word, read, input[keyOf(word)])))
}

function readOne(word: string, read: (text: string) => Partial<Policy>, value: unknown): Partial<Policy> {
  try {
    return read(textOf(value))
  } catch (error) {
    return fail('invalid_parameter', complaints.policy(keyOf(word), (error as Error).message))
  }
}

const textOf = (value: unknown) => {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return Array.isArray(value) ? value.join(',') : String(value)
}

function readCursor(cursor: string) {
  const [at = '', id = ''] = cursor.split('.')
  return /^[0-9a-z]{1,10}\.[0-9a-z]+$/.test(cursor)
    ? { at: Number.parseInt(at, 36), id }
    : fail('invalid_parameter', complaints.cursor('cursor'))
}
