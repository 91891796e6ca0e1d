import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Announcement, isAnnouncement } from './announcements.ts'

/** Characters of a signature: 128 bits. */
const signed = 22

/**
 * Announcements as texts. Each is signed under a key that only nodes of this installation have, so that whoever else
 * reaches the bus can neither close connections nor make up pushes.
 */
export class Parcels {
  readonly #key: Buffer
  readonly #node: string

  constructor(key: Buffer, node: string) {
    this.#key = key
    this.#node = node
  }

  /** As few texts as `mostBytes` of UTF-8 allow, in their order. An announcement that is too large alone is given to `refused`. */
  pack(announcements: readonly Announcement[], mostBytes: number, refused: (announcement: Announcement) => void) {
    const head = `{"from":"${this.#node}","all":[`
    const room = mostBytes - signed - head.length - 2
    const texts: string[] = []
    let part: string[] = []
    let size = 0
    const finish = () => {
      if (part.length > 0) texts.push(this.#signed(`${head}${part.join()}]}`))
      part = []
      size = 0
    }
    for (const announcement of announcements) {
      const json = JSON.stringify(announcement)
      const bytes = Buffer.byteLength(json) + 1
      if (bytes > room) {
        refused(announcement)
        continue
      }
      if (size + bytes > room) finish()
      part.push(json)
      size += bytes
    }
    finish()
    return texts
  }

  /** Undefined where it was not signed by a node of this installation, or holds what no node says. */
  unpack(text: string): { from: string; all: Announcement[] } | undefined {
    const body = text.slice(signed)
    const [given, right] = [Buffer.from(text.slice(0, signed)), Buffer.from(this.#signature(body))]
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
    const { from, all } = JSON.parse(body) as { from: string; all: unknown[] }
    return all.every(isAnnouncement) ? { from, all } : undefined
  }

  #signed(body: string) {
    return this.#signature(body) + body
  }

  #signature(body: string) {
    return createHmac('sha256', this.#key).update(body).digest('base64url').slice(0, signed)
  }
}
