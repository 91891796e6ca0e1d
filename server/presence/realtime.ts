import type { Server } from 'node:http'
import type { Config } from '../config.ts'
import type { Metrics } from '../http/metrics.ts'
import type { Services } from '../services.ts'
import { Dismissals } from './dismissals.ts'
import { Doorstep } from './doorstep.ts'
import { Gateway } from './gateway.ts'
import { Heartbeats } from './heartbeats.ts'
import { Hub } from './hub.ts'
import { Leases } from './leases.ts'
import { Restore } from './restore.ts'
import { Watchers } from './watchers.ts'

/** Sockets on this node. */
export interface Realtime {
  /** No other node was alive at the last look. */
  readonly isAlone: boolean
  /** Once the port is this node's, so that no other runs: whoever was online through one that is gone is so no more. */
  start(): Promise<void>
  /** Connections that this node holds. */
  count(): number
  stop(): Promise<void>
}

/** Joins the parts. `foreignVersion` changes when another process has written; `isSole`: no other node can be there. */
export function realtime(
  services: Services,
  server: Server,
  foreignVersion: () => number,
  config: Config,
  metrics: Metrics,
  isSole: boolean,
): Realtime {
  const hub = new Hub()
  const watch = metrics.connections(() => hub)
  const watchers = new Watchers(services, milliseconds => watch.told('presence', milliseconds))
  const leases = new Leases(services, {
    swept: watch.leasesSwept,
    nodeGone: () => watchers.lookAgain(),
    leasesLost: () => restore.begin(),
  })
  const dismissals = new Dismissals(services, hub)
  const rules = { heartbeatSeconds: config.heartbeatSeconds, anyOrigin: config.development }
  const gateway = new Gateway({ services, hub, watchers, leases, dismissals, doorstep: new Doorstep(), rules, watch })
  const heartbeats = new Heartbeats(services, hub, foreignVersion, watch.swept)
  const restore = new Restore(services, hub, leases, heartbeats)
  return {
    get isAlone() {
      return leases.isAlone
    },
    async start() {
      gateway.listen(server)
      dismissals.start()
      await leases.start(isSole)
      heartbeats.start(config.heartbeatSeconds)
    },
    count: () => [...hub].length,
    async stop() {
      heartbeats.stop()
      watchers.stop()
      leases.prepareToStop()
      await gateway.stop()
      await dismissals.stop()
      await leases.stop()
    },
  }
}
