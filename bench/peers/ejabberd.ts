import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { onPath, Serving, start } from '../processes.ts'
import { forEach, type Ground, nameOf, type Peer, password, post } from './peer.ts'

const host = 'localhost'

/** Debian's package, with its HTTP API on loopback and nothing else listening; its own database (Mnesia, on disk). */
export async function ejabberd({ folder, users }: Ground): Promise<Peer> {
  if (!onPath('ejabberdctl')) throw new Error('install the Debian packages ejabberd and erlang-p1-oauth2')
  const place = join(folder, 'ejabberd')
  const port = await freePort()
  configure(place, port)
  const child = start('server', ['runuser', '-u', 'ejabberd', '--', 'ejabberdctl', ...options(place), 'foreground'])
  const url = `http://127.0.0.1:${port}`
  await untilReady(url)
  const server = new Serving(url, child, emulatorOf(place))
  const tokens = await forEach(users, async i => {
    await post(`${url}/api/register`, { user: nameOf(i), host, password })
    const jid = `${nameOf(i)}@${host}`
    const issued = await post<{ token: string }>(`${url}/api/oauth_issue_token`, { jid, ttl: 86_400, scopes: scope })
    const authorization = `Bearer ${issued.token}`
    await post(`${url}/api/set_nickname`, { user: nameOf(i), host, nickname: 'nobody' }, { authorization })
    return issued.token
  })
  const json = { 'content-type': 'application/json' }
  const asUser = (i: number) => ({ ...json, authorization: `Bearer ${tokens[i]}` })
  const call = (command: string, headers: Record<string, string>, body: object) =>
    ({ method: 'POST', path: `/api/${command}`, headers, body: JSON.stringify(body) }) as const
  return {
    name: 'ejabberd',
    version: versionOf(),
    server,
    means: {
      profile: 'get_vcard with an OAuth token, one field',
      nickname: 'set_nickname',
      register: 'register (SCRAM)',
      signIn: 'check_password, which makes no session',
      kick: 'oauth_revoke_token',
    },
    calls: {
      profile: tokens.map((_, i) => call('get_vcard', asUser(i), { user: nameOf(i), host, name: 'NICKNAME' })),
      nickname: tokens.map((_, i) =>
        call('set_nickname', asUser(i), { user: nameOf(i), host, nickname: 'nick_##########' }),
      ),
      register: [call('register', json, { user: 'new_##########', host, password })],
      signIn: tokens.map((_, i) => call('check_password', json, { user: nameOf(i), host, password })),
    },
    kicks: tokens.map((token, i) => call('oauth_revoke_token', asUser(i), { token })),
    stop: () => server.stop(),
  }
}

const scope = 'ejabberd:user'

function configure(place: string, port: number) {
  for (const name of ['', 'spool', 'logs']) mkdirSync(join(place, name), { recursive: true })
  writeFileSync(
    join(place, 'ejabberd.yml'),
    `loglevel: warning
hosts: [${host}]
listen:
  - port: ${port}
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers:
      /api: mod_http_api
auth_method: internal
auth_password_format: scram
oauth_access: all
oauth_expire: 86400
api_permissions:
  "back end":
    from: mod_http_api
    who:
      ip: 127.0.0.1/32
    what: [register, check_password, oauth_issue_token, status]
  "users":
    from: mod_http_api
    who:
      oauth:
        scope: "${scope}"
        access:
          allow: all
    what: [get_vcard, set_nickname, oauth_revoke_token]
modules:
  mod_admin_extra: {}
  mod_http_api: {}
  mod_last: {}
  mod_vcard:
    search: false
`,
  )
  writeFileSync(join(place, 'ctl.cfg'), `ERLANG_NODE=bench${process.pid}@${host}\nINET_DIST_INTERFACE=127.0.0.1\n`)
  execFileSync('chown', ['-R', 'ejabberd', place])
  execFileSync('chmod', ['755', join(place, '..')])
}

const options = (place: string) =>
  ['config:ejabberd.yml', 'ctl-config:ctl.cfg', 'spool:spool', 'logs:logs'].flatMap(each => {
    const [name, file] = each.split(':') as [string, string]
    return [`--${name}`, join(place, file)]
  })

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

async function untilReady(url: string) {
  const end = performance.now() + 30_000
  for (;;) {
    try {
      await post(`${url}/api/status`, {})
      return
    } catch (error) {
      if (performance.now() > end) throw error
      await wait(100)
    }
  }
}

/** The process that does the work, which is a child of what was started. */
function emulatorOf(place: string): number {
  const found = readdirSync('/proc').find(
    name => /^\d+$/.test(name) && /beam\.smp/.test(commandOf(name)) && commandOf(name).includes(place),
  )
  if (!found) throw new Error('ejabberd answers, and its process cannot be found')
  return Number(found)
}

function commandOf(process: string): string {
  try {
    return readFileSync(`/proc/${process}/cmdline`, 'utf8')
  } catch {
    // It ended while we looked.
    return ''
  }
}

const versionOf = () => execFileSync('dpkg-query', ['-W', '-f', '\x24{Version}', 'ejabberd'], { encoding: 'utf8' })
