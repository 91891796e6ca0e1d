import type { Seals } from '../apps/seals.ts'
import type { Credentials } from './credentials.ts'
import type { NotifierRow } from './notifiers.sql.ts'

export type { Credentials } from './credentials.ts'

const record = (app: string, name: string) => `notifiers/${app}/${name}/credentials`

export const sealedOf = (seals: Seals, app: string, name: string, secret: Credentials) =>
  Object.keys(secret).length === 0 ? '' : seals.seal(record(app, name), JSON.stringify(secret))

/** All of them, in the clear: for senders, and never for an answer. */
export function credentialsOf(
  { name, shown, sealed }: Pick<NotifierRow, 'name' | 'shown' | 'sealed'>,
  seals: Seals,
  app: string,
): Credentials {
  const secret = sealed === '' ? {} : (JSON.parse(seals.open(record(app, name), sealed)) as Credentials)
  return { ...(JSON.parse(shown) as Credentials), ...secret }
}
