import { findApp } from '../apps/apps.sql.ts'
import { findOperatorTokenById } from '../tokens/operator-tokens.sql.ts'
import { listAdminTokens } from '../tokens/tokens.sql.ts'
import { type Subject, theRecord } from './subjects.ts'

/** What acts are about besides users, as the trail sees it. */

export const theAppItself = (app: string): Subject => ({
  ...theRecord('app', async sql => {
    const found = await findApp(sql, app)
    return found && { ...found }
  }),
  app,
})

/** The admin tokens that are good, by their ids. */
export const theAdminTokens = (app: string): Subject => ({
  user: 0,
  name: 'admin tokens',
  app,
  async look(sql, now) {
    const tokens = (await listAdminTokens(sql, app)).filter(each => each.ended_at === 0 && each.expires_at > now)
    return Object.fromEntries(tokens.map(({ token_id, name, expires_at }) => [token_id, { name, expires_at }]))
  },
})

/** Told in the trail of the installation. */
export const theOperatorToken = (id: string): Subject => ({
  ...theRecord(`operator token/${id}`, async sql => {
    const found = await findOperatorTokenById(sql, id)
    return found && { ...found }
  }),
  app: '',
})
