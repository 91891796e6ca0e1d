import { complaints } from '../../contract/complaints.ts'
import type { credentials } from '../../contract/credentials.ts'
import { fail } from '../../contract/errors.ts'
import { theAdminTokens, theOperatorToken } from '../audit/things.ts'
import type { Handlers } from '../call.ts'
import { createAdminToken, createOperatorToken, newTokenId, stateOf } from './admin-tokens.ts'
import { endOperatorTokenById, listOperatorTokens } from './operator-tokens.sql.ts'
import { endAdminTokenById, type ManagedRow, pageAdminTokens } from './tokens.sql.ts'

const usualPage = 50

export const handlers: Handlers<typeof credentials> = {
  async createAdminToken({ about, services, app, input: { name, days } }) {
    const { sql } = about(theAdminTokens(app.app_id))
    return { ...(await createAdminToken(sql, app.app_id, name, services.now(), days)), state: 'live' }
  },

  async listAdminTokens({ services, sql, app, input }) {
    const list = (at: number, id: string, size: number) => pageAdminTokens(sql, app.app_id, at, id, size)
    return pageOf(list, input, services.now())
  },

  async revokeAdminToken({ about, services, app, input }) {
    const { sql } = about(theAdminTokens(app.app_id))
    const isEnded = await endAdminTokenById(sql, app.app_id, input.token_id, services.now())
    services.sessions.forget({ app: app.app_id, user: 0, device: 'all' })
    return isEnded || fail('token_not_found')
  },

  async createOperatorToken({ about, services, input: { name, days } }) {
    const id = newTokenId()
    const { sql } = about(theOperatorToken(id))
    return { ...(await createOperatorToken(sql, id, name, services.now(), days)), state: 'live' }
  },

  async listOperatorTokens({ services, sql, input }) {
    return pageOf((at, id, size) => listOperatorTokens(sql, at, id, size), input, services.now())
  },

  async revokeOperatorToken({ about, services, input }) {
    const { sql } = about(theOperatorToken(input.token_id))
    return (await endOperatorTokenById(sql, input.token_id, services.now())) || fail('token_not_found')
  },
}

type List = (at: number, id: string, size: number) => PromiseLike<ManagedRow[]>

async function pageOf(
  list: List,
  { page_size = usualPage, cursor }: { page_size?: number; cursor?: string },
  now: number,
) {
  const { at, id } = cursor === undefined ? { at: Number.MAX_SAFE_INTEGER, id: '' } : readCursor(cursor)
  const rows = await list(at, id, page_size + 1)
  const data = rows.slice(0, page_size).map(row => managed(row, now))
  const last = data.at(-1)
  return {
    data,
    ...(rows.length > page_size && last && { cursor: `${last.created_at.toString(36)}.${last.token_id}` }),
  }
}

const managed = (row: ManagedRow, now: number) => {
  const { token_id, name, created_at, expires_at } = row
  return { token_id, name, created_at, expires_at, state: stateOf(row, now) }
}

function readCursor(cursor: string) {
  const [at = '', id = ''] = cursor.split('.')
  return /^[0-9a-z]{1,10}\.[0-9a-f]+$/.test(cursor)
    ? { at: Number.parseInt(at, 36), id }
    : fail('invalid_parameter', complaints.cursor('cursor'))
}
