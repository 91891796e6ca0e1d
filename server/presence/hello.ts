import { fail } from '../../contract/errors.ts'
import type { ClientFrame } from '../../contract/frames.ts'
import { originsOf } from '../apps/apps.ts'
import type { Caller } from '../call.ts'
import { findDescription } from '../devices/devices.sql.ts'
import { guessPlatform } from '../devices/enter.ts'
import { nameDevice } from '../devices/naming.ts'
import { identify } from '../http/caller.ts'
import type { Services } from '../services.ts'
import type { Session } from '../tokens/sessions.ts'
import type { Peer } from './connection.ts'

const notListed = { en: "the page's origin is not on the app's list", zh: '页面来源不在应用的列表中' }

/** Whom the token lets in, by the question that every HTTP call is asked; fails as a call would. */
export async function admitted(services: Services, app: string, token: string): Promise<Caller & { session: Session }> {
  const caller = await identify(services, { who: 'user' }, { app_id: app, 'access-token': token })
  return { ...caller, session: caller.session as Session }
}

/** Whoever says hello, and as what its device presents itself. */
export async function greet(
  services: Services,
  hello: ClientFrame<'hello'>,
  origin: string | undefined,
  anyOrigin: boolean,
): Promise<{ peer: Peer; userAgent: string }> {
  const ask = () => admitted(services, hello.app_id, hello.access_token)
  const caller = await ask()
  if (origin !== undefined && !anyOrigin && !originsOf(caller.app).includes(origin)) fail('not_allowed', notListed)
  const app = caller.app.app_id
  const moved = hello.device_guid && (await nameDevice(services, app, caller.session, hello.device_guid))
  const { session } = moved ? await ask() : caller
  const { user, device } = session
  const known = (await findDescription(services.sql, app, user, device)) ?? fail('session_over')
  const platform = hello.platform ?? (guessPlatform(hello.user_agent ?? '') || known.platform)
  const peer = { app, user, device, platform, token: hello.access_token, session }
  return { peer, userAgent: hello.user_agent || known.user_agent }
}
