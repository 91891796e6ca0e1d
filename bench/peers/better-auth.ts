import { fileURLToPath } from 'node:url'
import { serving } from '../processes.ts'
import { install, newDatabase } from './install.ts'
import { forEach, type Ground, nameOf, type Peer, password } from './peer.ts'

const version = '1.7.25'
const script = fileURLToPath(new URL('servers/better-auth.mjs', import.meta.url))

export async function betterAuth({ packages, postgres, users }: Ground): Promise<Peer> {
  await install(packages, { 'better-auth': version, pg: '8.23.1' })
  const database = await newDatabase(postgres, `stonechat_bench_better_${process.pid}`)
  const server = await serving('server', [process.execPath, script, packages, database.url])
  const json = { 'content-type': 'application/json', origin: server.url }
  const people = await forEach(users, async i => {
    const path = `${server.url}/api/auth/sign-up/email`
    const response = await fetch(path, { method: 'POST', headers: json, body: signUpOf(nameOf(i)) })
    if (!response.ok) throw new Error(`${path} answered ${response.status} ${await response.text()}`)
    const cookie = response.headers
      .getSetCookie()
      .map(each => each.split(';')[0])
      .join('; ')
    return { cookie, token: ((await response.json()) as { token: string }).token }
  })
  return {
    name: 'better-auth',
    version,
    server,
    means: {
      profile: 'GET /get-session with the cookie of a session, read from PostgreSQL each time',
      nickname: 'POST /update-user with one field',
      register: 'POST /sign-up/email (scrypt)',
      signIn: 'POST /sign-in/email',
      kick: 'POST /revoke-session',
    },
    calls: {
      profile: people.map(({ cookie }) => ({ method: 'GET', path: '/api/auth/get-session', headers: { cookie } })),
      nickname: people.map(({ cookie }) => ({
        method: 'POST',
        path: '/api/auth/update-user',
        headers: { ...json, cookie },
        body: '{"name":"nick_##########"}',
      })),
      register: [{ method: 'POST', path: '/api/auth/sign-up/email', headers: json, body: signUpOf('new_##########') }],
      signIn: people.map((_, i) => ({
        method: 'POST',
        path: '/api/auth/sign-in/email',
        headers: json,
        body: JSON.stringify({ email: emailOf(nameOf(i)), password }),
      })),
    },
    kicks: people.map(({ cookie, token }) => ({
      method: 'POST',
      path: '/api/auth/revoke-session',
      headers: { ...json, cookie },
      body: JSON.stringify({ token }),
    })),
    async stop() {
      await server.stop()
      await database.drop()
    },
  }
}

const emailOf = (name: string) => `${name}@example.com`
const signUpOf = (name: string) => JSON.stringify({ email: emailOf(name), password, name })
