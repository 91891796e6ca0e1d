import type { ServerFrame } from '../../contract/frames.ts'
import type { Bus } from '../bus/bus.ts'
import type { Push } from '../senders/sender.ts'

/** How long a device has to confirm what its connection brought it (ms). */
const patience = 5000

interface Told {
  user: number
  device: number
  push: Push
  /** That hold the device's connections. */
  nodes: string[]
}

const keyOf = (app: string, task: number, user: number, device: number) => `${app} ${task} ${user} ${device}`

/** Pushes over the devices' own connections, to whichever node: the frame goes over the bus, and so does the answer. */
export class SocketPushes {
  readonly #bus: Bus
  readonly #patience: number
  readonly #waiting = new Map<string, () => void>()
  #stopping = false

  constructor(bus: Bus, milliseconds = patience) {
    this.#bus = bus
    this.#patience = milliseconds
    bus.subscribe(announcement => {
      if (announcement.about !== 'receipt') return
      const { app, task, user, device } = announcement.receipt
      this.#waiting.get(keyOf(app, task, user, device))?.()
    })
  }

  /** Who confirmed in time. */
  async push(app: string, task: number, all: readonly Told[]): Promise<boolean[]> {
    const heard = all.map(() => false)
    if (all.length === 0 || this.#stopping) return heard
    const keys = all.map(({ user, device }) => keyOf(app, task, user, device))
    const { promise, resolve } = Promise.withResolvers<void>()
    let missing = all.length
    for (const [i, key] of keys.entries())
      this.#waiting.set(key, () => {
        if (heard[i]) return
        heard[i] = true
        if (--missing === 0) resolve()
      })
    for (const { user, device, push, nodes } of all)
      this.#bus.publish(
        { about: 'push', push: { app, user, device, from: this.#bus.node, frame: frameOf(task, push) } },
        nodes,
      )
    const timer = setTimeout(resolve, this.#patience)
    this.#enough.add(resolve)
    await promise
    this.#enough.delete(resolve)
    clearTimeout(timer)
    for (const key of keys) this.#waiting.delete(key)
    return heard
  }

  readonly #enough = new Set<() => void>()

  /** Nobody is waited for any longer. */
  stop() {
    this.#stopping = true
    for (const resolve of this.#enough) resolve()
  }
}

const frameOf = (task_id: number, push: Push): ServerFrame<'push'> => ({
  type: 'push',
  task_id,
  silent: push.isSilent,
  title: push.title,
  body: push.bigText || push.body,
  image: push.image,
  badge: push.badge,
  quiet: push.isQuiet,
  ext: push.ext,
})
