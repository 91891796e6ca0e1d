import type { Sql } from '../storage/sql.ts'

export interface NotifierRow {
  name: string
  provider: number
  environment: number
  disabled: number
  shown: string
  sealed: string
  version: number
  created_at: number
  changed_at: number
  parked_until: number
  parked_reason: string
}

export type NotifierContent = Pick<NotifierRow, 'environment' | 'shown' | 'sealed'>

const nothing: NotifierContent = { environment: 1, shown: '{}', sealed: '' }

/** Fails on a unique constraint where the app has the name already. */
export const insertNotifier = (
  sql: Sql,
  app: string,
  name: string,
  provider: number,
  now: number,
  { environment, shown, sealed }: NotifierContent = nothing,
) => sql`
    insert into notifiers (app_id, name, provider, environment, shown, sealed, created_at, changed_at)
    values (${app}, ${name}, ${provider}, ${environment}, ${shown}, ${sealed}, ${now}, ${now})`

export const listNotifiers = (sql: Sql, app: string) => sql<NotifierRow>`
    select name, provider, environment, disabled, shown, sealed, version, created_at, changed_at, parked_until,
           parked_reason
      from notifiers
     where app_id = ${app}
     order by name`

/** The whole notifier, by its name. */
export async function findNotifierRow(sql: Sql, app: string, name: string) {
  const [found] = await sql<NotifierRow>`
    select name, provider, environment, disabled, shown, sealed, version, created_at, changed_at, parked_until,
           parked_reason
      from notifiers
     where app_id = ${app} and name = ${name}`
  return found
}

/** The newest that is not disabled. */
export async function findNotifierOf(sql: Sql, app: string, provider: number, environment: number) {
  const [found] = await sql<NotifierRow>`
    select name, provider, environment, disabled, shown, sealed, version, created_at, changed_at, parked_until,
           parked_reason
      from notifiers
     where app_id = ${app} and provider = ${provider} and environment = ${environment} and disabled = ${0}
     order by created_at desc, name
     limit ${1}`
  return found
}

/** Whoever changes a notifier has seen to it: it is tried again at once. */
export const updateNotifier = (
  sql: Sql,
  app: string,
  name: string,
  { environment, shown, sealed, disabled }: NotifierContent & { disabled: number },
  now: number,
) => sql`
    update notifiers
       set environment = ${environment}, shown = ${shown}, sealed = ${sealed}, disabled = ${disabled},
           version = version + 1, changed_at = ${now}, parked_until = ${0}, parked_reason = ${''}
     where app_id = ${app} and name = ${name}`

/** Inside a transaction: until its end nobody else who locks the notifier goes on. */
export const lockNotifier = (sql: Sql, app: string, name: string) => sql`
    select name
      from notifiers
     where app_id = ${app} and name = ${name}
       for no key update`
