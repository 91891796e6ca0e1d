import { complaints } from '../../contract/complaints.ts'
import type { devices } from '../../contract/devices.ts'
import { fail } from '../../contract/errors.ts'
import { lockUser } from '../accounts/accounts.sql.ts'
import { providers } from '../apps/providers.ts'
import type { Call, Handlers } from '../call.ts'
import { readSubscription } from '../senders/subscriptions.ts'
import { inOneAct } from '../tokens/revocation.ts'
import {
  deleteDevice,
  findDevicesVersion,
  findNotifier,
  hasDevice,
  insertBinding,
  listDevices,
  noteDeviceChange,
  removeBindingsOfDevice,
  removeRivalBindings,
} from './devices.sql.ts'

export const handlers: Handlers<typeof devices> = {
  async listDevices({ sql, app, user }) {
    const [data, version] = await Promise.all([
      listDevices(sql, app.app_id, user),
      findDevicesVersion(sql, app.app_id, user),
    ])
    return { data, version: version ?? fail('user_not_found') }
  },

  async removeDevice({ services, app, user, input }) {
    await inOneAct(services, async (sql, end) => {
      await lockUser(sql, app.app_id, user)
      await mustHaveDevice(sql, app.app_id, user, input.device_sn)
      await end({ app: app.app_id, user, device: input.device_sn, kind: 'removed' })
      await deleteDevice(sql, app.app_id, user, input.device_sn)
      await noteDeviceChange(sql, app.app_id, user, services.now())
    })
    return true
  },

  async kick({ services, app, user, input }) {
    await inOneAct(services, async (sql, end) => {
      await lockUser(sql, app.app_id, user)
      if (input.device_sn) await mustHaveDevice(sql, app.app_id, user, input.device_sn)
      await end({ app: app.app_id, user, device: input.device_sn ?? 'all', kind: 'kicked' })
    })
    return true
  },

  async bindDeviceToken({ sql, services, app, user, input }) {
    const { device_sn, device_token, notifier_name } = input
    await mustHaveDevice(sql, app.app_id, user, device_sn)
    const notifier = (await findNotifier(sql, app.app_id, notifier_name)) ?? fail('notifier_not_found')
    if (notifier.provider !== providers.webpush && Buffer.byteLength(device_token) > 512)
      fail('invalid_parameter', complaints.tooManyBytes('device_token', 512))
    if (notifier.provider === providers.webpush) mustBeSubscription(device_token, services.outgoing.origins)
    await sql.begin(async sql => {
      await lockUser(sql, app.app_id, user)
      await mustHaveDevice(sql, app.app_id, user, device_sn)
      await removeRivalBindings(sql, app.app_id, user, device_sn, notifier_name, device_token)
      await insertBinding(sql, app.app_id, user, device_sn, notifier_name, device_token, services.now())
    })
    return true
  },

  async unbindDeviceToken({ sql, app, user, input }) {
    await removeBindingsOfDevice(sql, app.app_id, user, input.deviceSn)
    return {}
  },
}

function mustBeSubscription(text: string, origins: ReadonlySet<string>) {
  const read = readSubscription(text, origins)
  if ('wrong' in read)
    fail('invalid_parameter', { en: `device_token ${read.wrong.en}`, zh: `device_token ${read.wrong.zh}` })
}

async function mustHaveDevice(sql: Call['sql'], app: string, user: number, device: number) {
  if (!(await hasDevice(sql, app, user, device))) fail('device_not_found')
}
