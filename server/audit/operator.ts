import { hostname, userInfo } from 'node:os'
import type { Services } from '../services.ts'
import type { Actor } from './chain.ts'
import { noting } from './noting.ts'
import type { Subject } from './subjects.ts'

/** Whoever runs a command: the machine knows no more of it than its user. */
export function operator(): Actor {
  const name = nameHere()
  return { kind: 'operator', id: name, name, address: hostname() }
}

/** A container may run as a user that has no name. */
function nameHere(): string {
  try {
    return userInfo().username
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}

/** The same services; what is written with them is noted in the audit trail as this command, about these. */
export const byOperator = <S extends Pick<Services, 'sql' | 'now'>>(
  services: S,
  app: string,
  act: string,
  ...subjects: Subject[]
): S => noting(services, { app, act, doer: operator() }, subjects)
