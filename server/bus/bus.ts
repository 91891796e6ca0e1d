/** What ended, for which device; `all` may spare one. */
export interface Ending {
  app: string
  user: number
  device: number | 'all'
  /** With `all`: the device that stays. */
  except?: number
  kind: EndingKind
}

export type EndingKind = 'kicked' | 'removed' | 'evicted' | 'replaced' | 'password_changed' | 'disabled' | 'deleted'

/** Tells every node, this one included. May lose an announcement, so nothing is true only because of one. */
export interface Bus {
  publish(ending: Ending): void
  subscribe(listener: (ending: Ending) => void): void
}

/** For a single node. */
export function memoryBus(): Bus {
  const listeners: ((ending: Ending) => void)[] = []
  return {
    publish: ending => {
      for (const listen of listeners) listen(ending)
    },
    subscribe: listener => {
      listeners.push(listener)
    },
  }
}
