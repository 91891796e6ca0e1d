import type { Client } from '../../client/index.ts'
import { csv, save } from '../parts/save.ts'
import type { Entry } from './entries.tsx'

/** The most that one file holds. */
const most = 10_000

interface Filter {
  about_user?: number
  actor?: string
  act?: string
  from?: number
  until?: number
}

/** All that the filters let through, the newest first, as one CSV file. */
export async function exportTrail(client: Client, filter: Filter) {
  const entries: Entry[] = []
  let cursor: string | undefined
  do {
    const page = await client.audit.listAudit({ ...filter, page_size: 500, ...(cursor && { cursor }) })
    entries.push(...page.data)
    cursor = page.cursor
  } while (cursor !== undefined && entries.length < most)
  const heading = ['seq', 'at', 'kind', 'id', 'name', 'act', 'user_id', 'subject', 'address', 'before', 'after', 'hash']
  save('audit.csv', 'text/csv', csv([heading, ...entries.map(rowOf)]))
}

const rowOf = ({ seq, at, actor, act, user_id, subject, address, before, after, hash }: Entry) => [
  seq,
  new Date(at).toISOString(),
  actor.kind,
  actor.id,
  actor.name,
  act,
  user_id,
  subject,
  address,
  JSON.stringify(before),
  JSON.stringify(after),
  hash,
]
