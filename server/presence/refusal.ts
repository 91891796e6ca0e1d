import type { Failure } from '../../contract/errors.ts'
import { sentence } from '../../contract/errors.ts'
import type { CloseReason } from '../../contract/frames.ts'
import { failureOf } from '../http/envelope.ts'
import type { Services } from '../services.ts'
import type { Connection } from './connection.ts'

/** What is not here is against the rules. Only what ends a session for good may close with a code that is final. */
const reasons: Partial<Record<Failure, CloseReason>> = {
  session_over: 'session_over',
  token_invalid: 'session_over',
  token_required: 'session_over',
  too_many_tries: 'too_many',
  overloaded: 'failed',
  internal: 'failed',
}

/** Says why in an error frame, and closes. */
export function refuse(
  { report }: Pick<Services, 'report'>,
  connection: Connection,
  error: unknown,
  reason?: CloseReason,
) {
  const failure = failureOf(error)
  if (failure.failure === 'internal') report(error)
  connection.send({ type: 'error', code: failure.code, message: sentence(failure, connection.language) })
  connection.close(reason ?? reasons[failure.failure] ?? 'against_the_rules')
}
