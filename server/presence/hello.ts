import { fail } from '../../contract/errors.ts'
import type { ClientFrame } from '../../contract/frames.ts'
import { originsOf } from '../apps/apps.ts'
import { guessPlatform } from '../devices/enter.ts'
import { nameDevice } from '../devices/naming.ts'
import { identify } from '../http/caller.ts'
import type { Services } from '../services.ts'
import type { Session } from '../tokens/sessions.ts'
import type { Peer } from './connection.ts'

const notListed = { en: "the page's origin is not on the app's list", zh: '页面来源不在应用的列表中' }

/** Whoever says hello, by the question that every HTTP call is asked; fails as a call would. */
export async function greet(
  services: Services,
  hello: ClientFrame<'hello'>,
  origin: string | undefined,
  anyOrigin: boolean,
): Promise<Peer> {
  const ask = () => identify(services, { who: 'user' }, { app_id: hello.app_id, 'access-token': hello.access_token })
  const caller = await ask()
  if (origin !== undefined && !anyOrigin && !originsOf(caller.app).includes(origin)) fail('not_allowed', notListed)
  const app = caller.app.app_id
  const moved = hello.device_guid && (await nameDevice(services, app, caller.session as Session, hello.device_guid))
  const session = (moved ? await ask() : caller).session as Session
  const platform = hello.platform ?? guessPlatform(hello.user_agent ?? '')
  return { app, user: session.user, device: session.device, platform, token: hello.access_token, session }
}
