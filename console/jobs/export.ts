import type { Client } from '../../client/index.ts'
import { save } from '../parts/save.ts'

const types = { csv: 'text/csv', ndjson: 'application/x-ndjson' }

/** Fetches the export page by page, and hands it out as one file. */
export async function downloadExport(client: Client, job_id: number, format: 'csv' | 'ndjson') {
  const parts: string[] = []
  let cursor: string | undefined
  do {
    const page = await client.jobs.jobExport({ job_id, format, page_size: 500, ...(cursor && { cursor }) })
    parts.push(page.data.text)
    cursor = page.cursor
  } while (cursor !== undefined)
  save(`users-${job_id}.${format}`, types[format], ...parts)
}
