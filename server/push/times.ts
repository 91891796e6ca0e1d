import { randomBytes } from 'node:crypto'

/** Ids that sort by time. */
export const sortableId = (now: number) => now.toString(36).padStart(9, '0') + randomBytes(9).toString('hex')

const first = 5000
const longest = 900_000
/** Tries after which a device is given up. */
export const mostAttempts = 10

/** Before the try after `failed` ones (ms): twice as long each time, and never all at once. */
export function backOff(failed: number): number {
  const pause = Math.min(longest, first * 2 ** failed)
  return Math.round(pause * (0.5 + randomBytes(4).readUInt32LE() / 0x1_0000_0000))
}
