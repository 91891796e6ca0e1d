import type { Static } from '@sinclair/typebox'
import type { insight } from '../../contract/insight.ts'
import type { App } from '../apps/apps.sql.ts'
import type { Services } from '../services.ts'
import type { Audience } from './audience.ts'
import { foretell } from './foretelling.ts'
import type { Setting } from './messages.ts'
import { Situation } from './situation.ts'
import { survey } from './survey.ts'
import { mustBeAudience } from './tasks.ts'

type Preview = Static<typeof insight.previewAudience.result>

/** How many devices a push would reach now, by whom, and what keeps it from the others. */
export async function preview(
  services: Pick<Services, 'sql' | 'now'>,
  app: App,
  audience: Audience,
  setting: Setting,
): Promise<Preview> {
  mustBeAudience(audience)
  const [channels, suppressed] = [new Sum(), new Sum()]
  let [users, devices, reached, lookedAt, isEstimated] = [0, 0, 0, 0, false]
  for (const stratum of await survey(services.sql, app, audience)) {
    const { weight } = stratum
    const situation = await Situation.of(services, app, setting, stratum.users)
    lookedAt += stratum.users.length
    users += situation.size * weight
    isEstimated ||= weight !== 1
    for (const { user_id, device_sn } of situation.devices) {
      if (stratum.devices?.get(user_id)?.has(device_sn) === false) continue
      const { isSent, channel, reasons } = foretell(situation, user_id, device_sn, situation.moment)
      devices += weight
      if (isSent) {
        reached += weight
        channels.add(channel, weight)
      } else suppressed.add(reasons[0]?.code ?? '', weight)
    }
  }
  return {
    users: Math.round(users),
    devices: Math.round(devices),
    reached: Math.round(reached),
    channels: channels.list(),
    suppressed: suppressed.list(),
    estimated: isEstimated,
    looked_at: lookedAt,
  }
}

class Sum {
  readonly #devices = new Map<string, number>()

  add(code: string, devices: number) {
    this.#devices.set(code, (this.#devices.get(code) ?? 0) + devices)
  }

  list() {
    return [...this.#devices]
      .map(([code, devices]) => ({ code, devices: Math.round(devices) }))
      .sort((a, b) => b.devices - a.devices)
  }
}
