import { fail } from '../../contract/errors.ts'
import { lockUser } from '../accounts/accounts.sql.ts'
import type { Services } from '../services.ts'
import { inOneAct } from '../tokens/revocation.ts'
import type { Session } from '../tokens/sessions.ts'
import { isTokenAlive, moveToken } from '../tokens/tokens.sql.ts'
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
  // A name once given stays, so most connections have nothing to write here.
  if ((await findGuid(services.sql, app, user, device)) !== '') return false
  return inOneAct(services, async (sql, end) => {
    await lockUser(sql, app, user)
    if (!(await isTokenAlive(sql, app, hash, services.now()))) fail('session_over')
    if ((await findGuid(sql, app, user, device)) !== '') return false
    const namesake = await findDeviceByGuid(sql, app, user, guid)
    if (!namesake) {
      await setGuid(sql, app, user, device, guid)
      return false
    }
    await end({ app, user, device: namesake.device_sn, kind: 'replaced' })
    await moveToken(sql, app, hash, namesake.device_sn)
    // Whoever is connected as the nameless device has to say hello again.
    await end({ app, user, device, kind: 'replaced' })
    await deleteDevice(sql, app, user, device)
    await noteDeviceChange(sql, app, user, services.now())
    return true
  })
}
