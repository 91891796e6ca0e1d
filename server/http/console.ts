import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fail } from '../../contract/errors.ts'

/** What `npm run build:console` makes. */
const usualFolder = fileURLToPath(new URL('../../console/dist', import.meta.url))

/** What the build leaves in the page in place of each answer's nonce. */
const placeholder = 'STONECHAT_NONCE'

const policyFor = (nonce: string) =>
  [
    `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; connect-src 'self'`,
    "img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  ].join('; ')

const guards = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

const compressions = {
  br: promisify((body: Buffer, done: (error: Error | null, small: Buffer) => void) =>
    brotliCompress(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }, done),
  ),
  gzip: promisify(gzip) as (body: Buffer) => Promise<Buffer>,
}
type Coding = keyof typeof compressions
/** Named in Accept-Encoding, and not with a weight of 0. */
const wanted = { br: /\bbr\b(?!;q=0(\.0+)?\b)/, gzip: /\bgzip\b(?!;q=0(\.0+)?\b)/ }

/** One built file, in memory; what a browser may have compressed is compressed once. */
class Asset {
  readonly type: string
  readonly #body: Buffer
  readonly #small = new Map<Coding, Promise<Buffer>>()

  constructor(file: string) {
    this.type = types[extname(file)] ?? 'application/octet-stream'
    this.#body = readFileSync(file)
  }

  get isText() {
    return /^text|json|svg/.test(this.type)
  }

  async as(coding: Coding | undefined): Promise<Buffer> {
    if (coding === undefined) return this.#body
    const small = this.#small.get(coding) ?? compressions[coding](this.#body)
    this.#small.set(coding, small)
    return small
  }
}

/** Sessions of the console stand below the same path: a wrong method there gets no page. */
const belongsToApi = /^session(\/|$)/

interface Built {
  page: string
  /** By what follows /console/: nothing else is ever read from the disk, whatever a path says. */
  assets: Map<string, Asset>
}

/** `/console` and all below it, from the files that the build left in `folder`. A build is read once, when it is first asked for. */
export function mountConsole(app: FastifyInstance, folder = usualFolder) {
  let known: Built | undefined
  const built = () => (known ??= existsSync(join(folder, 'index.html')) ? read(folder) : undefined)

  const serve = async (request: FastifyRequest<{ Params: { '*'?: string } }>, reply: FastifyReply) => {
    const path = request.params['*'] ?? ''
    if (belongsToApi.test(path)) return reply.callNotFound()
    const found = built()?.assets.get(path)
    if (found) return sendAsset(request, reply, found, path.startsWith('assets/'))
    if (path.startsWith('assets/')) return fail('no_route')
    return sendPage(reply, built()?.page)
  }
  app.get('/console', serve)
  app.get('/console/*', serve)
}

function read(folder: string): Built {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const names = files.map(({ parentPath, name }) => join(parentPath, name).slice(join(folder, '/').length))
  return {
    page: readFileSync(join(folder, 'index.html'), 'utf8'),
    assets: new Map(
      names
        .filter(name => name !== 'index.html')
        .map(name => [name.replaceAll('\\', '/'), new Asset(join(folder, name))]),
    ),
  }
}

const forever = 'public, max-age=31536000, immutable'

/** Names in assets/ hold a hash of what is in the file. */
async function sendAsset({ headers }: FastifyRequest, reply: FastifyReply, asset: Asset, isNamedByHash: boolean) {
  const coding = asset.isText ? codingOf(headers['accept-encoding']) : undefined
  return reply
    .headers({ ...guards, 'cache-control': isNamedByHash ? forever : 'no-cache', vary: 'accept-encoding' })
    .headers(coding ? { 'content-encoding': coding } : {})
    .type(asset.type)
    .send(await asset.as(coding))
}

const codingOf = (accepted: string | undefined): Coding | undefined =>
  (['br', 'gzip'] as const).find(coding => wanted[coding].test(accepted ?? ''))

/** The page that draws whatever the path says; the nonce in it holds for this answer alone. */
function sendPage(reply: FastifyReply, page: string | undefined) {
  const nonce = randomBytes(16).toString('base64url')
  return reply
    .code(page === undefined ? 503 : 200)
    .headers({ ...guards, 'content-security-policy': policyFor(nonce), 'cache-control': 'no-store' })
    .type('text/html; charset=utf-8')
    .send((page ?? notBuilt).replaceAll(placeholder, nonce))
}

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Stonechat</title>
<p>The console is not built yet. Run <code>npm run build:console</code> where Stonechat is installed, and load this page again.</p>
</html>
`
