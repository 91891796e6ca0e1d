import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { contract } from '../../contract/index.ts'
import { once } from '../once.ts'
import { version } from '../version.ts'
import { docsPage } from './docs-page.ts'
import { style } from './docs-style.ts'
import { openapi } from './openapi.ts'

const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** /docs for people and /openapi.json for tools; both are made when first asked for. */
export function mountDocs(app: FastifyInstance) {
  const page = once(() => docsPage(contract, version))
  const description = once(() => JSON.stringify(openapi(contract, version)))
  app.get('/docs', async (_, reply) =>
    reply
      .headers({ 'content-security-policy': policy, 'x-content-type-options': 'nosniff' })
      .type('text/html; charset=utf-8')
      .send(page()),
  )
  app.get('/openapi.json', async (_, reply) => reply.type('application/json; charset=utf-8').send(description()))
}
