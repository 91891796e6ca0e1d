import { join } from 'node:path'
import { contract } from '../../contract/index.ts'
import { version } from '../../server/version.ts'
import { calls, mustHaveSucceeded } from '../calls.ts'
import { serving } from '../processes.ts'
import { seed } from '../seed.ts'
import { environment, program } from '../site.ts'
import type { Ground, Peer } from './peer.ts'

export async function stonechat({ folder, users }: Ground): Promise<Peer> {
  const store = await seed(join(folder, 'stonechat'), users)
  const server = await serving('server', [process.execPath, program, 'serve'], environment(store.data))
  const { path } = contract.devices.kick
  const headers = { app_id: store.app, 'access-token': store.adminToken, 'content-type': 'application/json' }
  return {
    name: 'Stonechat',
    version,
    server,
    means: {
      profile: 'GET /user/profile with an access token',
      nickname: 'PUT /user/nickname',
      register: 'POST /user/register/v2 (argon2id)',
      signIn: 'POST /token/user',
      kick: 'POST /user/kick, by an admin: tokens, push bindings, leases and connections',
    },
    calls: {
      profile: calls.profile(store),
      nickname: calls.nickname(store),
      register: calls.register(store),
      signIn: calls.signIn(store),
    },
    kicks: store.seats.map(({ user }) => ({
      method: 'POST',
      path,
      body: '{}',
      headers: { ...headers, user_id: String(user) },
    })),
    async check() {
      for (const operation of ['getProfile', 'setNickname', 'register', 'signInByName', 'kick'])
        await mustHaveSucceeded(server, operation)
    },
    stop: () => server.stop(),
  }
}
