import { consoleHeader } from '../../contract/console.ts'
import { failures } from '../../contract/errors.ts'

/** What the console may have to ask of whoever is signed in, between a call and its answer. */
export interface Asks {
  /** The session is over: nothing more can be asked. */
  leave: () => void
  /** Asks for the token again; false where that was refused. */
  confirm: () => Promise<boolean>
}

/** Without a cookie, or with one that stands for nothing any more. */
const over = new Set<number>(
  [failures.session_over, failures.token_required, failures.token_invalid].map(([code]) => code),
)
const [confirmationRequired] = failures.confirmation_required

let isPerson = true

/** Calls that a page makes by itself while `ask` is running keep no session alive. */
export function byItself<T>(ask: () => Promise<T>): Promise<T> {
  isPerson = false
  try {
    return ask()
  } finally {
    isPerson = true
  }
}

/** The cookie of the session says who calls, and the header that it is the console. */
export const asPerson: typeof fetch = (address, init) =>
  fetch(address, {
    ...init,
    credentials: 'same-origin',
    headers: { ...(init?.headers as Record<string, string>), [consoleHeader]: isPerson ? '1' : '0' },
  })

/** Calls, and where the token has to be typed again first asks for it and calls once more. */
export const consoleFetch =
  ({ leave, confirm }: Asks): typeof fetch =>
  async (address, init) => {
    const answer = await asPerson(address, init)
    const code = await codeOf(answer)
    if (code !== undefined && over.has(code)) leave()
    if (code === confirmationRequired && (await confirm())) return asPerson(address, init)
    return answer
  }

async function codeOf(answer: Response): Promise<number | undefined> {
  if (!answer.headers.get('content-type')?.startsWith('application/json')) return undefined
  const { code } = (await answer.clone().json()) as { code?: number }
  return code
}
