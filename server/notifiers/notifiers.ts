import type { Static } from '@sinclair/typebox'
import { fail } from '../../contract/errors.ts'
import type { Notifier as NotifierSchema, notifiers } from '../../contract/notifiers.ts'
import { type Provider, providerOf, providers, providerWords } from '../apps/providers.ts'
import { theRecord } from '../audit/subjects.ts'
import type { Handlers } from '../call.ts'
import { deferJobsOfRoute } from '../push/jobs.sql.ts'
import type { Services } from '../services.ts'
import { ConstraintError } from '../storage/sql.ts'
import { type Credentials, checkCredentials, secretsOf } from './credentials.ts'
import {
  findNotifierOf,
  findNotifierRow,
  insertNotifier,
  listNotifiers,
  lockNotifier,
  type NotifierRow,
  updateNotifier,
} from './notifiers.sql.ts'
import { credentialsOf, sealedOf } from './opened.ts'

type Notifier = Static<typeof NotifierSchema>
type Needs = Pick<Services, 'sql' | 'seals' | 'outgoing' | 'now'>

export const handlers: Handlers<typeof notifiers> = {
  async createNotifier({ about, app, input }) {
    const { name, provider, environment = 1, credentials = {} } = input
    const { services } = about(theNotifier(app.app_id, name))
    return makeNotifier(services, app.app_id, { name, provider, environment, credentials })
  },

  async changeNotifier({ about, app, input: { name, ...change } }) {
    return reviseNotifier(about(theNotifier(app.app_id, name)).services, app.app_id, name, change)
  },

  async listNotifiers({ services, sql, app }) {
    return (await listNotifiers(sql, app.app_id)).map(row => presented(row, services.now()))
  },

  async getCertificate({ sql, app, input: { provider, environment = 1 } }) {
    const { name, shown } =
      (await findNotifierOf(sql, app.app_id, provider, environment)) ?? fail('notifier_not_found', noneOfProvider)
    const {
      app_id = '',
      app_key = '',
      public_key = '',
      app_secret = '',
      bundle_id = '',
    } = JSON.parse(shown) as Credentials
    return { name, app_id: app_id || bundle_id, app_key: app_key || public_key, app_secret, certificate: '' }
  },
}

/** As the audit trail sees it. */
export const theNotifier = (app: string, name: string) =>
  theRecord(`notifier/${name}`, async sql => {
    const row = await findNotifierRow(sql, app, name)
    return row && { ...row }
  })

const noneOfProvider = {
  en: 'none of this provider and environment that is not disabled',
  zh: '没有该提供商和环境的可用证书',
}

const unknownProvider = {
  en: `provider must be one of ${providerWords.join(', ')}`,
  zh: `provider 必须是 ${providerWords.join('、')} 之一`,
}

const taken = { en: 'name is taken by another notifier of the app', zh: 'name 已被该应用的其他证书使用' }

interface Made {
  name: string
  provider: string
  environment: number
  credentials: Record<string, unknown>
}

/** Fails with `invalid_parameter` where the credentials are not what the provider gives out, or the name is taken. */
export async function makeNotifier(services: Needs, app: string, { name, provider, environment, credentials }: Made) {
  const { sql, seals, now, outgoing } = services
  if (!isProvider(provider)) return fail('invalid_parameter', unknownProvider)
  const { shown, secret } = checkCredentials(provider, credentials, outgoing)
  const content = { environment, shown: JSON.stringify(shown), sealed: sealedOf(seals, app, name, secret) }
  try {
    await insertNotifier(sql, app, name, providers[provider], now(), content)
  } catch (error) {
    if (error instanceof ConstraintError && error.kind === 'unique') fail('invalid_parameter', taken)
    throw error
  }
  return shownAgain(services, app, name)
}

/** What is absent stays; credentials that are given take the place of those of the same names. */
export async function reviseNotifier(
  services: Needs,
  app: string,
  name: string,
  change: { environment?: number; credentials?: Record<string, unknown>; disabled?: boolean },
) {
  const { sql, seals, outgoing, now } = services
  await sql.begin(async sql => {
    await lockNotifier(sql, app, name)
    const row = (await findNotifierRow(sql, app, name)) ?? fail('notifier_not_found')
    const { shown, secret } = change.credentials
      ? checkCredentials(
          providerOf(row.provider) as Provider,
          { ...credentialsOf(row, seals, app), ...change.credentials },
          outgoing,
        )
      : { shown: JSON.parse(row.shown) as Credentials, secret: undefined }
    const content = {
      environment: change.environment ?? row.environment,
      disabled: change.disabled === undefined ? row.disabled : Number(change.disabled),
      shown: JSON.stringify(shown),
      sealed: secret ? sealedOf(seals, app, name, secret) : row.sealed,
    }
    await updateNotifier(sql, app, name, content, now())
    if (row.parked_until > now()) await deferJobsOfRoute(sql, app, name, now())
  })
  return shownAgain(services, app, name)
}

async function shownAgain({ sql, now }: Needs, app: string, name: string): Promise<Notifier> {
  const row = (await findNotifierRow(sql, app, name)) ?? fail('notifier_not_found')
  return presented(row, now())
}

export const isProvider = (word: string): word is Provider => Object.hasOwn(providers, word)

/** What people may see of it. */
export function presented(row: NotifierRow, now: number): Notifier {
  const { name, environment, disabled, shown, sealed, created_at, changed_at, parked_until, parked_reason } = row
  const provider = providerOf(row.provider)
  const isParked = parked_until > now
  return {
    name,
    provider,
    environment,
    state: disabled ? 'disabled' : isParked ? 'parked' : 'ready',
    reason: isParked ? parked_reason : '',
    parked_until: isParked ? parked_until : 0,
    credentials: JSON.parse(shown) as Credentials,
    secrets: sealed === '' || !isProvider(provider) ? [] : secretsOf(provider),
    created_at,
    changed_at,
  }
}
