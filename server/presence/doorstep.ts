import { setTimeout as pause } from 'node:timers/promises'

/** How long the first one waits for others (ms): little beside a connect, and enough for some dozen of them in a storm. */
const wait = 10

/**
 * Sockets open one in a turn of the event loop, so that each would ask the storage alone and have an fsync of its own.
 * Whoever comes, or goes, within the same few milliseconds passes together: one statement reads who they are, one
 * transaction takes or gives up their leases.
 */
export class Doorstep {
  #opens: Promise<void> | undefined

  pass(): Promise<void> {
    this.#opens ??= pause(wait).then(() => {
      this.#opens = undefined
    })
    return this.#opens
  }
}
