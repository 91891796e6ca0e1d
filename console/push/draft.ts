import type { Client } from '../../client/index.ts'

type Notify = NonNullable<Parameters<Client['delivery']['notify']>[0]>
export type Audience = Notify['audience']
export type Message = Notify['message']

export const kinds = ['user_id', 'tag', 'alias', 'push_token', 'all'] as const
export type Kind = (typeof kinds)[number]

export const types = ['text', 'image', 'cmd'] as const
export const strategies = ['combined', 'mxpush_only', 'ospush_only'] as const

/** A push that is being written. */
export interface Draft {
  kind: Kind
  /** What was typed or pasted: one entry a line, or with commas between. */
  list: string
  type: (typeof types)[number]
  title: string
  body: string
  imageUrl: string
  badge: string
  ext: string
  /** As a field for date and time has it, in the viewer's zone; empty: at once. */
  begin: string
  end: string
  strategy: (typeof strategies)[number]
  requestId: string
}

export const most = 500
/** In bytes of JSON: what every vendor takes, with what it adds. */
export const largestMessage = 3584

export const emptyDraft = (user?: number): Draft => ({
  kind: 'user_id',
  list: user === undefined ? '' : String(user),
  type: 'text',
  title: '',
  body: '',
  imageUrl: '',
  badge: '',
  ext: '',
  begin: '',
  end: '',
  strategy: 'combined',
  requestId: crypto.randomUUID(),
})

export const entriesOf = ({ list }: Draft) => [
  ...new Set(
    list
      .split(/[\n,]/)
      .map(entry => entry.trim())
      .filter(entry => entry !== ''),
  ),
]

export type Flaw = 'none' | 'tooMany' | 'notIds'

/** What is wrong with the list; undefined where nothing is. */
export function flawOf(draft: Draft): Flaw | undefined {
  if (draft.kind === 'all') return undefined
  const entries = entriesOf(draft)
  if (entries.length === 0) return 'none'
  if (entries.length > most) return 'tooMany'
  return draft.kind === 'user_id' && !entries.every(isId) ? 'notIds' : undefined
}

const isId = (entry: string) => /^[1-9]\d{0,15}$/.test(entry) && Number.isSafeInteger(Number(entry))

export function audienceOf(draft: Draft): Audience {
  const entries = entriesOf(draft)
  switch (draft.kind) {
    case 'all':
      return 'all'
    case 'user_id':
      return { user_id: entries.map(Number) }
    case 'tag':
      return { tag: entries }
    case 'alias':
      return { alias: entries }
    case 'push_token':
      return { push_token: entries }
  }
}

const seconds = (local: string) => Math.floor(new Date(local).getTime() / 1000)

export function messageOf(draft: Draft): Message {
  const { type, title, body, imageUrl, badge, begin, end } = draft
  const ext = extOf(draft)
  return {
    type,
    ...(title && { title }),
    ...(body && { body }),
    ...(type === 'image' && imageUrl && { attachment_url: imageUrl }),
    ...(badge && { badge }),
    ...(ext && { ext }),
    ...(begin && { show_begin_time: seconds(begin) }),
    ...(end && { show_end_time: seconds(end) }),
  }
}

/** The caller's own object; undefined where there is none, or what was typed is none. */
export function extOf({ ext }: Draft): Record<string, unknown> | undefined {
  if (ext.trim() === '') return undefined
  try {
    const value: unknown = JSON.parse(ext)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    // Half typed, as it is most of the time.
    return undefined
  }
}

export const sizeOf = (message: Message) => new TextEncoder().encode(JSON.stringify(message)).length

/** Whether the message says anything, and is not too large. */
export const isSendable = (draft: Draft) =>
  (draft.type === 'cmd' || draft.title !== '' || draft.body !== '') &&
  (draft.ext.trim() === '' || extOf(draft) !== undefined) &&
  sizeOf(messageOf(draft)) <= largestMessage
