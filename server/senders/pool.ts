import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2'

export interface Asked {
  method?: 'GET' | 'POST'
  path: string
  headers: Record<string, string | number>
  body: string | Buffer
}

export interface Answered {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** No answer came. It may have been acted upon all the same, unless it is `untouched`. */
export class Unanswered extends Error {
  readonly untouched: boolean
  constructor(why: string, untouched: boolean, cause?: unknown) {
    super(why, cause === undefined ? undefined : { cause })
    this.name = 'Unanswered'
    this.untouched = untouched
  }
}

export interface PoolRules {
  /** Certificates (PEM) that are believed; the system's where it is absent. */
  ca?: string | undefined
  /** Connections to the origin at the most. */
  sessions?: number
  /** Requests at once on one connection, where the other side would take more. */
  streams?: number
  /** For an answer (ms). */
  patience?: number
  /** For a connection, and for the answer to a ping (ms). */
  grace?: number
}

/** Asked again where the other side says that it has not even looked; then it is given up. */
const mostRefusals = 8
/** A connection that says nothing for so long is asked whether it is there (ms). */
const silence = 60_000
const longestAnswer = 65_536

interface Waiting {
  asked: Asked
  refusals: number
  resolve(answered: Answered): void
  reject(error: Unanswered): void
}

/**
 * Connections to one origin that speaks HTTP/2. A connection that says goodbye is not used any more, what it did not
 * take is asked on another, and one that is dead without saying so is found out by a ping.
 */
export class Http2Pool {
  readonly #origin: string
  readonly #rules: Required<Omit<PoolRules, 'ca'>> & Pick<PoolRules, 'ca'>
  readonly #lines = new Set<Line>()
  readonly #queue: Waiting[] = []
  #closed = false

  constructor(origin: string, { ca, sessions = 4, streams = 500, patience = 30_000, grace = 10_000 }: PoolRules = {}) {
    this.#origin = origin
    this.#rules = { ca, sessions, streams, patience, grace }
  }

  /** Fails with `Unanswered`. */
  ask(asked: Asked): Promise<Answered> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ asked, refusals: 0, resolve, reject })
      this.#serve()
    })
  }

  /** What waits for an answer fails. */
  close() {
    this.#closed = true
    for (const line of this.#lines) line.destroy()
    this.#failAll(new Unanswered('the pool was closed', true))
  }

  get connections() {
    return this.#lines.size
  }

  #serve() {
    if (this.#closed) return this.#failAll(new Unanswered('the pool was closed', true))
    while (this.#queue.length > 0) {
      const line = this.#freest()
      if (!line) break
      line.send(this.#queue.shift() as Waiting)
    }
    const opening = [...this.#lines].some(line => line.isOpening)
    if (this.#queue.length > 0 && !opening && this.#usable() < this.#rules.sessions) this.#open()
  }

  #usable() {
    let count = 0
    for (const line of this.#lines) if (!line.isLeaving) count++
    return count
  }

  #freest(): Line | undefined {
    let best: Line | undefined
    for (const line of this.#lines) if (line.room > 0 && (!best || line.room > best.room)) best = line
    return best
  }

  #open() {
    const line = new Line(this.#origin, this.#rules, {
      changed: () => this.#serve(),
      refused: waiting => this.#again(waiting),
      gone: error => {
        this.#lines.delete(line)
        // Nobody could be reached at all: who waits is told, and does not wait for ever.
        if (error && this.#usable() === 0) this.#failAll(error)
        else this.#serve()
      },
    })
    this.#lines.add(line)
  }

  #again(waiting: Waiting) {
    if (++waiting.refusals > mostRefusals) waiting.reject(new Unanswered('refused again and again', true))
    else this.#queue.unshift(waiting)
  }

  #failAll(error: Unanswered) {
    for (const waiting of this.#queue.splice(0)) waiting.reject(error)
  }
}

interface Owner {
  /** There may be room for more. */
  changed(): void
  /** The other side has not looked at it. */
  refused(waiting: Waiting): void
  /** With an error where it never came to be. */
  gone(error?: Unanswered): void
}

/** One connection. */
class Line {
  readonly #session: ClientHttp2Session
  readonly #rules: Required<Omit<PoolRules, 'ca'>>
  readonly #owner: Owner
  #active = 0
  #most = 0
  #leaving = false
  #ready = false
  /** The last stream that the other side looked at, once it says goodbye. */
  #last = Number.POSITIVE_INFINITY
  #heardAt = performance.now()
  readonly #late: NodeJS.Timeout
  readonly #watch: NodeJS.Timeout

  constructor(origin: string, rules: Required<Omit<PoolRules, 'ca'>> & Pick<PoolRules, 'ca'>, owner: Owner) {
    this.#rules = rules
    this.#owner = owner
    let failure: unknown
    this.#session = connect(origin, { ...(rules.ca && { ca: rules.ca }), settings: { enablePush: false } })
    this.#late = setTimeout(() => this.#session.destroy(new Error('no connection in time')), rules.grace)
    this.#watch = setInterval(() => this.#ping(), silence / 2).unref()
    this.#session.on('remoteSettings', ({ maxConcurrentStreams }) => this.#settle(maxConcurrentStreams))
    this.#session.on('goaway', (_, last) => {
      this.#last = last
      this.#leave()
    })
    this.#session.on('error', error => {
      failure = error
    })
    this.#session.on('close', () => {
      clearTimeout(this.#late)
      clearInterval(this.#watch)
      this.#leaving = true
      const never = this.#ready ? undefined : new Unanswered(`no connection: ${messageOf(failure)}`, true, failure)
      owner.gone(never)
    })
  }

  get isOpening() {
    return !this.#ready && !this.#leaving
  }

  get isLeaving() {
    return this.#leaving
  }

  get room() {
    return this.#ready && !this.#leaving ? this.#most - this.#active : 0
  }

  destroy() {
    this.#session.destroy()
  }

  send(waiting: Waiting) {
    const { method = 'POST', path, headers, body } = waiting.asked
    let stream: ClientHttp2Stream
    try {
      stream = this.#session.request({ ':method': method, ':path': path, ...headers })
    } catch (error) {
      // It closed between two ticks.
      this.#leave()
      waiting.reject(new Unanswered(messageOf(error), true, error))
      return
    }
    this.#active++
    this.#listen(stream, waiting)
    stream.end(body)
  }

  #listen(stream: ClientHttp2Stream, waiting: Waiting) {
    let answered: Omit<Answered, 'body'> | undefined
    let body = ''
    let failure: unknown
    stream.setEncoding('utf8')
    stream.setTimeout(this.#rules.patience, () => stream.close(constants.NGHTTP2_CANCEL))
    stream.on('response', ({ ':status': status = 0, ...headers }) => {
      this.#heardAt = performance.now()
      answered = { status, headers: headers as Answered['headers'] }
    })
    stream.on('data', (text: string) => {
      body += text
      if (body.length > longestAnswer) stream.close(constants.NGHTTP2_CANCEL)
    })
    stream.on('error', error => {
      failure = error
    })
    stream.on('close', () => {
      this.#active--
      const code = stream.rstCode
      if (answered && code === constants.NGHTTP2_NO_ERROR) waiting.resolve({ ...answered, body })
      else if (!answered && this.#isUntouched(stream)) this.#owner.refused(waiting)
      else waiting.reject(new Unanswered(failure ? messageOf(failure) : `reset with ${code}`, false, failure))
      this.#owner.changed()
    })
  }

  /** It never left, or the other side says that it has not looked at it. */
  #isUntouched({ id, rstCode }: ClientHttp2Stream) {
    return id === undefined || id > this.#last || rstCode === constants.NGHTTP2_REFUSED_STREAM
  }

  #settle(most = Number.POSITIVE_INFINITY) {
    clearTimeout(this.#late)
    this.#ready = true
    this.#most = Math.min(most, this.#rules.streams)
    this.#owner.changed()
  }

  /** What is under way is waited for; nothing new begins here. */
  #leave() {
    if (this.#leaving) return
    this.#leaving = true
    if (!this.#session.destroyed) this.#session.close()
    this.#owner.changed()
  }

  #ping() {
    if (this.#leaving || performance.now() - this.#heardAt < silence) return
    const dead = setTimeout(() => this.#session.destroy(new Error('no answer to a ping')), this.#rules.grace)
    const sent = this.#session.ping(error => {
      clearTimeout(dead)
      if (!error) this.#heardAt = performance.now()
    })
    if (!sent) clearTimeout(dead)
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : 'it was closed')
