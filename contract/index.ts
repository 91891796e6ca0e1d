import { accounts } from './accounts.ts'
import { apps } from './apps.ts'
import { audit } from './audit.ts'
import { console } from './console.ts'
import { credentials } from './credentials.ts'
import { delivery } from './delivery.ts'
import { devices } from './devices.ts'
import { insight } from './insight.ts'
import { jobs } from './jobs.ts'
import { notifiers } from './notifiers.ts'
import { overview } from './overview.ts'
import { presence } from './presence.ts'
import { profiles } from './profiles.ts'
import { push } from './push.ts'
import { rights } from './rights.ts'
import { settings } from './settings.ts'
import { system } from './system.ts'
import { tokens } from './tokens.ts'
import { users } from './users.ts'
import { webhooks } from './webhooks.ts'

/** Everything the server promises over HTTP, by domain. */
export const contract = {
  tokens,
  accounts,
  profiles,
  settings,
  devices,
  presence,
  push,
  notifiers,
  delivery,
  insight,
  audit,
  webhooks,
  users,
  jobs,
  overview,
  apps,
  credentials,
  console,
  system,
  rights,
} as const
