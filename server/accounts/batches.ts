import { ApiError, sentence } from '../../contract/errors.ts'
import type { Tried } from '../../contract/operation.ts'
import type { Call } from '../call.ts'

export interface Outcome {
  user_id: number
  success: boolean
  reason: string
}

/** What an item said of its subject, as far as it could be read. */
interface Subject {
  user_id: number
  username: string
}

/** Does one item and returns the user's id; throws an `ApiError` where it is refused. */
type Each<Item> = (item: Item) => Promise<number>
type Batch<Item> = readonly Tried<Item>[]

/** Answers each item for itself, one after the other: a batch of slow items never fills the queues of others. */
export async function answerInTurn<Item extends Partial<Subject>>(call: Language, list: Batch<Item>, each: Each<Item>) {
  const answers: (Outcome & Subject)[] = []
  for (const tried of list) answers.push(await attempt(call, tried, each))
  return answers
}

/** Likewise, all users at once; items that name the same user take effect in their order. */
export function answerTogether<Item extends Partial<Subject>>(call: Language, list: Batch<Item>, each: Each<Item>) {
  const last = new Map<number, Promise<unknown>>()
  return Promise.all(
    list.map(tried => {
      const user = tried.refused ? 0 : (tried.item.user_id ?? 0)
      const before = last.get(user)
      const answer = before ? before.then(() => attempt(call, tried, each)) : attempt(call, tried, each)
      if (user !== 0) last.set(user, answer)
      return answer
    }),
  )
}

type Language = Pick<Call, 'language'>

async function attempt<Item extends Partial<Subject>>({ language }: Language, tried: Tried<Item>, each: Each<Item>) {
  const { user_id = 0, username = '' } = tried.refused ?? tried.item
  try {
    if (tried.refused) throw tried.refused.error
    return { user_id: await each(tried.item), username, success: true, reason: '' }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { user_id, username, success: false, reason: sentence(error, language) }
  }
}
