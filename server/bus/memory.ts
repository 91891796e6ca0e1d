import { randomUUID } from 'node:crypto'
import { type Bus, Listeners } from './bus.ts'

/** For a single node. */
export function memoryBus(report: (error: unknown) => void = unheard): Bus {
  const listeners = new Listeners(report)
  return {
    node: randomUUID(),
    publish: announcement => listeners.tell(announcement, false),
    subscribe: listen => listeners.add(listen),
    close: async () => {},
  }
}

const unheard = (error: unknown) => {
  throw error
}
