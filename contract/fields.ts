import { type Static, type TObject, type TSchema, type TUnsafe, Type } from '@sinclair/typebox'
import type { Sentence } from './complaints.ts'
import type { Tried } from './operation.ts'

/**
 * Named fields. Beside JSON Schema they use: `maxBytes` (UTF-8 bytes), `must` (the sentence for a broken `pattern`),
 * `alias` (another spelling that is read as well), `each` (a batch: every item is read, and refused, by itself), `free`
 * (an object whose members are the caller's own) and `orText` (a word that may stand in place of an object).
 */
const largest = Number.MAX_SAFE_INTEGER

const pattern = (source: string, must: Sentence) => ({ pattern: source, must })

export const UserId = Type.Integer({ minimum: 1, maximum: largest, format: 'int64', description: 'User ID' })
export const DeviceSn = Type.Integer({
  minimum: 1,
  maximum: 2_147_483_647,
  format: 'int32',
  description: 'Device serial number, counted from 1 for each user',
})
export const Hour = Type.Integer({ minimum: 0, maximum: 23, format: 'int32', description: 'Whole hour of the day' })
export const AuthMode = Type.Integer({
  minimum: 0,
  maximum: 3,
  format: 'int32',
  description:
    'Verification when being added as a friend: 0 none, 1 consent is required, 2 a question must be answered, 3 all are rejected',
})
export const Flag = Type.Boolean()
export const Badge = Type.Integer({ minimum: 0, maximum: 99_999, format: 'int32', description: 'Badge number' })
export const Platform = Type.Integer({
  minimum: 1,
  maximum: 6,
  format: 'int32',
  description: '1 ios, 2 android, 3 windows, 4 mac, 5 linux, 6 web',
})
export const Milliseconds = Type.Integer({ format: 'int64', description: 'Milliseconds since 1970 UTC' })

export const Username = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'Username: unique in the app without regard to case',
  ...pattern('^(?![mM][tT][aA]|[mM][aA][xX][iI][mM])(?!\\d+$)[A-Za-z0-9_\\u4e00-\\u9fa5]+$', {
    en: 'must be letters, digits, _ or Chinese characters, not digits alone, and not start with mta or maxim',
    zh: '只能包含字母、数字、下划线和汉字，不能全为数字，且不能以 mta 或 maxim 开头',
  }),
})
/** A name at sign-in: whatever was typed; only its size is checked, so that the answer tells nothing. */
export const LoginName = Type.String({ minLength: 1, maxLength: 256, description: 'Username, mobile or email' })
/** An app's policy may ask for more characters. */
export const Password = Type.String({ minLength: 1, maxLength: 256, description: 'Password' })
export const Mobile = Type.String({
  maxLength: 16,
  description: 'Mobile number: + and 8 to 15 digits, or 11 digits that start with 13 to 19; empty clears it',
  ...pattern('^(|\\+\\d{8,15}|1[3-9]\\d{9})$', {
    en: 'must be + (in a query: %2B) and 8 to 15 digits, or 11 digits that start with 13 to 19, or empty',
    zh: '必须是 +（在查询串中写作 %2B）加 8 到 15 位数字，或以 13 到 19 开头的 11 位数字，或为空',
  }),
})
export const Nickname = Type.String({ maxLength: 128, description: 'Nickname; empty clears it' })
export const Avatar = Type.String({
  maxBytes: 2048,
  description: 'Avatar url; the server never fetches it',
  ...pattern('^[^\\u0000-\\u001f\\u007f-\\u009f]*$', {
    en: 'must not hold control characters',
    zh: '不得含控制字符',
  }),
})
export const Description = Type.String({ maxLength: 1024, description: 'Description' })
export const PrivateInfo = Type.String({
  maxBytes: 16_384,
  description: 'Private information, visible only to the user',
})
export const PublicInfo = Type.String({ maxBytes: 16_384, description: 'Public information, visible to everybody' })
/** Beyond the pattern: the server has to know the zone. */
export const TimeZone = Type.String({
  maxLength: 64,
  description: "IANA time zone in which the quiet hours are read, such as Europe/Berlin; empty: the app's",
  ...pattern('^([A-Za-z][A-Za-z0-9_+/-]*)?$', {
    en: 'must be an IANA time zone such as Asia/Shanghai or Europe/Berlin, or empty',
    zh: '必须是 IANA 时区，例如 Asia/Shanghai、Europe/Berlin，或为空',
  }),
})
export const PushNickname = Type.String({ maxLength: 128, description: 'The name that others see in pushes' })
export const Question = Type.String({ maxLength: 256, description: 'Verification question' })
export const Answer = Type.String({ maxLength: 256, description: 'Answer of the verification question' })
export const Alias = Type.String({ maxLength: 64, description: 'Alias; empty unbinds it' })
export const Tag = Type.String({ minLength: 1, maxLength: 64, description: 'Tag' })
export const Tags = Type.Array(Tag, { minItems: 1, maxItems: 100, description: 'List of tags' })
export const PushToken = Type.String({ maxBytes: 512, description: 'Push token' })
/** 4,096 bytes, for Web Push subscriptions; the 512 of other kinds is checked where the notifier is known. */
export const DeviceToken = Type.String({ minLength: 1, maxBytes: 4096, description: 'Device token' })
export const DeviceGuid = Type.String({ maxBytes: 128, description: "The client's own stable name for the device" })
export const TokenName = Type.String({ minLength: 1, maxLength: 64, description: 'What the token is for' })
export const TokenId = Type.String({ minLength: 1, maxLength: 64, description: 'Short id of a token, for lists' })
export const NotifierName = Type.String({ minLength: 1, maxLength: 64, description: 'Certificate name' })

export const Done = Type.Boolean({ description: 'true when the change is stored' })
export const Text = Type.String()

const Outcome = {
  user_id: Type.Integer({ format: 'int64', description: '0 where the item named none' }),
  success: Type.Boolean(),
  reason: Type.String({ description: 'Cause of failure; empty on success' }),
}
export const BatchOutcome = Type.Object(Outcome)
export const RegisterOutcome = Type.Object({ ...Outcome, username: Type.String() })

/** A batch of 1 to `most` items, each of which answers for itself. */
export const Each = <Item extends TObject>(item: Item, most: number) =>
  Type.Unsafe<Tried<Static<Item>>[]>({ type: 'array', items: item, minItems: 1, maxItems: most, each: true })

export const UserIds = Type.Array(UserId, { minItems: 1, maxItems: 500, description: 'List of user IDs' })

/** Each field of a group, none of them required. */
export const optional = <Fields extends Record<string, TSchema>>(fields: Fields) => Type.Partial(Type.Object(fields))

/** An object whose members are the caller's own. */
export const free = (rules: { maxBytes?: number; description?: string } = {}) =>
  Type.Object({}, { additionalProperties: true, free: true, ...rules }) as TSchema as TUnsafe<Record<string, unknown>>

/** One of a few words. */
export const oneOf = <const Words extends readonly string[]>(words: Words, description: string) =>
  Type.String({
    description: `${description}: ${words.join(', ')}`,
    ...pattern(`^(${words.join('|')})$`, {
      en: `must be one of ${words.join(', ')}`,
      zh: `必须是 ${words.join('、')} 之一`,
    }),
  }) as TSchema as TUnsafe<Words[number]>

/** Where a page of a list goes on; opaque to clients. */
export const Cursor = Type.String({
  minLength: 1,
  maxLength: 1024,
  description: 'Goes on where an answer’s cursor left off',
})

export const pageSize = (most: number) =>
  Type.Integer({ minimum: 1, maximum: most, format: 'int32', default: 50, description: 'Entries a page' })
