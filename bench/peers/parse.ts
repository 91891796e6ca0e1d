import { fileURLToPath } from 'node:url'
import { serving } from '../processes.ts'
import { install, newDatabase } from './install.ts'
import { forEach, type Ground, nameOf, type Peer, password, post } from './peer.ts'

const version = '8.6.94'
const script = fileURLToPath(new URL('servers/parse.mjs', import.meta.url))

export async function parse({ packages, postgres, users }: Ground): Promise<Peer> {
  await install(packages, { 'parse-server': version })
  const database = await newDatabase(postgres, `stonechat_bench_parse_${process.pid}`)
  const silent = { PARSE_SERVER_LOGS_FOLDER: 'null' }
  const server = await serving('server', [process.execPath, script, packages, database.url], silent)
  const app = { 'X-Parse-Application-Id': 'bench' }
  const json = { ...app, 'Content-Type': 'application/json' }
  const url = `${server.url}/parse`
  const people = await forEach(users, async i => {
    const made = await post<Made>(`${url}/users`, { username: nameOf(i), password, nick: 'nobody' }, app)
    const own = { ...app, 'X-Parse-Session-Token': made.sessionToken }
    const session = (await (await fetch(`${url}/sessions/me`, { headers: own })).json()) as { objectId: string }
    return { id: made.objectId, own, session: session.objectId }
  })
  return {
    name: 'Parse Server',
    version,
    server,
    means: {
      profile: 'GET /users/me with a session token, on PostgreSQL',
      nickname: 'PUT /users/ID with one field',
      register: 'POST /users (bcrypt)',
      signIn: 'POST /login',
      kick: 'DELETE /sessions/ID',
    },
    calls: {
      profile: people.map(({ own }) => ({ method: 'GET', path: '/parse/users/me', headers: own })),
      nickname: people.map(({ id, own }) => ({
        method: 'PUT',
        path: `/parse/users/${id}`,
        headers: { ...own, 'Content-Type': 'application/json' },
        body: '{"nick":"nick_##########"}',
      })),
      register: [{ method: 'POST', path: '/parse/users', headers: json, body: bodyOf('new_##########') }],
      signIn: people.map((_, i) => ({ method: 'POST', path: '/parse/login', headers: json, body: bodyOf(nameOf(i)) })),
    },
    kicks: people.map(({ own, session }) => ({ method: 'DELETE', path: `/parse/sessions/${session}`, headers: own })),
    async stop() {
      await server.stop()
      await database.drop()
    },
  }
}

const bodyOf = (username: string) => JSON.stringify({ username, password })

interface Made {
  objectId: string
  sessionToken: string
}
