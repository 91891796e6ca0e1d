import { findAlias, listTags } from '../push/push.sql.ts'
import type { Sql } from '../storage/sql.ts'
import { lookAtAccount, lookAtDevices, lookAtSettings, type Row } from './subjects.sql.ts'

/** How something looks at a moment, by field, as people may read it. */
export type Picture = Record<string, unknown>

/** What an act is about: looked at before and after, inside the transaction of the act. */
export interface Subject {
  /** 0 where it is no user. */
  user: number
  /** e.g. `notifier/shop-ios`; empty for a user. */
  name: string
  /** In whose trail it is told, where that is not the app that the act is about. */
  app?: string
  /** Undefined where there is no such thing: it is not made yet, or is gone. */
  look(sql: Sql, now: number): Promise<Picture | undefined>
}

/** The whole app: nothing to look at. */
export const wholeApp: Subject = { user: 0, name: '', look: async () => ({}) }

type Part = (sql: Sql, app: string, user: number, now: number) => Promise<Picture | undefined>

const account: Part = async (sql, app, user) => lookAtAccount(sql, app, user)

const settings: Part = async (sql, app, user) => {
  const row = await lookAtSettings(sql, app, user)
  if (!row) return undefined
  const { app_id: _app, user_id: _user, ...own } = row
  return own
}

const labels: Part = async (sql, app, user) => ({
  alias: await findAlias(sql, app, user),
  tags: await listTags(sql, app, user),
})

const devices: Part = async (sql, app, user, now) => {
  const rows = await lookAtDevices(sql, app, user, now)
  return {
    devices: [...new Set(rows.map(({ device_sn }) => device_sn))],
    signed_in: [...new Set(rows.filter(row => row.signed_in === 1).map(({ device_sn }) => device_sn))],
    bindings: [
      ...new Set(rows.filter(row => row.notifier_name !== null).map(row => `${row.device_sn} ${row.notifier_name}`)),
    ],
  }
}

/** What the operations of a domain may change of a user; an act of any other is looked at from all sides. */
const parts: Record<string, Part[]> = {
  accounts: [account, devices],
  profiles: [account],
  settings: [settings, devices],
  devices: [devices],
  push: [labels, settings],
}
const allParts = [account, settings, labels, devices]

export const theUser = (app: string, user: number, domain = ''): Subject => ({
  user,
  name: '',
  async look(sql, now) {
    const pictures: (Picture | undefined)[] = []
    for (const part of parts[domain] ?? allParts) pictures.push(await part(sql, app, user, now))
    return pictures[0] && Object.assign({}, ...pictures)
  },
})

/** Something that is no user, by its name and its one row. */
export const theRecord = (name: string, look: (sql: Sql) => Promise<Row | undefined>): Subject => ({
  user: 0,
  name,
  look,
})

/** Of these the trail says that they changed, and not into what. */
const secret = new Set([
  'password_hash',
  'auth_answer',
  'private_info',
  'secret',
  'sealed',
  'credentials',
  'token_hash',
])
const spelled: Record<string, string> = { password_hash: 'password', sealed: 'secrets' }
const longest = 200

/** What is different: before, and after. A field that is not there is left out. */
export function difference(before: Picture | undefined, after: Picture | undefined) {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  const changed = [...names].filter(name => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]))
  return {
    before: Object.fromEntries(changed.flatMap(name => shown(name, before?.[name]))),
    after: Object.fromEntries(changed.flatMap(name => shown(name, after?.[name]))),
  }
}

function shown(name: string, value: unknown): [string, unknown][] {
  if (value === undefined || value === null) return []
  const word = spelled[name] ?? name
  if (secret.has(name)) return [[word, value === '' ? '' : '(not shown)']]
  if (typeof value === 'string' && value.length > longest) return [[word, `${value.slice(0, longest).toWellFormed()}…`]]
  return [[word, value]]
}
