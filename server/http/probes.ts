import type { FastifyInstance } from 'fastify'
import type { Sql } from '../storage/sql.ts'
import type { Metrics } from './metrics.ts'

/** For supervisors: /healthz (the process answers), /readyz (it can serve), /metrics (Prometheus). */
export function mountProbes(app: FastifyInstance, sql: Sql, metrics: Metrics, isStopping: () => boolean) {
  app.get('/healthz', async () => ({ status: 'ok' }))

  app.get('/readyz', async (_, reply) => {
    if (isStopping()) return reply.code(503).send({ status: 'stopping' })
    try {
      await sql`select 1 as ready`
      return { status: 'ready' }
    } catch (error) {
      app.journal.error({ err: error }, 'not ready')
      return reply.code(503).send({ status: 'no database' })
    }
  })

  app.get('/metrics', async (_, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
}
