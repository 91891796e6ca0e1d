import { randomBytes, randomUUID } from 'node:crypto'
import { type OutgoingAnswer, OutgoingClient, OutgoingError, type OutgoingRules } from '../outgoing/client.ts'
import { retryAfter } from '../senders/retry-after.ts'
import type { Services } from '../services.ts'
import { claimEvent, delivered, due, type EventRow, givenUp, listDueEvents, settleEvent } from './events.sql.ts'
import { headersOf } from './signing.ts'
import { disableWebhook, findWebhook, listHearingApps, type WebhookRow } from './webhooks.sql.ts'
import { keysOf } from './webhooks.ts'

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000]
/** Between two tries: what is not taken within a day is given up. */
export const pauses = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 8 * hour, 8 * hour]
/** How often this node looks for what is due, and for which apps have webhooks (ms). */
const look = 1000
/** How long a claim holds (ms): longer than a call may take. */
const lease = 60_000
const mostAtOnce = 16
const mostOfWebhook = 4

type Needs = Pick<Services, 'sql' | 'now' | 'seals' | 'report'>

/** Tells webhooks what happened: whatever was written with a change is sent until it is taken, or a day has passed. */
export class Webhooks {
  readonly origins: ReadonlySet<string>
  readonly #services: Needs
  readonly #client: OutgoingClient
  readonly #running = new Map<Promise<void>, number>()
  #hearing = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  #again = false
  #isSending = false
  #stopping = false

  constructor(services: Needs, rules: OutgoingRules) {
    this.#services = services
    this.origins = rules.origins
    this.#client = new OutgoingClient(rules)
  }

  /** Whether anything is to be written for the app's webhooks. Of other nodes' changes it knows within a second. */
  hears(app: string): boolean {
    return this.#hearing.has(app)
  }

  async refresh() {
    this.#hearing = new Set((await listHearingApps(this.#services.sql)).map(({ app_id }) => app_id))
  }

  /** `isSending`: this node is one of those that tell what is due. */
  async start(isSending: boolean) {
    await this.refresh()
    this.#isSending = isSending
    this.#timer = setInterval(() => {
      this.refresh().catch(this.#services.report)
      this.wake()
    }, look).unref()
    this.wake()
  }

  /** There may be something to send. */
  wake() {
    if (!this.#isSending || this.#stopping) return
    this.#again = true
    this.#looking ??= this.#look()
      .catch(this.#services.report)
      .finally(() => {
        this.#looking = undefined
      })
  }

  /** What is being sent is finished or broken off; a claim that is left runs out by itself. */
  async stop() {
    this.#stopping = true
    clearInterval(this.#timer)
    await this.#looking
    this.#client.close()
    await Promise.all(this.#running.keys())
  }

  async #look() {
    while (this.#again && !this.#stopping) {
      this.#again = false
      const { sql, now } = this.#services
      const room = mostAtOnce - this.#running.size
      const found = room > 0 ? await listDueEvents(sql, now(), this.#busy(), room) : []
      for (const { app_id, webhook_id, event_id } of found) {
        if (this.#stopping || this.#countOf(webhook_id) >= mostOfWebhook) continue
        const by = randomUUID()
        const event = await claimEvent(sql, app_id, webhook_id, event_id, { by, now: now(), until: now() + lease })
        if (event) this.#run(webhook_id, this.#deliver(event, by).catch(this.#services.report))
      }
    }
  }

  #run(webhook: number, work: Promise<void>) {
    const tracked = work.finally(() => {
      this.#running.delete(tracked)
      this.wake()
    })
    this.#running.set(tracked, webhook)
  }

  async #deliver(event: EventRow, claim: string) {
    const { sql, now, seals } = this.#services
    const { app_id, webhook_id, event_id, payload } = event
    const hook = await findWebhook(sql, app_id, webhook_id)
    if (!hook || hook.disabled) return this.#settle(event, claim, { state: givenUp, error: 'the webhook is disabled' })
    const headers = headersOf(keysOf(seals, app_id, hook), event_id, payload, now())
    try {
      const answer = await this.#client.ask(hook.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'Stonechat', ...headers },
        body: payload,
      })
      await this.#judge(event, claim, hook, answer)
    } catch (error) {
      if (!(error instanceof OutgoingError)) throw error
      await this.#failed(event, claim, { status: 0, error: error.message })
    }
  }

  async #judge(event: EventRow, claim: string, hook: WebhookRow, { status, headers }: OutgoingAnswer) {
    const { sql, now } = this.#services
    if (status >= 200 && status < 300) return this.#settle(event, claim, { state: delivered, status, error: '' })
    if (status !== 410)
      return this.#failed(event, claim, { status, error: `HTTP ${status}` }, retryAfter(headers['retry-after'], now()))
    await disableWebhook(sql, event.app_id, hook, 'it answered 410 Gone', now())
    await this.#settle(event, claim, { state: givenUp, status, error: 'HTTP 410' })
    await this.refresh()
  }

  /** Another time, never all at once; after the last pause never. */
  #failed(event: EventRow, claim: string, said: { status: number; error: string }, after = 0) {
    const pause = pauses[event.attempts]
    if (pause === undefined) return this.#settle(event, claim, { state: givenUp, ...said })
    const spread = Math.round(pause * (0.8 + (0.4 * randomBytes(2).readUInt16LE()) / 0x1_0000))
    const due_at = this.#services.now() + Math.max(spread, Math.min(after, day))
    return this.#settle(event, claim, { state: due, due_at, ...said })
  }

  async #settle(event: EventRow, claim: string, change: Partial<EventRow>) {
    await settleEvent(this.#services.sql, { ...event, attempts: event.attempts + 1, ...change }, claim)
  }

  #countOf(webhook: number) {
    return [...this.#running.values()].filter(running => running === webhook).length
  }

  /** Never empty: no webhook has the number 0. */
  #busy() {
    return [0, ...new Set([...this.#running.values()].filter(each => this.#countOf(each) >= mostOfWebhook))]
  }
}
