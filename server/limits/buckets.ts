import { createHash } from 'node:crypto'

/** What a bucket is called where it is stored: names and addresses of people do not stand there. */
export const bucketOf = (...parts: string[]) =>
  createHash('sha256').update(parts.join(' ')).digest('base64url').slice(0, 32)
