import type { App } from '../apps/apps.sql.ts'
import { listNotifiers, type NotifierRow } from '../notifiers/notifiers.sql.ts'
import { nodeLife } from '../presence/leases.ts'
import { type Lease, listLeasesOf } from '../presence/presence.sql.ts'
import type { Services } from '../services.ts'
import { type Bound, listBoundOf, listDevicesOf, type TargetDevice } from './audience.sql.ts'
import { type Barrier, barrierOf, type LocalTime, localTime } from './eligibility.ts'
import type { Setting } from './messages.ts'
import { type Route, Routes } from './routes.ts'
import { listSubjects, type SubjectRow } from './subjects.sql.ts'

/** How it stands with a device that a push may go to. */
export interface Reachable {
  subject: SubjectRow
  time: LocalTime
  /** That hold its connections; none where it is offline. */
  nodes: string[]
  /** How it is reached where the connection does not do. */
  route: Route | { none: 'offline'; detail: string }
  bound: Bound[]
}

/** Likewise, or why it gets nothing. */
export type Standing = Reachable | { barrier: Barrier }

const place = (user: number, device: number) => `${user} ${device}`

/** All that decides, at one moment, what some users are sent: whatever is sent, explained or foretold asks this. */
export class Situation {
  readonly #subjects: Map<number, SubjectRow>
  readonly #devices: Map<string, TargetDevice>
  readonly #bound: Map<string, Bound[]>
  /** The nodes that hold connections of a device. */
  readonly #online: Map<string, string[]>
  readonly #routes: Routes
  readonly #zone: string
  readonly #isViaSocketAlone: boolean
  /** ms */
  readonly moment: number
  readonly notifiers: NotifierRow[]

  private constructor(
    rows: {
      subjects: SubjectRow[]
      devices: TargetDevice[]
      bound: Bound[]
      online: Lease[]
      notifiers: NotifierRow[]
    },
    setting: Setting,
    zone: string,
    moment: number,
  ) {
    this.#subjects = new Map(rows.subjects.map(subject => [subject.user_id, subject]))
    this.#devices = new Map(rows.devices.map(device => [place(device.user_id, device.device_sn), device]))
    this.#bound = Map.groupBy(rows.bound, ({ user_id, device_sn }) => place(user_id, device_sn))
    this.#online = new Map()
    for (const { user_id, device_sn, node_id } of rows.online) {
      const key = place(user_id, device_sn)
      this.#online.set(key, [...(this.#online.get(key) ?? []), node_id])
    }
    this.#routes = new Routes(rows.notifiers, setting)
    this.#zone = zone
    this.#isViaSocketAlone = setting.distribution_strategy === 'mxpush_only'
    this.moment = moment
    this.notifiers = rows.notifiers
  }

  static async of({ sql, now }: Pick<Services, 'sql' | 'now'>, app: App, setting: Setting, users: number[]) {
    const isViaVendorsAlone = setting.distribution_strategy === 'ospush_only'
    const [subjects, devices, bound, leases, notifiers] = await Promise.all([
      listSubjects(sql, app.app_id, users),
      listDevicesOf(sql, app.app_id, users),
      listBoundOf(sql, app.app_id, users),
      isViaVendorsAlone ? [] : listLeasesOf(sql, app.app_id, users),
      listNotifiers(sql, app.app_id),
    ])
    const moment = now()
    const online = leases.filter(({ renewed_at }) => renewed_at > moment - nodeLife)
    return new Situation({ subjects, devices, bound, online, notifiers }, setting, app.time_zone, moment)
  }

  /** How many of the users there are. */
  get size(): number {
    return this.#subjects.size
  }

  get devices(): Iterable<TargetDevice> {
    return this.#devices.values()
  }

  subject(user: number): { subject: SubjectRow | undefined; time: LocalTime; barrier: Barrier | undefined } {
    const subject = this.#subjects.get(user)
    const time = localTime(subject?.time_zone || this.#zone, this.moment)
    return { subject, time, barrier: barrierOf(subject, time) }
  }

  standing(user: number, device: number): Standing {
    const { subject, time, barrier } = this.subject(user)
    const known = this.#devices.get(place(user, device))
    if (!subject || barrier) return { barrier: barrier ?? gone }
    if (!known) return { barrier: gone }
    const bound = this.#bound.get(place(user, device)) ?? []
    const route = this.#isViaSocketAlone ? offline : this.#routes.of(known.platform, bound)
    return { subject, time, nodes: this.#online.get(place(user, device)) ?? [], route, bound }
  }
}

const gone = { outcome: 'device_removed', detail: '' } as const
const offline = { none: 'offline', detail: '' } as const
