import type { Server } from 'node:http'
import type { Config } from '../config.ts'
import type { Metrics } from '../http/metrics.ts'
import type { Services } from '../services.ts'
import { Gateway } from './gateway.ts'
import { Heartbeats } from './heartbeats.ts'
import { Leases } from './leases.ts'

/** Sockets on this node. */
export interface Realtime {
  /** Before the server listens: whoever was online through a node that is gone, is so no more. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** Joins gateway, leases and heartbeats. `foreignVersion` changes when another process has written. */
export function realtime(
  services: Services,
  server: Server,
  foreignVersion: () => number,
  config: Config,
  metrics: Metrics,
): Realtime {
  const leases = new Leases(services)
  const rules = { heartbeatSeconds: config.heartbeatSeconds, anyOrigin: config.development }
  const gateway = new Gateway(
    services,
    leases,
    rules,
    metrics.connections(() => gateway.hub),
  )
  const heartbeats = new Heartbeats(services, gateway.hub, foreignVersion, metrics.observeSweep)
  return {
    async start() {
      await leases.start(true)
      gateway.listen(server)
      heartbeats.start(config.heartbeatSeconds)
    },
    async stop() {
      heartbeats.stop()
      await gateway.stop()
      await leases.stop()
    },
  }
}
