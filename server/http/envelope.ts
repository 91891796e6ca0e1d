import { type TObject, type TSchema, Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError, type Failure, sentence } from '../../contract/errors.ts'
import type { Operation } from '../../contract/operation.ts'
import { BusyError } from '../storage/sql.ts'

const Code = Type.Integer({ format: 'int32', description: 'Return code, 200 is success' })

/** The answer of an operation that succeeded. `message` is then null. */
export const successOf = ({ result, beside }: Pick<Operation, 'result' | 'beside'>): TObject =>
  Type.Object({ code: Code, data: result as TSchema, message: Type.Null(), ...(beside?.properties ?? {}) })

/** The answer of one that failed: there is no `data`. */
export const failureAnswer = Type.Object({ code: Code, message: Type.String({ minLength: 1 }) })

export const json = 'application/json; charset=utf-8'

/** The failure that an error is to the client. What is not one of ours is `internal`, and the log has the rest. */
export function failureOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof BusyError) return new ApiError('overloaded', undefined, 1)
  const status = (error as { statusCode?: number }).statusCode ?? 500
  return new ApiError(byStatus[status] ?? (status >= 400 && status < 500 ? 'bad_request' : 'internal'))
}

const byStatus: Record<number, Failure> = {
  404: 'no_route',
  408: 'timed_out',
  413: 'body_too_large',
  415: 'wrong_media_type',
  431: 'headers_too_large',
  503: 'overloaded',
}

export function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): ApiError {
  const failure = failureOf(error)
  if (failure.failure === 'internal')
    request.server.journal.error(
      { request_id: request.id, route: request.routeOptions.url, err: error },
      'a call failed',
    )
  reply.header('x-request-id', request.id)
  if (failure.retryAfter !== undefined) reply.header('retry-after', failure.retryAfter)
  reply
    .code(failure.status)
    .type(json)
    .send(failureBody(failure, languageOf(request.headers['accept-language'])))
  return failure
}

export const failureBody = (failure: ApiError, language: 'en' | 'zh') =>
  JSON.stringify({ code: failure.code, message: sentence(failure, language) })

/** The language that the header weighs most among the two that are spoken here; the first of them on a tie; else English. */
export function languageOf(header: string | undefined): 'en' | 'zh' {
  if (header === undefined || !/zh/i.test(header)) return 'en'
  let best: { language: 'en' | 'zh'; weight: number } = { language: 'en', weight: 0 }
  for (const part of header.toLowerCase().split(',')) {
    const [tag = '', ...rules] = part.split(';').map(each => each.trim())
    const language = tag.slice(0, 2)
    const q = rules.find(rule => rule.startsWith('q='))
    const weight = q === undefined ? 1 : Number(q.slice(2)) || 0
    if ((language === 'zh' || language === 'en') && weight > best.weight) best = { language, weight }
  }
  return best.language
}
