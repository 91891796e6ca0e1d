import cors, { type FastifyCorsOptions } from '@fastify/cors'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Apps, originsOf } from '../apps/apps.ts'

const headers = ['access-token', 'app_id', 'user_id', 'group_id', 'content-type']
const closed: FastifyCorsOptions = { origin: false }

const openTo = (origin: string): FastifyCorsOptions => ({
  origin: [origin],
  methods: ['GET', 'POST', 'PUT', 'DELETE'],
  allowedHeaders: headers,
  exposedHeaders: ['retry-after', 'x-request-id'],
  maxAge: 600,
})

/**
 * Browsers may call from the origins that the app lists. A preflight does not say which app it is for, so it passes for
 * an origin that any app lists; the call itself then is answered readably only to an origin of its own app.
 */
export function allowOrigins(app: FastifyInstance, apps: Apps, development: boolean) {
  app.register(cors, {
    delegator: (request, done) => {
      const { origin } = request.headers
      if (origin === undefined) return done(null, closed)
      const allowed = development ? Promise.resolve(true) : isListed(apps, request, origin)
      allowed.then(
        listed => done(null, listed ? openTo(origin) : closed),
        error => done(error),
      )
    },
  })
}

async function isListed(apps: Apps, { method, headers }: FastifyRequest, origin: string): Promise<boolean> {
  if (method === 'OPTIONS') return (await apps.allOrigins()).has(origin)
  const app = typeof headers.app_id === 'string' ? await apps.find(headers.app_id) : undefined
  return app !== undefined && originsOf(app).includes(origin)
}
