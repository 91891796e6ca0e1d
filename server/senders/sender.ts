import type { Channel } from '../../contract/delivery.ts'
import type { Message } from '../push/messages.ts'

/** What a device is to get: who the user is has been taken into account. */
export interface Push {
  /** Passed through: nothing is shown. */
  isSilent: boolean
  title: string
  body: string
  /** In place of `body` where the vendor can. */
  bigText: string
  /** Empty: none. */
  image: string
  /** The badge after this push; -1: says nothing of it. */
  badge: number
  /** Neither sound nor vibration. */
  isQuiet: boolean
  /** The caller's own, and `task_id`. */
  ext: Record<string, unknown>
  /** Blocks for single vendors. */
  vendors: Omit<Message, 'ext' | 'title' | 'body' | 'big_text'>
  /** ms */
  expires: number
  /** A message of a chat: now, at whatever cost to the battery. */
  isUrgent: boolean
}

/** A device and its push. */
export interface Target {
  app: string
  task: number
  user: number
  device: number
  token: string
  /** ms */
  boundAt: number
  push: Push
}

/** What the vendor said of one device. */
export type Verdict =
  | { is: 'sent'; detail?: string }
  /** The token is dead, by a code that says so and nothing else; unless it was bound after `since` (ms). */
  | { is: 'dead'; reason: string; since?: number }
  /** Another time; `after` (ms) where the vendor says so. */
  | { is: 'later'; reason: string; after?: number }
  /** Never, in this form: the token lives. */
  | { is: 'refused'; reason: string }
  /** Nothing will go under this notifier until somebody has looked at it, or for so long (ms). */
  | { is: 'parked'; reason: string; milliseconds: number }

/** Sends under one notifier. */
export interface Sender {
  readonly channel: Channel
  /** One verdict for each target, in their order. Whatever goes wrong on the way is a verdict too. */
  send(targets: readonly Target[]): Promise<Verdict[]>
  close(): void
}
