import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { ApiError, type Failure, fail } from '../../contract/errors.ts'
import { realtimePath } from '../../contract/frames.ts'
import type { Config } from '../config.ts'
import { readBodies } from './body.ts'
import { answerFailure, failureBody, json } from './envelope.ts'
import { makeLog } from './log.ts'
import { schemaController } from './serializers.ts'
import { cutSlowReaders } from './slow-readers.ts'

const kibibyte = 1024

/** In ms, once the server closes: without a new call for so long, none is thought to be on its way. */
const quiet = 50
/** How long whoever was refused may take to read why, in ms. */
const farewell = 1000
/** In ms: whoever has not sent the rest of a call by then is cut off. */
const patience = 7000

/** Fastify with every default that matters set on purpose: sizes, times, and failures in our envelope. */
export function makeServer(config: Pick<Config, 'log' | 'proxies'>): FastifyInstance {
  const run = randomBytes(4).toString('hex')
  let count = 0
  const app = Fastify({
    schemaController,
    genReqId: () => `${run}-${(++count).toString(36)}`,
    bodyLimit: 64 * kibibyte,
    requestTimeout: 12_000,
    keepAliveTimeout: 72_000,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    trustProxy: config.proxies.length > 0 ? config.proxies : false,
    routerOptions: { querystringParser: () => ({}) },
    exposeHeadRoutes: false,
    http: {
      maxHeaderSize: 16 * kibibyte,
      // Node would refuse what has no Host without our envelope, and nothing here needs one.
      requireHostHeader: false,
      // Whatever else asks for an upgrade is answered as if it had not.
      shouldUpgradeCallback: ({ url }) => url?.split('?')[0] === realtimePath,
      headersTimeout: 10_000,
      connectionsCheckingInterval: 1000,
      optimizeEmptyRequests: true,
    },
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, request, reply) => void answerFailure(error, request as FastifyRequest, reply),
  })
  // Likewise what expects something that Node does not know; here that changes nothing.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
  app.decorate('journal', makeLog(config.log))
  app.decorateRequest('caller', null)
  app.decorateRequest('startedAt', 0)
  readBodies(app)
  answerUnknownRoutes(app)
  closeGently(app, () => count)
  cutSlowReaders(app.server)
  app.setErrorHandler((error, request, reply) => {
    const { code } = answerFailure(error, request, reply)
    request.routeOptions.config.measure?.(code, performance.now() - request.startedAt)
  })
  return app
}

/** Closing loses no call: answers now end their connections, so what is on its way is read, and then what idles is closed. */
function closeGently(app: FastifyInstance, count: () => number) {
  const { server } = app
  app.addHook('preClose', async () => {
    const end = performance.now() + 20 * quiet
    for (let seen = -1; seen !== count() && performance.now() < end; ) {
      seen = count()
      await wait(quiet)
    }
    const sweep = setInterval(() => server.closeIdleConnections(), quiet)
    const cut = setTimeout(() => server.closeAllConnections(), patience)
    server.once('close', () => {
      clearInterval(sweep)
      clearTimeout(cut)
    })
  })
}

/** 405 where the path is known, with the methods that it takes; else 404. */
function answerUnknownRoutes(app: FastifyInstance) {
  const methods = new Map<string, string[]>()
  app.addHook('onRoute', ({ url, method }) => {
    methods.set(url, [...(methods.get(url) ?? []), ...[method].flat()])
  })
  app.setNotFoundHandler((request, reply) => {
    const known = methods.get(request.url.split('?')[0] as string)
    if (known) reply.header('allow', known.join(', '))
    fail(known ? 'wrong_method' : 'no_route')
  })
}

/** What cannot even be parsed as HTTP gets the envelope too, and loses its connection. */
function answerUnreadable(error: Error & { code?: string }, socket: Socket) {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const due = answerDue(socket)
  if (due) return void due.once('close', () => answerUnreadable(error, socket))
  const failure = new ApiError(unreadable[error.code ?? ''] ?? 'bad_request')
  const body = failureBody(failure, 'en')
  socket.end(
    `HTTP/1.1 ${failure.status} ${reason[failure.status]}\r\nContent-Type: ${json}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
  // Whoever neither reads nor closes would keep its socket for ever.
  setTimeout(() => socket.destroy(), farewell).unref()
}

/**
 * The answer to a whole request that came before, on the same connection: it goes first, or the refusal would be taken
 * for it. Node has no public name for it.
 */
function answerDue(socket: Socket): ServerResponse | undefined {
  const { _httpMessage: message } = socket as Socket & { _httpMessage?: ServerResponse | null }
  return message?.req.complete && !message.closed ? message : undefined
}

const unreadable: Record<string, Failure> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'timed_out',
}
const reason: Record<number, string> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}

/** One line a request at level debug: ids, route pattern, code and time; never a URL, a header or a body. */
export function logRequests(app: FastifyInstance) {
  app.addHook('onResponse', async (request, reply) => {
    app.journal.debug(
      {
        request_id: request.id,
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        app_id: request.caller?.app.app_id,
        user_id: request.caller?.user,
      },
      'answered',
    )
  })
}
