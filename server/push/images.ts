import { fail } from '../../contract/errors.ts'
import type { Outgoing } from '../notifiers/outgoing.ts'
import { OutgoingClient, OutgoingError, TooLongError } from '../outgoing/client.ts'

const mostBytes = 1_000_000
/** How long an image may take to arrive, and how long it is believed to stay as it is (ms). */
const patience = 5000
const memory = 60_000
const mostKnown = 1000

const signatures = [Buffer.from([0xff, 0xd8, 0xff]), Buffer.from('89504e470d0a1a0a', 'hex')]

/** Looks at the images of pushes before a push is taken: vendors and devices fetch them, and say nothing when they cannot. */
export class Images {
  readonly #client: OutgoingClient
  readonly #now: () => number
  readonly #good = new Map<string, number>()

  constructor(outgoing: Outgoing, now: () => number) {
    this.#client = new OutgoingClient(outgoing, patience)
    this.#now = now
  }

  /** Fails with `image_unreachable`, `image_too_large` or `image_of_other_type`. */
  async check(url: string) {
    if ((this.#good.get(url) ?? 0) > this.#now()) return
    const { status, bytes } = await this.#fetch(url)
    if (status !== 200) fail('image_unreachable', { en: `HTTP ${status}`, zh: `HTTP ${status}` })
    if (!signatures.some(start => bytes.subarray(0, start.length).equals(start))) fail('image_of_other_type')
    if (this.#good.size >= mostKnown) this.#good.clear()
    this.#good.set(url, this.#now() + memory)
  }

  close() {
    this.#client.close()
  }

  async #fetch(url: string) {
    try {
      return await this.#client.ask(url, { method: 'GET', most: mostBytes })
    } catch (error) {
      if (error instanceof TooLongError) return fail('image_too_large')
      // What is beyond the address is not the caller's to know; what is wrong with the address is.
      if (error instanceof OutgoingError) return fail('image_unreachable', error.forbidden ? closed : undefined)
      throw error
    }
  }
}

const closed = {
  en: 'only https addresses that are public, or that the operator has named, are called',
  zh: '只访问公网或运营者指定的 https 地址',
}
