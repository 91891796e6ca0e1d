import postgres from 'postgres'
import { isLost } from './postgres-errors.ts'

const oldest = 15
const connectSeconds = 5

interface Server {
  /** Whether a pooler stands before it, and connections are not the server's own. */
  isPooled: boolean
}

interface Found {
  version: string
  encoding: string
  commits: string
  fsync: string
  pid: number
  recovering: boolean
}

/** Looks at the server; throws a sentence where it is not there, too old, or would lose what it acknowledges. */
export async function findServer(url: string): Promise<Server> {
  const driver = postgres(url, { max: 1, prepare: false, fetch_types: false, connect_timeout: connectSeconds })
  try {
    const rows = await driver.unsafe<Found[]>(`
      select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding,
             current_setting('synchronous_commit') as commits, current_setting('fsync') as fsync,
             pg_backend_pid() as pid, pg_is_in_recovery() as recovering`)
    mustServe(rows[0] as Found)
    return { isPooled: rows.state.pid !== (rows[0] as Found).pid }
  } catch (error) {
    throw isUnanswered(error) ? unreachable(url, error as Error) : error
  } finally {
    await driver.end({ timeout: 1 })
  }
}

/** No server, or one that does not let us in: a password, a database that is not there. */
const isUnanswered = (error: unknown) =>
  isLost(error) || /^(28|3D)/.test((error as { code?: string }).code ?? '') || error instanceof TypeError

function unreachable(url: string, cause: Error): Error {
  const why = cause.message || (cause as { code?: string }).code || 'no answer'
  return new Error(`PostgreSQL cannot be used at ${shown(url)} (${why}): set DATABASE_URL to a server that answers`, {
    cause,
  })
}

/** Without the password. */
export function shown(url: string): string {
  if (!URL.canParse(url)) return 'DATABASE_URL'
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}

function mustServe({ version, encoding, commits, fsync, recovering }: Found) {
  const major = Math.floor(Number(version) / 10_000)
  if (major < oldest) throw new Error(`PostgreSQL ${major} is too old: version ${oldest} or later is needed`)
  if (encoding !== 'UTF8')
    throw new Error(`the database has the encoding ${encoding}, and UTF8 is needed: make one with encoding 'UTF8'`)
  const off = [...(commits === 'off' ? ['synchronous_commit'] : []), ...(fsync === 'off' ? ['fsync'] : [])]
  if (off.length > 0)
    throw new Error(`PostgreSQL runs with ${off.join(' and ')} off, and on is needed to keep what it acknowledges`)
  if (recovering) throw new Error('PostgreSQL is a standby that only reads: set DATABASE_URL to the primary')
}
