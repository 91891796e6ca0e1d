import { type Failure, failures } from '../../../../contract/errors.ts'
import { characters, fits, type Needs } from '../right.ts'
import { done, type Told } from '../told.ts'

type Item = Record<string, unknown>
interface Outcome {
  user_id: number
  username?: string
  success: boolean
  reason: string
}

/** What is said back, even where no user could be called so. */
const short = characters(64)

/** Each item is answered for itself: with the id of its user, or with why not. */
export function batch(
  { input, chosen }: Told,
  needs: Needs,
  act: (item: Item, answered: Outcome | undefined) => number | Failure,
) {
  const answered = (chosen.data ?? []) as Outcome[]
  const outcomes = (input.list as Item[]).map((item, i): Outcome => {
    const result = fits(needs, item) ? act(item, answered[i]) : 'invalid_parameter'
    const about = needs.must?.username ? { username: short(item.username) ? String(item.username) : '' } : {}
    if (typeof result === 'number') return { ...about, user_id: result, success: true, reason: '' }
    // What exactly is wrong with a parameter is for people to read.
    const reason = answered[i]?.reason ?? ''
    const right = reason.startsWith(failures[result][2])
    return { ...about, user_id: asId(needs, item), success: false, reason: right ? reason : failures[result][2] }
  })
  return done(outcomes)
}

const asId = ({ must }: Needs, { user_id }: Item) => (must?.user_id?.(user_id) ? Number(user_id) : 0)
