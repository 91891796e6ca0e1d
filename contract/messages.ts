import { type Static, type TSchema, type TUnsafe, Type } from '@sinclair/typebox'
import { Alias, free, optional, PushToken, Tag, UserId } from './fields.ts'

const word = (words: string[], description: string) =>
  Type.String({
    maxLength: 32,
    description,
    pattern: `^(${words.map(anyCase).join('|')})$`,
    must: { en: `must be one of ${words.join(', ')}`, zh: `必须是 ${words.join('、')} 之一` },
  })

/** Letters of either case. */
const anyCase = (text: string) => text.replace(/[a-z]/g, letter => `[${letter}${letter.toUpperCase()}]`)

const text = (maxBytes: number, description: string) => Type.String({ maxBytes, description })
const flag = (description: string) => Type.Boolean({ description })
const seconds = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 4_102_444_800, format: 'int64', description })

const intentRules = {
  sound: text(256, 'Name of a sound of the app'),
  channel_id: text(128, 'Notification channel'),
  click_action: word(['intent', 'open_app'], 'What a tap opens'),
  intent: text(1024, 'Required with click_action intent'),
}
const Android = optional(intentRules)

/** What is pushed; see the limits in docs/push.md. */
export const Message = optional({
  type: word(['text', 'image', 'cmd'], 'text (default), image, or cmd: passed through, nothing is shown'),
  title: text(256, 'Title'),
  body: text(2048, 'Text'),
  big_text: text(2048, 'In place of body where the vendor can'),
  attachment_url: text(1024, 'With type image: .jpg, .jpeg or .png, under 1 MB'),
  badge: Type.String({
    description: '"5" sets the badge, "+1" (default) adds to it',
    pattern: '^\\+?\\d{1,5}$',
    must: { en: 'must be a number of at most 5 digits, or + and such', zh: '必须是最多 5 位数字，或在其前加 +' },
  }),
  ext: free({ maxBytes: 2048, description: 'The caller’s own; reaches the client as it is' }),
  show_begin_time: seconds('Not before; seconds since 1970 UTC'),
  show_end_time: seconds('Not after; seconds since 1970 UTC'),
  ios: optional({
    sound: text(256, 'Name of a sound of the app'),
    content_available: flag('Wakes the app in the background'),
    mutable_content: flag('Lets the app change the notification'),
    category: text(128, 'Category of actions'),
    thread_id: text(128, 'Groups notifications'),
    subtitle: text(256, 'Subtitle'),
    apns_collapse_id: text(64, 'A later one takes the place of this'),
  }),
  android: Android,
  huawei: optional({ ...intentRules, badge_class: text(256, 'Class of the app’s entry, for the badge') }),
  xiaomi: Android,
  oppo: Android,
  flyme: Android,
  fcm: Android,
  vivo: optional({
    ...intentRules,
    push_mode: Type.Integer({ minimum: 0, maximum: 1, format: 'int32', description: '0 production (default), 1 test' }),
    classification: Type.Integer({
      minimum: 0,
      maximum: 1,
      format: 'int32',
      description: '0 operational (default), 1 system',
    }),
  }),
})

const sequenceWords = ['ups', 'fcm', 'huawei', 'xiaomi', 'oppo', 'vivo', 'meizu', 'flyme']

export const PushSetting = optional({
  request_id: Type.String({ maxLength: 128, description: 'A repeated one answers the first task, and sends nothing' }),
  distribution_strategy: word(
    ['combined', 'mxpush_only', 'ospush_only'],
    'combined (default): the own channel where the device is online, else the vendor’s',
  ),
  ospush_sequence: Type.Array(word(sequenceWords, 'ups: all Chinese vendors'), {
    minItems: 1,
    maxItems: 8,
    description: 'Default: ups, fcm. iOS is always APNs',
  }),
})

/** More than 500 entries are 12005, so the lists themselves have no such bound. */
const entries = { minItems: 1, maxItems: 100_000 }

const Lists = Type.Object(
  {
    tag: Type.Optional(Type.Array(Tag, entries)),
    alias: Type.Optional(Type.Array(Alias, entries)),
    user_id: Type.Optional(Type.Array(UserId, entries)),
    push_token: Type.Optional(Type.Array(PushToken, entries)),
  },
  { orText: 'all', description: '"all", or exactly one list of at most 500 entries; of tags, any' },
)

export const Audience = Lists as TSchema as TUnsafe<'all' | Static<typeof Lists>>
