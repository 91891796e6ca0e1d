import { Type } from '@sinclair/typebox'
import { Cursor, Done, Flag, Milliseconds, optional, pageSize, Text } from './fields.ts'
import { operations } from './operation.ts'

/** What webhooks are told of. */
export const eventTypes = [
  ...(['user.registered', 'user.signed_in', 'user.password_changed', 'user.banned'] as const),
  ...(['user.unbanned', 'user.deleted', 'profile.updated', 'settings.updated'] as const),
  ...(['device.kicked', 'device.removed', 'device.evicted', 'device.replaced', 'webhook.test'] as const),
] as const
export type EventType = (typeof eventTypes)[number]

const WebhookId = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  format: 'int64',
  description: 'Webhook ID',
})
const Url = Type.String({
  minLength: 1,
  maxBytes: 1024,
  description: 'https address at a public host, or one that the operator allows with STONECHAT_WEBHOOK_ORIGINS',
})
const About = Type.String({ maxLength: 128, description: 'What it is for' })
const Types = Type.Array(
  Type.String({
    pattern: `^(${eventTypes.join('|').replaceAll('.', '\\.')})$`,
    must: { en: `must be one of ${eventTypes.join(', ')}`, zh: `必须是 ${eventTypes.join('、')} 之一` },
  }),
  { maxItems: eventTypes.length, description: 'Types of events that are told; empty: all' },
)

const shape = {
  webhook_id: WebhookId,
  url: Url,
  description: About,
  events: Types,
  disabled: Flag,
  reason: Type.String({ description: 'Why it was disabled, where no admin did it; else empty' }),
  created_at: Milliseconds,
  changed_at: Milliseconds,
}
export const Webhook = Type.Object(shape)
const Secret = Type.String({ description: 'whsec_ and 32 bytes in base64: signs what is sent. Shown this once' })

const EventId = Type.String({ minLength: 1, maxLength: 64, description: 'Id of the event; the header webhook-id' })
const Moment = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, format: 'int64' })
const count = Type.Integer({ format: 'int32' })

const one = Type.Object({ webhook_id: WebhookId })

export const webhooks = operations({
  createWebhook: {
    summary: 'Make a webhook',
    about: 'At most 16 an app. Signed as Standard Webhooks says; docs/webhooks.md has the rest.',
    methods: ['POST'],
    path: '/admin/webhook',
    who: 'admin',
    confirmed: true,
    grows: true,
    body: Type.Composite([Type.Object({ url: Url }), optional({ description: About, events: Types })]),
    result: Type.Object({ ...shape, secret: Secret }),
  },
  changeWebhook: {
    summary: 'Change, disable or enable a webhook',
    about: 'Partial: what is absent stays.',
    methods: ['PUT'],
    path: '/admin/webhook',
    who: 'admin',
    confirmed: true,
    body: Type.Composite([one, optional({ url: Url, description: About, events: Types, disabled: Flag })]),
    result: Webhook,
  },
  removeWebhook: {
    summary: 'Remove a webhook, and what is still to be sent to it',
    about: 'One that is not there is no failure.',
    methods: ['DELETE'],
    path: '/admin/webhook',
    who: 'admin',
    body: one,
    result: Done,
  },
  rotateWebhook: {
    summary: 'Give a webhook a new secret',
    about: 'For a day everything is signed with both, so that the receiver can change over.',
    methods: ['POST'],
    path: '/admin/webhook/rotate',
    who: 'admin',
    confirmed: true,
    body: one,
    result: Type.Object({ ...shape, secret: Secret }),
  },
  testWebhook: {
    summary: 'Send an event of type webhook.test',
    methods: ['POST'],
    path: '/admin/webhook/test',
    who: 'admin',
    grows: true,
    body: one,
    result: Type.Object({ event_id: EventId }),
  },
  listWebhooks: {
    summary: 'The webhooks of the app',
    methods: ['GET'],
    path: '/admin/webhook/list',
    who: 'admin',
    result: Type.Array(Webhook),
  },
  listWebhookEvents: {
    summary: 'What a webhook was told, or is to be told',
    about: 'The newest first, for 7 days. The last page has no cursor.',
    methods: ['GET'],
    path: '/admin/webhook/events',
    who: 'admin',
    query: Type.Composite([one, optional({ page_size: pageSize(200), cursor: Cursor })]),
    result: Type.Array(
      Type.Object({
        event_id: EventId,
        type: Text,
        state: Type.String({ description: 'due, delivered or given_up' }),
        attempts: count,
        at: Milliseconds,
        due_at: Milliseconds,
        status: Type.Integer({ format: 'int32', description: 'HTTP status of the last attempt; 0: no answer came' }),
        error: Type.String({ description: 'What went wrong at the last attempt; else empty' }),
        payload: Type.String({ description: 'What is sent, as JSON' }),
      }),
    ),
    beside: Type.Object({ cursor: Type.Optional(Text) }),
  },
  replayWebhookEvent: {
    summary: 'Send events once more',
    about: 'One of them, or all since a moment that were not delivered; at most 1,000. Answers how many there were.',
    methods: ['POST'],
    path: '/admin/webhook/replay',
    who: 'admin',
    body: Type.Composite([
      one,
      optional({ event_id: EventId, since: Type.Integer({ ...Moment, description: 'ms; default 0' }) }),
    ]),
    result: Type.Object({ events: count }),
  },
})
