import { existsSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import type { system } from '../../contract/system.ts'
import type { Handlers } from '../call.ts'
import { nodeLife } from '../presence/leases.ts'
import type { Sql } from '../storage/sql.ts'
import { version } from '../version.ts'
import { countJobs, findOldestDue, findSize, listMigrations, listNodes, listParked } from './system.sql.ts'

/** What only this process knows of itself. */
export interface Readings {
  /** ms */
  startedAt: number
  /** Where the database is. */
  store(): Promise<StoreReadings>
  connections(): number
  sessions(): number
  hashes(): { waiting: number; running: number }
}

/** In bytes; 0 where it cannot be known. */
export interface StoreReadings {
  engine: 'sqlite' | 'postgres'
  database_bytes: number
  log_bytes: number
  disk_free_bytes: number
}

const mostListed = 100
const mostMigrations = 1000
const mostJobs = 10_000
const lanes = [0, 1]

export const handlers: Handlers<typeof system> = {
  async showSystem({ services, sql }) {
    const { readings, now, isFull } = services
    const { running, waiting } = readings.hashes()
    const [store, nodes, notifiers, migrations, outbox] = await Promise.all([
      readings.store(),
      listNodes(sql, mostListed),
      listParked(sql, now(), mostListed),
      listMigrations(sql, mostMigrations),
      outboxOf(sql),
    ])
    return {
      version,
      runtime: process.versions.node,
      started_at: readings.startedAt,
      uptime: now() - readings.startedAt,
      ...store,
      disk_full: isFull(),
      memory_bytes: process.memoryUsage.rss(),
      connections: readings.connections(),
      sessions_known: readings.sessions(),
      hashes: { running, waiting },
      nodes: nodes.map(node => ({ ...node, alive: node.renewed_at > now() - nodeLife })),
      outbox,
      notifiers,
      migrations: migrations.map(each => ({ ...each, state: 'applied' })),
    }
  },
}

async function outboxOf(sql: Sql) {
  const [waiting, ...oldest] = await Promise.all([
    countJobs(sql, mostJobs),
    ...lanes.map(lane => findOldestDue(sql, lane)),
  ])
  const due = oldest.filter(at => at !== undefined)
  return { waiting, oldest_at: due.length > 0 ? Math.min(...due) : 0 }
}

/** Of a database in a file, with its write-ahead log beside it. */
export async function fileReadings(file: string, folder: string): Promise<StoreReadings> {
  const size = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0
  const { bavail, bsize } = await statfs(folder)
  return {
    engine: 'sqlite',
    database_bytes: size(file),
    log_bytes: size(`${file}-wal`),
    disk_free_bytes: bavail * bsize,
  }
}

/** Of a PostgreSQL server. The data folder holds the master key, and is not there where a setting gives that. */
export async function serverReadings(sql: Sql, folder: string): Promise<StoreReadings> {
  const { bavail, bsize } = existsSync(folder) ? await statfs(folder) : { bavail: 0, bsize: 0 }
  return { engine: 'postgres', database_bytes: await findSize(sql), log_bytes: 0, disk_free_bytes: bavail * bsize }
}
