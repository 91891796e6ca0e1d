import type { Server } from 'node:http'
import type { Config } from '../config.ts'
import type { Metrics } from '../http/metrics.ts'
import type { Services } from '../services.ts'
import { Doorstep } from './doorstep.ts'
import { Gateway } from './gateway.ts'
import { Heartbeats } from './heartbeats.ts'
import { Hub } from './hub.ts'
import { Leases } from './leases.ts'
import { Watchers } from './watchers.ts'

/** Sockets on this node. */
export interface Realtime {
  /** Once the port is this node's, so that no other runs: whoever was online through one that is gone is so no more. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** Joins the parts. `foreignVersion` changes when another process has written. */
export function realtime(
  services: Services,
  server: Server,
  foreignVersion: () => number,
  config: Config,
  metrics: Metrics,
): Realtime {
  const hub = new Hub()
  const watch = metrics.connections(() => hub)
  const leases = new Leases(services, watch.leasesSwept)
  const watchers = new Watchers(services, milliseconds => watch.told('presence', milliseconds))
  const rules = { heartbeatSeconds: config.heartbeatSeconds, anyOrigin: config.development }
  const gateway = new Gateway({ services, hub, watchers, leases, doorstep: new Doorstep(), rules, watch })
  const heartbeats = new Heartbeats(services, hub, foreignVersion, watch.swept)
  return {
    async start() {
      await leases.start(true)
      gateway.listen(server)
      heartbeats.start(config.heartbeatSeconds)
    },
    async stop() {
      heartbeats.stop()
      watchers.stop()
      leases.prepareToStop()
      await gateway.stop()
      await leases.stop()
    },
  }
}
