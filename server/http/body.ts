import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Sentence } from '../../contract/complaints.ts'
import { ApiError } from '../../contract/errors.ts'
import { parseQuery } from './read.ts'
import { Inexact } from './values.ts'

const deepest = 16
const form = 'application/x-www-form-urlencoded'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The whole body is one unnamed text. */
    bodyIsText?: boolean
    /** The body may be form-encoded. */
    bodyMayBeForm?: boolean
  }
}

/** Bodies are JSON in UTF-8, at most 16 deep; an empty one is `{}`. Where the body is one text, text/plain is taken too. */
export function readBodies(app: FastifyInstance) {
  // Fastify reads a body where a type is given, and would wait for ever for the end of one that does not come.
  app.addHook('onRequest', ({ headers }, _, done) => {
    const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
    if (!hasBody && headers['content-type'] !== undefined) headers['content-type'] = undefined
    done()
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    const text = decode(body)
    return request.routeOptions.config.bodyIsText ? text : parseJson(text)
  })
  app.addContentTypeParser(form, { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    if (!request.routeOptions.config.bodyMayBeForm) throw new ApiError('wrong_media_type')
    return parseQuery(`?${decode(body)}`)
  })
  app.addContentTypeParser('text/plain', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    if (!request.routeOptions.config.bodyIsText) throw new ApiError('wrong_media_type')
    return decode(body)
  })
}

function decode(body: Buffer): string {
  if (!isUtf8(body)) throw unreadable({ en: 'the body is not UTF-8', zh: '请求体不是 UTF-8' })
  return body.toString('utf8')
}

export function parseJson(text: string): unknown {
  if (text.trim() === '') return {}
  if (isDeeper(text, deepest))
    throw unreadable({ en: `the body nests more than ${deepest} deep`, zh: `请求体嵌套超过 ${deepest} 层` })
  try {
    return JSON.parse(text, /\d[.eE]/.test(text) ? markInexact : undefined)
  } catch (error) {
    if (error instanceof SyntaxError) throw unreadable({ en: 'the body is not JSON', zh: '请求体不是 JSON' })
    throw error
  }
}

const unreadable = (why: Sentence) => new ApiError('bad_request', why)

/** `1e3` and `5.0` are no integers on the wire, though JSON.parse makes them such. */
function markInexact(_: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined && !/^-?\d+$/.test(context.source)
    ? new Inexact(value)
    : value
}

/** One pass over the text; brackets inside of strings do not count. */
function isDeeper(text: string, most: number): boolean {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (character === '"') i = endOfString(text, i)
    else if (character === '{' || character === '[') {
      if (++depth > most) return true
    } else if (character === '}' || character === ']') depth--
  }
  return false
}

function endOfString(text: string, start: number): number {
  let i = start + 1
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1
  return i
}
