import type { Services } from '../services.ts'
import type { Dismissals } from './dismissals.ts'
import type { Doorstep } from './doorstep.ts'
import type { Hub } from './hub.ts'
import type { Leases } from './leases.ts'
import type { Watchers } from './watchers.ts'

export interface GatewayRules {
  heartbeatSeconds: number
  /** Browsers may connect from any origin. */
  anyOrigin: boolean
}

/** Told of what happens, for the figures. */
export interface Watch {
  /** A connection was let in. */
  hello(): void
  closed(code: number): void
  /** An announcement took so long (ms) from here to the last frame that tells of it. */
  told(about: 'ending' | 'notice' | 'presence', milliseconds: number): void
  /** A part of a sweep over connections held the loop for so long (ms). */
  swept(milliseconds: number): void
  /** The node renewed its leases, and let go of those of nodes that are gone. */
  leasesSwept(): void
}

/** What the conversations of a node share. */
export interface Desk {
  services: Services
  hub: Hub
  watchers: Watchers
  leases: Leases
  dismissals: Dismissals
  doorstep: Doorstep
  rules: GatewayRules
  watch: Watch
}
