import type { Static } from '@sinclair/typebox'
import { fail } from '../../contract/errors.ts'
import type { Webhook as WebhookSchema, webhooks } from '../../contract/webhooks.ts'
import { theRecord } from '../audit/subjects.ts'
import type { Handlers } from '../call.ts'
import { isPublic } from '../outgoing/addresses.ts'
import type { Services } from '../services.ts'
import type { Sql } from '../storage/sql.ts'
import { announceTest } from './announcing.ts'
import { due, givenUp, listEventsOf, replayEvent, replayFailed } from './events.sql.ts'
import { type Keys, newSecret } from './signing.ts'
import {
  findWebhook,
  insertWebhook,
  listWebhooks,
  lockWebhooks,
  removeWebhook,
  updateWebhook,
  type WebhookRow,
} from './webhooks.sql.ts'

const mostOfApp = 16
const day = 86_400_000
const usualPage = 50
const mostReplayed = 1000

export const handlers: Handlers<typeof webhooks> = {
  async createWebhook(call) {
    const { app, input } = call
    const id = await call.services.webhookIds.next(app.app_id)
    const { services } = call.about(theWebhook(app.app_id, id))
    const { now, seals, webhooks } = services
    mustBeAddress(services, input.url)
    const keys = { secret: newSecret() }
    const hook: WebhookRow = {
      webhook_id: id,
      url: input.url,
      description: input.description ?? '',
      events: JSON.stringify(input.events ?? []),
      sealed: sealedKeys(seals, app.app_id, id, keys),
      disabled: 0,
      reason: '',
      created_at: now(),
      changed_at: now(),
    }
    await services.sql.begin(async sql => {
      await lockWebhooks(sql, app.app_id)
      const others = await listWebhooks(sql, app.app_id, mostOfApp)
      if (others.length >= mostOfApp) fail('invalid_parameter', tooMany)
      await insertWebhook(sql, app.app_id, hook)
    })
    await webhooks.refresh()
    return { ...shown(hook), secret: keys.secret }
  },

  async changeWebhook({ about, app, input: { webhook_id, ...change } }) {
    const { services } = about(theWebhook(app.app_id, webhook_id))
    if (change.url !== undefined) mustBeAddress(services, change.url)
    const hook = await revised(services, app.app_id, webhook_id, row => ({
      ...row,
      url: change.url ?? row.url,
      description: change.description ?? row.description,
      events: change.events ? JSON.stringify(change.events) : row.events,
      disabled: change.disabled === undefined ? row.disabled : Number(change.disabled),
      reason: change.disabled === undefined ? row.reason : '',
    }))
    return shown(hook)
  },

  async removeWebhook({ about, app, input: { webhook_id } }) {
    const { sql, services } = about(theWebhook(app.app_id, webhook_id))
    await removeWebhook(sql, app.app_id, webhook_id)
    await services.webhooks.refresh()
    return true
  },

  async rotateWebhook({ about, app, input: { webhook_id } }) {
    const { services } = about(theWebhook(app.app_id, webhook_id))
    const { seals, now } = services
    const secret = newSecret()
    const hook = await revised(services, app.app_id, webhook_id, row => {
      const { secret: previous } = keysOf(seals, app.app_id, row)
      return { ...row, sealed: sealedKeys(seals, app.app_id, webhook_id, { secret, previous, until: now() + day }) }
    })
    return { ...shown(hook), secret }
  },

  async testWebhook({ sql, services, app, input: { webhook_id } }) {
    await existing(sql, app.app_id, webhook_id)
    const event_id = await announceTest(sql, app.app_id, webhook_id, services.now())
    services.webhooks.wake()
    return { event_id }
  },

  async listWebhooks({ sql, app }) {
    return (await listWebhooks(sql, app.app_id, mostOfApp)).map(shown)
  },

  async listWebhookEvents({ sql, app, input: { webhook_id, page_size = usualPage, cursor = '' } }) {
    await existing(sql, app.app_id, webhook_id)
    const rows = await listEventsOf(sql, app.app_id, webhook_id, cursor, page_size)
    const data = rows.map(({ event_id, type, state, attempts, at, due_at, status, error, payload }) => ({
      ...{ event_id, type, attempts, at, due_at, status, error, payload },
      state: state === due ? 'due' : state === givenUp ? 'given_up' : 'delivered',
    }))
    return { data, ...(rows.length === page_size && { cursor: rows.at(-1)?.event_id ?? '' }) }
  },

  async replayWebhookEvent({ sql, services, app, input: { webhook_id, event_id, since = 0 } }) {
    const { app_id } = app
    await existing(sql, app_id, webhook_id)
    const again = await (event_id === undefined
      ? replayFailed(sql, app_id, webhook_id, since, services.now(), mostReplayed)
      : replayEvent(sql, app_id, webhook_id, event_id, services.now()))
    services.webhooks.wake()
    return { events: again.length }
  },
}

/** As the audit trail sees it. */
const theWebhook = (app: string, id: number) =>
  theRecord(`webhook/${id}`, async sql => {
    const row = await findWebhook(sql, app, id)
    return row && { ...row }
  })

const tooMany = { en: `an app has at most ${mostOfApp} webhooks`, zh: `每个应用最多 ${mostOfApp} 个 webhook` }
const noAddress = {
  en: 'url must be an https address at a public host, or of an origin in STONECHAT_WEBHOOK_ORIGINS',
  zh: 'url 必须是公网 https 地址，或属于 STONECHAT_WEBHOOK_ORIGINS',
}

/** What cannot be called is refused at once; what a name resolves to is looked at whenever it is called. */
function mustBeAddress({ webhooks }: Pick<Services, 'webhooks'>, text: string) {
  const url = URL.canParse(text) ? new URL(text) : fail('invalid_parameter', noAddress)
  if (webhooks.origins.has(url.origin)) return
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isNumber = /^[\d.]+$|:/.test(host)
  if (
    url.protocol !== 'https:' ||
    url.username ||
    url.password ||
    (isNumber && !isPublic(host)) ||
    host === 'localhost'
  )
    fail('invalid_parameter', noAddress)
}

async function existing(sql: Sql, app: string, id: number): Promise<WebhookRow> {
  return (await findWebhook(sql, app, id)) ?? fail('webhook_not_found')
}

async function revised(
  { sql, now, webhooks }: Pick<Services, 'sql' | 'now' | 'webhooks'>,
  app: string,
  id: number,
  revise: (row: WebhookRow) => WebhookRow,
): Promise<WebhookRow> {
  const hook = await sql.begin(async sql => {
    await lockWebhooks(sql, app)
    const next = { ...revise(await existing(sql, app, id)), changed_at: now() }
    await updateWebhook(sql, app, next)
    return next
  })
  await webhooks.refresh()
  return hook
}

const record = (app: string, id: number) => `webhooks/${app}/${id}/keys`

const sealedKeys = (seals: Services['seals'], app: string, id: number, keys: Keys) =>
  seals.seal(record(app, id), JSON.stringify(keys))

/** The keys in the clear: for signing, and never for an answer. */
export const keysOf = (seals: Services['seals'], app: string, row: Pick<WebhookRow, 'webhook_id' | 'sealed'>) =>
  JSON.parse(seals.open(record(app, row.webhook_id), row.sealed)) as Keys

function shown({ sealed: _, events, disabled, ...row }: WebhookRow): Static<typeof WebhookSchema> {
  return { ...row, events: JSON.parse(events) as string[], disabled: disabled === 1 }
}
