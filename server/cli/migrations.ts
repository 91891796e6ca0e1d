import type { Command } from 'commander'
import { inspectInstallation, openInstallation } from '../installation.ts'
import { type Common, command, does } from './command.ts'
import { configOf } from './offline.ts'
import { type Answer, plural, table, time } from './print.ts'

export function declare(program: Command) {
  const migrate = command(
    program,
    'migrate',
    'Brings the database up to date, and says what was applied. The start of the server does the same.',
    'migrate',
    'migrate --status',
  )
  migrate.option('--status', 'only list what is applied and what is pending; changes nothing')
  does<Common & { status?: boolean }>(migrate, async options => (options.status ? status(options) : apply(options)))
}

async function apply(options: Common): Promise<Answer> {
  const { store, migrated } = await openInstallation(configOf(options))
  await store.close()
  return {
    data: { applied: migrated },
    text: migrated.length > 0 ? `Applied ${migrated.join(', ')}.` : 'The database is up to date.',
  }
}

async function status(options: Common): Promise<Answer> {
  const { migrations } = await inspectInstallation(configOf(options))
  const rows = migrations.map(({ name, state, applied_at }) => [name, state, applied_at ? time(applied_at) : ''])
  const pending = migrations.filter(({ state }) => state === 'pending').length
  return {
    data: { migrations },
    text: `${table(['MIGRATION', 'STATE', 'APPLIED'], rows, '')}\n${plural(pending, 'migration')} pending.`,
  }
}
