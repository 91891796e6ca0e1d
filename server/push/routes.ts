import { type Provider, providerOf } from '../apps/providers.ts'
import type { NotifierRow } from '../notifiers/notifiers.sql.ts'
import type { Bound } from './audience.sql.ts'
import type { Setting } from './messages.ts'

/** Where the pushes of a device go: a notifier's name, or why there is none. */
export type Route = { notifier: string } | { none: 'no_binding' | 'dead_token' | 'notifier_disabled'; detail: string }

const ios = 1

const chinese: Provider[] = ['huawei', 'xiaomi', 'oppo', 'vivo', 'meizu']
const words: Record<string, Provider[]> = {
  ups: chinese,
  flyme: ['meizu'],
  fcm: ['fcm'],
  ...Object.fromEntries(chinese.map(word => [word, [word]])),
}

/** The providers in the order in which a device's tokens are tried; those that no sequence names come last. */
export function sequenceOf({ ospush_sequence = ['ups', 'fcm'] }: Setting): Provider[] {
  const named = ospush_sequence.flatMap(word => words[word] ?? [])
  return [...new Set<Provider>([...named, 'apns', 'webpush', 'capture'])]
}

/** Chooses for the devices of one app and one task. */
export class Routes {
  readonly #providers: Map<string, { provider: Provider; isDisabled: boolean }>
  readonly #sequence: Provider[]

  constructor(notifiers: NotifierRow[], setting: Setting) {
    this.#providers = new Map(
      notifiers.map(({ name, provider, disabled }) => [
        name,
        { provider: providerOf(provider) as Provider, isDisabled: disabled === 1 },
      ]),
    )
    this.#sequence = sequenceOf(setting)
  }

  /** iOS is always Apple's; else the first provider in the sequence for which the device has a live token. */
  of(platform: number, bound: readonly Pick<Bound, 'notifier_name' | 'bound_at' | 'dead_at' | 'dead_reason'>[]): Route {
    const usable = bound.filter(each => this.#providers.get(each.notifier_name)?.isDisabled === false)
    const live = usable.filter(({ dead_at }) => dead_at === 0)
    const sequence: Provider[] = platform === ios ? ['apns', 'capture'] : this.#sequence
    for (const wanted of sequence) {
      const found = live.filter(({ notifier_name }) => this.#providers.get(notifier_name)?.provider === wanted)
      const newest = found.sort((a, b) => b.bound_at - a.bound_at)[0]
      if (newest) return { notifier: newest.notifier_name }
    }
    const [dead] = usable.filter(({ dead_at }) => dead_at > 0)
    if (dead) return { none: 'dead_token', detail: dead.dead_reason }
    const [off] = bound.filter(each => this.#providers.get(each.notifier_name)?.isDisabled)
    return off ? { none: 'notifier_disabled', detail: off.notifier_name } : { none: 'no_binding', detail: '' }
  }
}
