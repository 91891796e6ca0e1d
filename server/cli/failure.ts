import { ApiError } from '../../contract/errors.ts'
import { visible } from './print.ts'

/** The command was not called as it can be: exit code 2 in place of 1. */
export class UsageError extends Error {}

/** Says in one sentence what went wrong and returns the exit code. Under STONECHAT_LOG=debug the stack follows. */
export function complain(error: unknown, json: boolean): number {
  const sentence = explain(error)
  process.stderr.write(json ? `${JSON.stringify({ error: sentence })}\n` : `stonechat: ${visible(sentence)}\n`)
  if (process.env.STONECHAT_LOG === 'debug' && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  return error instanceof UsageError ? 2 : 1
}

function explain(error: unknown): string {
  if (error instanceof ApiError) return error.detail?.en ?? error.message
  if (!(error instanceof Error)) return String(error)
  const known = 'errcode' in error ? sqlite[Number(error.errcode) & 0xff] : undefined
  if (known) return known
  if (isOurs(error)) return error.message
  return `${error.name}: ${error.message} (with STONECHAT_LOG=debug it says where)`
}

/** What we throw ourselves is a sentence for people already. */
const isOurs = (error: Error) =>
  error.constructor === UsageError || (error.constructor === Error && !('code' in error) && !('errcode' in error))

/** By SQLite's primary result code. */
const sqlite: Record<number, string> = {
  5: 'the database is busy: another process is writing for long; try again',
  8: 'the database cannot be written: run this as the user that owns the data folder',
  11: 'the database is damaged: put back a backup of the data folder',
  13: 'the disk of the data folder is full: make room, then try again',
  14: 'the database cannot be opened: run this as the user that owns the data folder',
  26: 'stonechat.db in the data folder is no database: name another folder, or put back a backup',
}
