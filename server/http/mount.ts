import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fail } from '../../contract/errors.ts'
import type { Contract, Operation } from '../../contract/operation.ts'
import { mustExist } from '../accounts/existence.ts'
import { type Act, noting } from '../audit/noting.ts'
import { type Subject, theUser, wholeApp } from '../audit/subjects.ts'
import type { Call, Caller, Handlers } from '../call.ts'
import { browserOf } from '../console/browser.ts'
import { noteSeen } from '../devices/seen.ts'
import type { Services } from '../services.ts'
import { identify } from './caller.ts'
import { answerFailure, languageOf, successOf } from './envelope.ts'
import { sendEvents } from './events.ts'
import type { Metrics } from './metrics.ts'
import { inputReader } from './read.ts'

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null
    /** Whether all of the request was there when it was known who calls. */
    wasWhole: boolean
    /** On the monotonic clock, in ms. */
    startedAt: number
  }
}

type Handle = (call: object) => Promise<unknown>

/** Turns a group of operations and its handlers into routes. */
export function mount<C extends Contract>(
  app: FastifyInstance,
  services: Services,
  metrics: Metrics,
  domain: string,
  group: C,
  handlers: Handlers<C>,
) {
  for (const [name, operation] of Object.entries(group) as [keyof C & string, Operation][])
    mountOne(app, services, metrics, { domain, name, operation, handle: handlers[name] as unknown as Handle })
}

interface Mounted {
  domain: string
  name: string
  operation: Operation
  handle: Handle
}

function mountOne(app: FastifyInstance, services: Services, metrics: Metrics, mounted: Mounted) {
  const { name, operation } = mounted
  const answer = answerer(services, mounted)
  const measure = metrics.operation(name)
  app.route({
    method: [...operation.methods],
    url: operation.path,
    config: { bodyIsText: operation.text !== undefined, bodyMayBeForm: operation.form === true, measure },
    ...(operation.bodyLimit && { bodyLimit: operation.bodyLimit }),
    ...(!operation.stream && { schema: { response: { 200: successOf(operation) } } }),
    // A caller who may not enter is turned away before the body is read.
    onRequest(request, _, done) {
      request.startedAt = performance.now()
      let caller: Caller | Promise<Caller>
      try {
        caller = identify(services, operation, request.headers, request.method)
      } catch (error) {
        return done(error as Error)
      }
      if (!(caller instanceof Promise)) {
        request.caller = caller
        return done()
      }
      caller.then(found => {
        request.caller = found
        request.wasWhole = request.raw.complete
        done()
      }, done)
    },
    handler(request, reply) {
      answer(request, reply).then(
        body => {
          measure(200, performance.now() - request.startedAt)
          if (operation.stream) sendEvents(reply, body as AsyncIterable<unknown>, services.report)
          else reply.send(body)
        },
        error => {
          const { code } = answerFailure(error, request, reply)
          measure(code, performance.now() - request.startedAt)
        },
      )
    },
  })
}

/** From a caller that may enter to the answer's body: parameters → whom → the user exists → the operation. */
function answerer(services: Services, { domain, name, operation, handle }: Mounted) {
  const read = inputReader(operation)
  return async (request: FastifyRequest, reply: FastifyReply): Promise<object> => {
    const caller = await stillLive(services, operation, request)
    if (caller.session) noteSeen(services, caller.app, caller.session)
    if (operation.grows && services.isFull()) fail('overloaded', noRoom, retryAfter)
    const input = read(request.raw.url as string, request.body)
    const user = operation.bodyNamesUser ? named(caller, input.user_id as number) : caller.user
    if (caller.kind === 'admin' && user !== 0) await mustExist(services.sql, caller.app.app_id, user)
    const act = actOf(caller, request, name, operation)
    const about = (...subjects: Subject[]) => lent(act ? noting(services, act, subjects) : services)
    const call: Call = {
      ...caller,
      user,
      input,
      ...about(user === 0 ? wholeApp : theUser(caller.app.app_id, user, domain)),
      ...(act && { act }),
      about,
      address: request.ip,
      userAgent: clipped(request.headers['user-agent']),
      language: languageOf(request.headers['accept-language']),
      browser: () => browserOf(request, reply),
    }
    const result = await handle(call)
    if (operation.stream) return result as object
    return operation.beside
      ? { code: 200, message: null, ...(result as object) }
      : { code: 200, data: result, message: null }
  }
}

const lent = (services: Services) => ({ sql: services.sql, services })

/** What an admin changes is noted in the audit trail; a GET changes nothing, and few of them are noted all the same. */
function actOf(
  { app, kind, session }: Caller,
  { method, ip }: FastifyRequest,
  act: string,
  { noted }: Operation,
): Act | undefined {
  if (kind !== 'admin' || !session || (method === 'GET' && !noted)) return undefined
  const doer = { kind: session.kind === 'operator' ? session.kind : kind, token: session.hash, address: ip }
  return { app: app.app_id, doer, act }
}

/** A body may take long to arrive: a session that ended meanwhile must not act any more. */
function stillLive(
  services: Services,
  operation: Operation,
  { caller, headers, method, wasWhole }: FastifyRequest,
): Caller | Promise<Caller> {
  const { session } = caller as Caller
  if (session === undefined || services.sessions.isLive(session, wasWhole)) return caller as Caller
  return identify(services, operation, headers, method)
}

/** The body names the user: an admin without a user_id header acts for it, for everybody else it must be the same. */
function named({ kind, user }: Caller, inBody: number): number {
  if (kind === 'admin' && user === 0) return inBody
  return user === inBody ? user : fail('not_allowed', notSelf)
}

const notSelf = {
  en: 'user_id in the body is not the user that the call acts for',
  zh: '请求体中的 user_id 不是操作的用户',
}

/** Seconds: an operator has to make room. */
const retryAfter = 30
const noRoom = { en: 'the disk is full', zh: '磁盘已满' }

const longestUserAgent = 512
const clipped = (userAgent = '') => userAgent.slice(0, longestUserAgent)
