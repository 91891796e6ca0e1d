import type { Channel } from '../../contract/delivery.ts'
import type { Sender, Target, Verdict } from './sender.ts'
import { verdictOfFailure } from './vendor.ts'

/** Requests under way at once. */
const atOnce = 8

/** How a vendor takes one text for many devices. */
export interface Batching {
  channel: Channel
  /** Devices that one request may name. */
  most: number
  /** Devices whose pushes are the same by this go into one request; `now` is the same for all. */
  content(target: Target, now: number): object
  /** One verdict for all of them, or one for each in their order. */
  ask(content: object, targets: readonly Target[]): Promise<Verdict | Verdict[]>
  now(): number
  close(): void
}

/** A sender for a vendor whose requests name many devices: whatever goes wrong with one is the verdict on its devices. */
export const batchSender = ({ channel, most, content, ask, now, close }: Batching): Sender => ({
  channel,
  close,
  async send(targets) {
    const verdicts = new Map<Target, Verdict>()
    const at = now()
    const requests = alike(targets, target => content(target, at), most)
    const work = async () => {
      for (let request = requests.pop(); request; request = requests.pop()) {
        const { text, targets } = request
        const said = await ask(JSON.parse(text) as object, targets).catch(verdictOfFailure)
        targets.forEach((target, i) => {
          verdicts.set(target, Array.isArray(said) ? (said[i] as Verdict) : said)
        })
      }
    }
    await Promise.all(Array.from({ length: Math.min(atOnce, requests.length) }, work))
    return targets.map(target => verdicts.get(target) as Verdict)
  },
})

/** In groups of the same content, of at most `most` each. */
function alike(targets: readonly Target[], content: (target: Target) => object, most: number) {
  const groups = Map.groupBy(targets, target => JSON.stringify(content(target)))
  return [...groups].flatMap(([text, all]) =>
    Array.from({ length: Math.ceil(all.length / most) }, (_, i) => ({
      text,
      targets: all.slice(i * most, (i + 1) * most),
    })),
  )
}
