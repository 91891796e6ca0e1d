import type { Static } from '@sinclair/typebox'
import type { Sentence } from '../../contract/complaints.ts'
import { fail } from '../../contract/errors.ts'
import type { Message as MessageSchema, PushSetting } from '../../contract/messages.ts'

/** A message as it was asked for, with its words in lower case; it may name who it is from. */
export type Message = Static<typeof MessageSchema> & { from?: number }
export type Setting = Static<typeof PushSetting>

const day = 86_400
/** How long a push is worth sending where nothing else is said (s); vendors keep most for longer. */
const usualLife = 3 * day
/** What all vendors take; each of them wraps it in some more. */
const mostBytes = 3584

/** When it may be shown (ms). */
export interface Window {
  notBefore: number
  expires: number
}

/** Reads what the schema cannot say; fails with `invalid_parameter`. */
export function readMessage(given: Message): Message {
  const type = given.type?.toLowerCase() ?? 'text'
  const isShown = type !== 'cmd'
  if (isShown && !given.title && !given.body && !given.big_text) refuse(nothingToShow)
  if (type === 'image' && !isImageUrl(given.attachment_url)) refuse(noImage)
  for (const vendor of ['android', 'huawei', 'xiaomi', 'oppo', 'flyme', 'fcm', 'vivo'] as const) {
    const block = given[vendor]
    if (block?.click_action?.toLowerCase() === 'intent' && !block.intent) refuse(intentRequired(vendor))
  }
  const message = { ...given, type }
  if (Buffer.byteLength(JSON.stringify(message)) > mostBytes) refuse(tooLarge)
  return message
}

/** Sequence and strategy in lower case. */
export const readSetting = (given: Setting = {}): Setting => ({
  ...given,
  distribution_strategy: given.distribution_strategy?.toLowerCase() ?? 'combined',
  ...(given.ospush_sequence && { ospush_sequence: given.ospush_sequence.map(word => word.toLowerCase()) }),
})

export function windowOf({ show_begin_time = 0, show_end_time }: Message, now: number): Window {
  const notBefore = Math.max(now, show_begin_time * 1000)
  const expires = show_end_time ? show_end_time * 1000 : notBefore + usualLife * 1000
  if (expires <= now) refuse(over)
  if (expires <= notBefore) refuse(neverShown)
  return { notBefore, expires }
}

/** What happens to the badge: added to what it is, set, or nothing where nothing is shown. */
export function badgeOf({ badge = '+1', type }: Message): { add: number } | { set: number } | undefined {
  if (type === 'cmd') return undefined
  const number = Number(badge.replace('+', ''))
  return badge.startsWith('+') ? { add: number } : { set: number }
}

const isImageUrl = (url = '') =>
  /^https?:\/\//i.test(url) && URL.canParse(url) && /\.(jpe?g|png)$/i.test(new URL(url).pathname)

function refuse(why: Sentence): never {
  return fail('invalid_parameter', why)
}

const nothingToShow = {
  en: 'message needs a title, a body or a big_text unless its type is cmd',
  zh: 'message 需要 title、body 或 big_text（type 为 cmd 时除外）',
}
const noImage = {
  en: 'message.attachment_url must be an http address of a .jpg, .jpeg or .png file where type is image',
  zh: 'type 为 image 时 message.attachment_url 必须是 .jpg、.jpeg 或 .png 文件的 http 地址',
}
const intentRequired = (vendor: string) => ({
  en: `message.${vendor}.intent is required where click_action is intent`,
  zh: `click_action 为 intent 时必须给出 message.${vendor}.intent`,
})
const tooLarge = {
  en: `message must have at most ${mostBytes} bytes as JSON: the vendors take 4096 with what they add`,
  zh: `message 的 JSON 最多 ${mostBytes} 字节`,
}
const over = { en: 'message.show_end_time is over', zh: 'message.show_end_time 已过' }
const neverShown = {
  en: 'message.show_end_time must be after show_begin_time',
  zh: 'message.show_end_time 必须晚于 show_begin_time',
}
