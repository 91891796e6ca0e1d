import { Type } from '@sinclair/typebox'
import { Flag, free, Milliseconds, NotifierName, optional, Text } from './fields.ts'
import { operations } from './operation.ts'

const Environment = Type.Integer({
  minimum: 0,
  maximum: 1,
  format: 'int32',
  description: '0 development, 1 production',
})

const ProviderWord = Type.String({
  maxLength: 16,
  description: 'capture, apns, huawei, xiaomi, meizu, vivo, oppo, fcm or webpush',
})

/** What the provider gave, by field; docs/push.md lists them. */
const Credentials = free({ maxBytes: 32_768, description: 'Credentials of the provider, by field' })

export const Notifier = Type.Object({
  name: NotifierName,
  provider: ProviderWord,
  environment: Environment,
  state: Type.String({
    description: 'ready, disabled, or parked: the vendor refused the credentials, and nothing is tried for a while',
  }),
  reason: Type.String({ description: 'Why it is parked; else empty' }),
  parked_until: Milliseconds,
  credentials: free({ description: 'Those that are no secrets' }),
  secrets: Type.Array(Text, { description: 'Names of the secret credentials that are stored; they are never shown' }),
  created_at: Milliseconds,
  changed_at: Milliseconds,
})

const Certificate = Type.Object({
  name: NotifierName,
  app_id: Text,
  app_key: Text,
  app_secret: Type.String({ description: 'Always empty for secrets of a server: they are write-only' }),
  certificate: Text,
})

export const notifiers = operations({
  createNotifier: {
    summary: 'Make a notifier',
    about: 'A named push credential of the app. The credentials are checked before they are stored.',
    methods: ['POST'],
    path: '/push/notifier',
    who: 'admin',
    confirmed: true,
    grows: true,
    body: Type.Composite([
      Type.Object({ name: NotifierName, provider: ProviderWord }),
      optional({ environment: Environment, credentials: Credentials }),
    ]),
    result: Notifier,
  },
  changeNotifier: {
    summary: 'Rotate, disable or enable a notifier',
    about:
      'Partial: what is absent stays. Credentials that are given take the place of those of the same names, and are checked as a whole. A change ends a pause of the notifier.',
    methods: ['PUT'],
    path: '/push/notifier',
    who: 'admin',
    confirmed: true,
    body: Type.Composite([
      Type.Object({ name: NotifierName }),
      optional({ environment: Environment, credentials: Credentials, disabled: Flag }),
    ]),
    result: Notifier,
  },
  listNotifiers: {
    summary: 'List notifiers',
    methods: ['GET'],
    path: '/push/notifier/list',
    who: 'admin',
    result: Type.Array(Notifier),
  },
  getCertificate: {
    summary: 'What a client needs to bind a device token',
    about:
      'The newest notifier of the provider that is not disabled. A user sees the ids that a client needs; nobody sees a secret. For Web Push, `app_key` is the VAPID public key.',
    methods: ['GET'],
    path: '/push/certificate',
    who: 'member',
    query: Type.Composite([
      Type.Object({
        provider: Type.Integer({
          minimum: 0,
          maximum: 100,
          format: 'int32',
          description: '1 APNs, 2 Huawei, 3 Xiaomi, 4 Meizu, 5 vivo, 6 OPPO, 7 FCM, 100 Web Push; 0 capture',
        }),
      }),
      optional({ environment: Environment }),
    ]),
    result: Certificate,
  },
})
