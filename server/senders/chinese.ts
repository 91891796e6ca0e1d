import type { Push } from './sender.ts'

type Vendors = Push['vendors']
type Block = NonNullable<Vendors['vivo'] & Vendors['huawei']>

/** What the caller says to one vendor; its own block wins over `android`. */
export const blockOf = ({ vendors }: Push, vendor: 'huawei' | 'xiaomi' | 'oppo' | 'vivo' | 'flyme'): Block => ({
  ...vendors.android,
  ...vendors[vendor],
})

/** The intent that a tap opens; undefined where it opens the app. */
export const intentOf = ({ click_action, intent }: Block) =>
  click_action?.toLowerCase() === 'intent' ? intent : undefined

/** At most so many characters: what a vendor would refuse for its length is shown shortened instead. */
export function shortened(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}

/** Seconds that the push is worth something, within what the vendor takes. */
export const lifeOf = ({ expires }: Push, now: number, least: number, most: number) =>
  Math.max(least, Math.min(most, Math.floor((expires - now) / 1000)))

const day = 86_400_000
const shanghai = 8 * 3_600_000

/** Until the vendors' next day begins, in Shanghai, where no clock is ever changed (ms). */
export const untilTomorrow = (now: number) => day - ((now + shanghai) % day)
