import { execFile, execFileSync } from 'node:child_process'
import { chownSync, globSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import { folder } from '../harness.ts'
import { afterwards } from './afterwards.ts'

const run = promisify(execFile)
const programs = globSync('/usr/lib/postgresql/*/bin').sort().at(-1) ?? '/usr/bin'

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
const user =
  process.getuid?.() === 0
    ? { uid: Number(execFileSync('id', ['-u', 'postgres'])), gid: Number(execFileSync('id', ['-g', 'postgres'])) }
    : undefined

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

/** A PostgreSQL of the test's own, which it may stop in any way. */
export class Cluster {
  readonly port: number
  readonly data: string

  constructor(port: number, data: string) {
    this.port = port
    this.data = data
  }

  get url() {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`
  }

  start() {
    // Its output goes to a file: what it starts in turn would keep a pipe open.
    return this.#control('start', '-l', join(this.data, 'log'))
  }

  /** `immediate` is what a crash would be: nothing is finished, nothing is written. */
  stop(mode: 'fast' | 'immediate' = 'fast') {
    return this.#control('stop', '-m', mode)
  }

  promote() {
    return this.#control('promote')
  }

  #control(...args: string[]) {
    return run(join(programs, 'pg_ctl'), ['-D', this.data, '-w', '-s', ...args], { ...user, cwd: '/' })
  }
}

function ownFolder(t: TestContext): string {
  const outer = folder(t)
  const data = join(outer, 'pg')
  mkdirSync(data, { mode: 0o700 })
  if (user) for (const path of [outer, data]) chownSync(path, user.uid, user.gid)
  return data
}

async function started(t: TestContext, cluster: Cluster) {
  afterwards(t, () => cluster.stop('immediate').catch(unlessStopped))
  await cluster.start()
  return cluster
}

/** A test may have stopped it already. */
function unlessStopped(error: Error) {
  if (!/no server running|PID file .* does not exist/.test(error.message)) throw error
}

export async function newCluster(t: TestContext, settings: Record<string, string> = {}): Promise<Cluster> {
  const data = ownFolder(t)
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-instructions', '--no-sync']
  await run(join(programs, 'initdb'), init, { ...user, cwd: '/' })
  const cluster = new Cluster(await freePort(), data)
  configure(cluster, { wal_level: 'replica', max_connections: '200', ...settings })
  return started(t, cluster)
}

/** A standby that follows `primary` under the name `name`. */
export async function newStandby(t: TestContext, primary: Cluster, name: string): Promise<Cluster> {
  const data = ownFolder(t)
  const from = [
    '-d',
    `${primary.url}?application_name=${name}`,
    '-D',
    data,
    '-R',
    '-X',
    'stream',
    '--no-sync',
    '-c',
    'fast',
  ]
  await run(join(programs, 'pg_basebackup'), from, { ...user, cwd: '/' })
  const cluster = new Cluster(await freePort(), data)
  configure(cluster, { primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres application_name=${name}` })
  return started(t, cluster)
}

/** What is said last counts. */
function configure({ port, data }: Cluster, settings: Record<string, string>) {
  const all = { port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: data, ...settings }
  const lines = Object.entries(all).map(([name, value]) => `${name} = '${value}'\n`)
  writeFileSync(join(data, 'postgresql.auto.conf'), lines.join(''), { flag: 'a' })
}
