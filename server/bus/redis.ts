import type { Redis } from 'ioredis'
import { everybody, type OpenLine } from './line.ts'

/** Redis takes far more; a text that fills the loop of a node for long would do no good. */
const mostBytes = 262_144

/** Publish and subscribe. `connect` makes a client; `prefix` keeps installations on one Redis apart. */
export const redisLine =
  (connect: () => Redis, prefix: string): OpenLine =>
  async (node, { hear, broken }) => {
    const [listener, speaker] = [connect(), connect()]
    const close = async () => {
      for (const client of [listener, speaker]) client.disconnect()
    }
    for (const client of [listener, speaker]) {
      client.on('error', broken)
      client.on('end', () => broken(new Error('the connection to Redis ended')))
    }
    listener.on('message', (_, text) => hear(text))
    try {
      await Promise.all([listener.connect(), speaker.connect()])
      await listener.subscribe(`${prefix}:${node}`, `${prefix}:${everybody}`)
    } catch (error) {
      await close()
      throw error
    }
    return {
      mostBytes,
      async send(parcels) {
        const pipeline = speaker.pipeline()
        for (const { to, text } of parcels) pipeline.publish(`${prefix}:${to}`, text)
        for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error
      },
      close,
    }
  }
