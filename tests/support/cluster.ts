import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import postgres from 'postgres'

/** A PostgreSQL server for tests. */
export interface Cluster {
  url: string
  stop(): Promise<void>
}

const memory = '/dev/shm'
const usual = 'postgres://postgres@127.0.0.1:5432/postgres'

/** The server that DATABASE_URL names, else one of our own in memory, else the usual one; undefined where there is none. */
export async function findCluster(): Promise<Cluster | undefined> {
  const given = process.env.DATABASE_URL
  if (given) return { url: given, stop: async () => {} }
  const binaries = findBinaries()
  if (binaries) return startCluster(binaries)
  return (await answers(usual)) ? { url: usual, stop: async () => {} } : undefined
}

/** Where Debian and others put the newest server. */
function findBinaries(): string | undefined {
  const places = [
    '/usr/lib/postgresql/*/bin/postgres',
    '/usr/pgsql-*/bin/postgres',
    '/opt/homebrew/opt/postgresql@*/bin/postgres',
  ]
  const version = (path: string) => Number(/(\d+)\/bin/.exec(path)?.[1] ?? 0)
  const found = places.flatMap(place => globSync(place)).sort((a, b) => version(b) - version(a))
  return found[0] && dirname(found[0])
}

/** A server that only this machine reaches, on a free port, in a folder that goes with it. PostgreSQL refuses to run as root. */
export async function startCluster(
  binaries: string,
  settings: string[] = [],
): Promise<Cluster & { folder: string; process: ChildProcess }> {
  const folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'stonechat-postgres-'))
  const owner = process.getuid?.() === 0 ? ownerOf('postgres') : {}
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const made = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N']
  execFileSync(join(binaries, 'initdb'), made, { ...owner, cwd: folder, stdio: 'ignore' })
  const port = await freePort()
  const all = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'log_min_messages=fatal',
    ...settings,
  ]
  const options = all.flatMap(each => ['-c', each])
  const server = spawn(join(binaries, 'postgres'), ['-D', data, ...options], { ...owner, cwd: folder, stdio: 'ignore' })
  const kill = () => server.kill('SIGQUIT')
  process.once('exit', kill)
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  const end = performance.now() + 30_000
  while (!(await answers(url)))
    if (server.exitCode !== null || performance.now() > end)
      throw new Error('the PostgreSQL server of the tests does not start')
  return {
    url,
    folder,
    process: server,
    async stop() {
      process.off('exit', kill)
      const gone = server.exitCode === null && server.signalCode === null ? once(server, 'exit') : undefined
      server.kill('SIGINT')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function ownerOf(name: string): { uid?: number; gid?: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

async function answers(url: string): Promise<boolean> {
  const driver = postgres(url, { max: 1, fetch_types: false, connect_timeout: 2 })
  try {
    await driver.unsafe('select 1')
    return true
  } catch (error) {
    if (!(error instanceof Error)) throw error
    await new Promise(resolve => setTimeout(resolve, 50))
    return false
  } finally {
    await driver.end({ timeout: 1 })
  }
}
