import type { ServerFrame } from '../../contract/frames.ts'

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

/** A frame for the user's connections, but for those of one device. */
export interface Notice {
  app: string
  user: number
  frame: ServerFrame
  except?: number
}

/** A user came online or went offline; which of the two, the leases say. */
export interface PresenceChange {
  app: string
  user: number
}

/** A push for one device, wherever it is connected. */
export interface DevicePush {
  app: string
  user: number
  device: number
  frame: ServerFrame<'push'>
}

/** A device confirms the push of a task. */
export interface Receipt {
  app: string
  user: number
  device: number
  task: number
}

export type Announcement =
  | { about: 'ending'; ending: Ending }
  | { about: 'notice'; notice: Notice }
  | { about: 'presence'; change: PresenceChange }
  | { about: 'push'; push: DevicePush }
  | { about: 'receipt'; receipt: Receipt }

/** Tells every node, this one included. May lose an announcement, so nothing is true only because of one. */
export interface Bus {
  publish(announcement: Announcement): void
  subscribe(listener: (announcement: Announcement) => void): void
}

/** For a single node. */
export function memoryBus(): Bus {
  const listeners: ((announcement: Announcement) => void)[] = []
  return {
    publish: announcement => {
      for (const listen of listeners) listen(announcement)
    },
    subscribe: listener => {
      listeners.push(listener)
    },
  }
}
