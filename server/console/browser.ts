import type { FastifyReply, FastifyRequest } from 'fastify'
import { fail } from '../../contract/errors.ts'

type Headers = FastifyRequest['headers']

/** Under https the browser itself sees to it that no other host, and no page without https, has set the cookie. */
const secureName = '__Host-stonechat-console'
const plainName = 'stonechat-console'

/** The browser that calls, as far as the console's own operations need it. */
export interface Browser {
  /** What its cookie holds. */
  session: string | undefined
  keep(session: string): void
  forget(): void
}

export function browserOf(request: FastifyRequest, reply: FastifyReply): Browser {
  const isSecure = request.protocol === 'https' || request.headers.origin?.startsWith('https:') === true
  const set = (value: string, more = '') =>
    reply.header(
      'set-cookie',
      `${isSecure ? secureName : plainName}=${value}; Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}${more}`,
    )
  return {
    get session() {
      return sessionOf(request.headers)
    },
    keep: session => void set(session),
    forget: () => void set('', '; Max-Age=0'),
  }
}

/** The session in the cookie. The one that only https may set goes first; a name that comes twice was set by somebody else. */
export function sessionOf({ cookie = '' }: Headers): string | undefined {
  const pairs = cookie.split(';').map(pair => pair.trim())
  for (const name of [secureName, plainName]) {
    const values = pairs.filter(pair => pair.startsWith(`${name}=`)).map(pair => pair.slice(name.length + 1))
    if (values.length > 1) fail('bad_request', twice)
    if (values[0]) return values[0]
  }
  return undefined
}

const twice = { en: 'the cookie of the console is given twice', zh: '控制台的 cookie 重复' }

/**
 * Fails unless a page of our own calls. The header by itself keeps others out, since a page of another origin would have
 * to ask first and is told no; origin and Sec-Fetch-Site, which no page can set, hold where that is not so.
 */
export function mustBeOwnPage(method: string, headers: Headers) {
  const { origin, host, 'sec-fetch-site': site } = headers
  if (site !== undefined && site !== 'same-origin') fail('not_allowed', foreign)
  if (origin === undefined ? method !== 'GET' : !isHere(origin, host)) fail('not_allowed', foreign)
}

const isHere = (origin: string, host: string | undefined) =>
  host !== undefined && URL.canParse(origin) && new URL(origin).host === asInOrigin(host, new URL(origin).protocol)

/** A proxy may name the scheme's own port, which an origin leaves out. */
const asInOrigin = (host: string, scheme: string) =>
  host.toLowerCase().replace(scheme === 'https:' ? /:443$/ : /:80$/, '')

const foreign = {
  en: 'the console is called from its own pages only (a proxy in between must pass on the header Host)',
  zh: '仅控制台自己的页面可以调用（中间的代理必须转发请求头 Host）',
}
