import { type Logger, pino } from 'pino'
import type { Config } from '../config.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The node's log. Not Fastify's own: with that one, every answer would be listened to for its end. */
    journal: Logger
  }
}

/** Lines of JSON on standard output, from an allow-list of fields. */
export const makeLog = (level: Config['log']): Logger => pino({ level, base: null, serializers: { err: describe } })

/** Of an error only what its maker wrote: no request, no values. */
function describe(error: Error): { type: string; message: string; stack: string } {
  return { type: error.name, message: error.message, stack: error.stack ?? '' }
}
