import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { once } from '../once.ts'

const usualFolder = fileURLToPath(new URL('../../console/dist', import.meta.url))
/** What the built page has where the nonce of an answer belongs. */
const nonceWord = 'STONECHAT_NONCE'

/** Scripts and styles are our own files; what a library writes into the page itself carries the nonce of the answer. */
const policyOf = (nonce: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

const types: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

interface Asset {
  type: string
  plain: Buffer
  small: Buffer
}

/** /console and all below it: one page, which looks at its address itself, and the files that it loads. */
export function mountConsole(app: FastifyInstance, folder = usualFolder) {
  const page = once(() => readFileSync(join(folder, 'index.html'), 'utf8'))
  const assets = once(() => assetsOf(join(folder, 'assets')))

  const show = async (_: FastifyRequest, reply: FastifyReply) => {
    if (!existsSync(join(folder, 'index.html')))
      return protect(reply).code(503).type('text/plain; charset=utf-8').send(notBuilt)
    const nonce = randomBytes(18).toString('base64')
    return protect(reply)
      .headers({ 'content-security-policy': policyOf(nonce), 'cache-control': 'no-store' })
      .type('text/html; charset=utf-8')
      .send(page().replaceAll(nonceWord, nonce))
  }
  app.get('/console', show)
  app.get('/console/*', show)
  app.get<{ Params: { file: string } }>('/console/assets/:file', async (request, reply) => {
    const asset = existsSync(folder) ? assets().get(request.params.file) : undefined
    if (!asset) return reply.callNotFound()
    const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
    // The name of a file changes with what is in it.
    protect(reply).headers({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' })
    if (takesGzip) reply.header('content-encoding', 'gzip')
    return reply.type(asset.type).send(takesGzip ? asset.small : asset.plain)
  })
}

const notBuilt =
  'The console is not built here: run `npm run build:console` where the development packages are installed.\n'

const protect = (reply: FastifyReply) =>
  reply.headers({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  })

function assetsOf(folder: string): Map<string, Asset> {
  return new Map(
    readdirSync(folder).map(name => {
      const plain = readFileSync(join(folder, name))
      const type = types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
      return [name, { type, plain, small: gzipSync(plain) }]
    }),
  )
}
