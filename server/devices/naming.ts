import type { Services } from '../services.ts'
import { inOneAct } from '../tokens/revocation.ts'
import type { Session } from '../tokens/sessions.ts'
import { moveToken } from '../tokens/tokens.sql.ts'
import { deleteDevice, findDeviceByGuid, findGuid, noteDeviceChange, setGuid } from './devices.sql.ts'

/**
 * A connection says its device's own name. A nameless device gets it or, where the user has a device of that name
 * already, the token moves there and the nameless one goes. Returns whether the token has moved.
 */
export async function nameDevice(
  services: Services,
  app: string,
  { user, device, hash }: Session,
  guid: string,
): Promise<boolean> {
  const moved = await inOneAct(services, async (sql, end) => {
    const namesake = await findDeviceByGuid(sql, app, user, guid)
    const isNameless = (await findGuid(sql, app, user, device)) === ''
    if (!isNameless || namesake?.device_sn === device) return false
    if (!namesake) {
      await setGuid(sql, app, user, device, guid)
      return false
    }
    await end({ app, user, device: namesake.device_sn, kind: 'replaced' })
    await moveToken(sql, app, hash, namesake.device_sn)
    await deleteDevice(sql, app, user, device)
    await noteDeviceChange(sql, app, user, services.now())
    return true
  })
  if (moved) services.sessions.forget({ app, user, device, kind: 'replaced' })
  return moved
}
