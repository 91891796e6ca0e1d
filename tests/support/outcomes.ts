import { StonechatError } from '../../client/index.ts'

/** 200, or the code that the call fails with. */
export async function outcome(call: Promise<unknown>): Promise<number> {
  try {
    await call
    return 200
  } catch (error) {
    if (error instanceof StonechatError) return error.code
    throw error
  }
}

export const outcomes = (calls: Promise<unknown>[]): Promise<number[]> => Promise.all(calls.map(outcome))

/** The refusal itself: code, status, sentence and seconds to wait. */
export async function refusal(call: Promise<unknown>): Promise<StonechatError> {
  try {
    await call
  } catch (error) {
    if (error instanceof StonechatError) return error
    throw error
  }
  throw new Error('the call succeeded, and should have been refused')
}

export const count = <T>(list: readonly T[], value: T) => list.filter(each => each === value).length

/** Waits, for ten seconds at the most, until the condition holds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('the condition did not come true within ten seconds')
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
