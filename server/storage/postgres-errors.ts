import postgres from 'postgres'
import { BusyError, ConstraintError } from './sql.ts'

/** Classes of SQLSTATE: the connection, its means, its end by an operator; and a server that only reads. */
const busyClasses = /^(08|53|57P|25006|25P03|57014|55P03|40)/

/** What sockets and the driver say where there is no server, or no longer. */
const lostCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['ENOENT', 'CONNECT_TIMEOUT', 'CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'CONNECTION_ENDED'],
])

const codeOf = (error: unknown) => String((error as { code?: unknown } | undefined)?.code ?? '')

/** Whether the connection is of no more use, or has never been made. */
export const isLost = (error: unknown) =>
  lostCodes.has(codeOf(error)) || /^(08|57P|53300|25006|25P03)/.test(codeOf(error))

/** Two transactions stood in each other's way: the same again may go. */
export const isConflict = (error: unknown) => codeOf(error) === '40001' || codeOf(error) === '40P01'

/** The connection of a transaction is gone before its end was confirmed. */
export const lostConnection = () => Object.assign(new Error('the connection was lost'), { code: 'CONNECTION_CLOSED' })

/** What went wrong, in the words that are the same for every engine. */
export function translated(error: unknown): Error {
  if (lostCodes.has(codeOf(error))) return new BusyError(error as Error)
  if (!(error instanceof postgres.PostgresError)) return error as Error
  // They name values of rows, which are nobody's business in a log.
  Reflect.deleteProperty(error, 'detail')
  Reflect.deleteProperty(error, 'where')
  const { code } = error
  if (code === '23505') return new ConstraintError('unique', error)
  if (code === '23503') return new ConstraintError('foreign', error)
  if (code.startsWith('23')) return new ConstraintError('other', error)
  return busyClasses.test(code) ? new BusyError(error) : error
}
