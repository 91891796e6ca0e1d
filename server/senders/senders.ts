import { type Provider, providerOf } from '../apps/providers.ts'
import type { Seals } from '../apps/seals.ts'
import type { NotifierRow } from '../notifiers/notifiers.sql.ts'
import { type Credentials, credentialsOf } from '../notifiers/opened.ts'
import type { Outgoing } from '../notifiers/outgoing.ts'
import type { Sql } from '../storage/sql.ts'
import { apnsSender } from './apns.ts'
import { captureSender } from './capture.ts'
import { fcmSender } from './fcm.ts'
import { huaweiSender } from './huawei.ts'
import { meizuSender } from './meizu.ts'
import { oppoSender } from './oppo.ts'
import type { Sender } from './sender.ts'
import { vivoSender } from './vivo.ts'
import { webPushSender } from './webpush.ts'
import { xiaomiSender } from './xiaomi.ts'

/** What senders are made from. */
export interface Supplies {
  sql: Sql
  seals: Seals
  outgoing: Outgoing
  now(): number
  report(error: unknown): void
}

/** A notifier with its credentials in the clear. */
export interface Opened {
  name: string
  environment: number
  credentials: Credentials
}

type Make = (supplies: Supplies, notifier: Opened) => Sender

const makers: Record<Provider, Make> = {
  capture: (supplies, { name }) => captureSender(supplies, name),
  apns: apnsSender,
  fcm: fcmSender,
  webpush: webPushSender,
  huawei: huaweiSender,
  xiaomi: xiaomiSender,
  oppo: oppoSender,
  vivo: vivoSender,
  meizu: meizuSender,
}

/** The senders of this node, each with its connections; one for each version of a notifier. */
export class Senders {
  readonly #supplies: Supplies
  readonly #open = new Map<string, { version: number; sender: Sender }>()

  constructor(supplies: Supplies) {
    this.#supplies = supplies
  }

  /** Undefined where nobody here can send for the provider. */
  for(app: string, row: NotifierRow): Sender | undefined {
    const key = `${app} ${row.name}`
    const known = this.#open.get(key)
    if (known?.version === row.version) return known.sender
    const make = makers[providerOf(row.provider) as Provider]
    if (!make) return undefined
    const { name, environment } = row
    const sender = make(this.#supplies, {
      name,
      environment,
      credentials: credentialsOf(row, this.#supplies.seals, app),
    })
    known?.sender.close()
    this.#open.set(key, { version: row.version, sender })
    return sender
  }

  close() {
    for (const { sender } of this.#open.values()) sender.close()
    this.#open.clear()
  }
}
