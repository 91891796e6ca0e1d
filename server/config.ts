import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'

/** One setting: its variable, how it is read, its default and what it means. `read` throws a sentence on nonsense. */
interface Setting<T> {
  variable: string
  fallback: T
  read: (text: string) => T
  meaning: string
  /** Not to be shown, not even where it is wrong. */
  secret?: boolean
}

const setting = <T>(
  variable: string,
  fallback: T,
  read: (text: string) => T,
  meaning: string,
  secret = false,
): Setting<T> => ({ variable, fallback, read, meaning, secret })

const text = (value: string) => value
const networks = (value: string) =>
  value.split(',').map(part => {
    const network = part.trim()
    const [address = '', bits = '1', ...rest] = network.split('/')
    const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] as number
    if (rest.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) < 1 || Number(bits) > most)
      throw new Error('must be addresses or networks (10.0.0.5, 10.0.0.0/8), joined by commas')
    return network
  })
const postgresUrl = (value: string) => {
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value))
    throw new Error('must be a URL such as postgres://user:password@host:5432/database')
  return value
}
const origins = (value: string) =>
  value.split(',').map(part => {
    const origin = part.trim()
    if (!/^https?:/.test(origin) || !URL.canParse(origin) || new URL(origin).origin !== origin)
      throw new Error('must be origins such as https://push.example.com:8443, joined by commas')
    return origin
  })
/** An address that may hold a password. */
const address =
  (...protocols: string[]) =>
  (value: string) => {
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol))
      throw new Error(`must be an address that begins with ${protocols.map(each => `${each}//`).join(' or ')}`)
    return value
  }
const oneOf =
  <const T extends string>(...words: T[]) =>
  (value: string): T => {
    const word = words.find(each => each === value)
    if (word === undefined) throw new Error(`must be one of ${words.join(', ')}`)
    return word
  }
/** Reads digits, and nothing that only looks like a number. */
export const whole =
  (from: number, to: number) =>
  (value: string): number => {
    const number = Number(value)
    if (!/^\d+$/.test(value) || number < from || number > to)
      throw new Error(`must be a whole number from ${from} to ${to}`)
    return number
  }

/** Every setting of a node. */
export const settings = {
  host: setting('HOST', '127.0.0.1', text, 'address to listen on'),
  port: setting('PORT', 8080, whole(0, 65_535), 'port to listen on; 0 takes a free one'),
  data: setting('STONECHAT_DATA', './data', text, 'folder of the database, the master key and first-run.json'),
  database: setting(
    'DATABASE_URL',
    '',
    postgresUrl,
    'PostgreSQL, as postgres://user:password@host:5432/database; without it the database is a file in the data folder',
    true,
  ),
  listen: setting(
    'STONECHAT_LISTEN_URL',
    '',
    postgresUrl,
    'PostgreSQL itself, where DATABASE_URL leads to a pooler: nodes listen to each other there',
    true,
  ),
  pool: setting('STONECHAT_POOL', 10, whole(3, 1000), 'connections of this node to PostgreSQL'),
  prepare: setting(
    'STONECHAT_PREPARE',
    'auto',
    oneOf('auto', 'on', 'off'),
    'whether PostgreSQL prepares statements by name; auto: unless a pooler such as PgBouncer stands before it',
  ),
  log: setting(
    'STONECHAT_LOG',
    'info',
    oneOf('silent', 'error', 'warn', 'info', 'debug'),
    'how much to log; debug has a line for each request',
  ),
  proxies: setting(
    'STONECHAT_PROXIES',
    [] as string[],
    networks,
    'addresses or networks of reverse proxies whose X-Forwarded-For is believed, joined by commas',
  ),
  limits: setting(
    'STONECHAT_LIMITS',
    'on',
    oneOf('on', 'off'),
    'off: no limits on guessing and registration, for tests and trusted networks',
  ),
  triesPerAccount: setting(
    'STONECHAT_TRIES_PER_ACCOUNT',
    10,
    whole(1, 1_000_000),
    'passwords tried a minute for one account',
  ),
  triesPerAddress: setting(
    'STONECHAT_TRIES_PER_ADDRESS',
    100,
    whole(1, 1_000_000),
    'passwords tried a minute from one address',
  ),
  registrationsPerAddress: setting(
    'STONECHAT_REGISTRATIONS_PER_ADDRESS',
    30,
    whole(1, 1_000_000),
    'registrations an hour from one address',
  ),
  hashesAtOnce: setting(
    'STONECHAT_HASHES_AT_ONCE',
    Math.max(1, availableParallelism() - 1),
    whole(1, 64),
    'passwords hashed at the same time; default: processors less one',
  ),
  hashQueue: setting(
    'STONECHAT_HASH_QUEUE',
    128,
    whole(0, 100_000),
    'passwords that wait to be hashed; beyond them the answer is 503',
  ),
  heartbeatSeconds: setting(
    'STONECHAT_HEARTBEAT',
    30,
    whole(1, 3600),
    'seconds between heartbeats of a connection; who is silent for two is offline',
  ),
  reserve: setting(
    'STONECHAT_RESERVE',
    16,
    whole(0, 10_000),
    'MB kept free for sign-ins, bans and revocations on a full disk; 0 keeps none',
  ),
  redis: setting(
    'REDIS_URL',
    '',
    address('redis:', 'rediss:'),
    'Redis that carries announcements between nodes and counts limits for all of them; it keeps nothing that matters',
    true,
  ),
  push: setting(
    'STONECHAT_PUSH',
    'on',
    oneOf('on', 'off'),
    'off: this node takes push tasks, and leaves their delivery to others',
  ),
  jobs: setting(
    'STONECHAT_JOBS',
    'on',
    oneOf('on', 'off'),
    'off: this node takes jobs of admins, and leaves doing them to others',
  ),
  pushOrigins: setting(
    'STONECHAT_PUSH_ORIGINS',
    [] as string[],
    origins,
    'origins that pushes may go to beside the vendors’ own, joined by commas: your own push servers; private addresses too',
  ),
  pushAuthorities: setting(
    'STONECHAT_PUSH_CA',
    '',
    text,
    'file with the certificates (PEM) of authorities that are believed at these origins',
  ),
  webhooks: setting(
    'STONECHAT_WEBHOOKS',
    'on',
    oneOf('on', 'off'),
    'off: this node writes what webhooks are to be told, and leaves the telling to others',
  ),
  webhookOrigins: setting(
    'STONECHAT_WEBHOOK_ORIGINS',
    [] as string[],
    origins,
    'origins that webhooks may have beside public https addresses, joined by commas: your own servers; private addresses too',
  ),
  masterKey: setting(
    'STONECHAT_MASTER_KEY',
    '',
    text,
    '64 hex digits that seal secrets at rest; default: the file master.key in the data folder, made at the first start',
  ),
} as const

type Settings = typeof settings
export type Config = { [Name in keyof Settings]: Settings[Name] extends Setting<infer T> ? T : never } & {
  /** Started for development: browsers may call from any origin. */
  development: boolean
}

/** Reads all settings; throws one sentence that names the variable and the rule. */
export function readConfig(environment: Record<string, string | undefined>, development = false): Config {
  const config: Record<string, unknown> = { development }
  for (const [name, each] of Object.entries(settings)) config[name] = readOne(each as Setting<unknown>, environment)
  return config as Config
}

function readOne(
  { variable, fallback, read, secret }: Setting<unknown>,
  environment: Record<string, string | undefined>,
) {
  const value = environment[variable]
  if (value === undefined || value === '') return fallback
  try {
    return read(value)
  } catch (error) {
    const shown = secret ? '' : `, and is ${JSON.stringify(value)}`
    throw new Error(`${variable} ${(error as Error).message}${shown}`)
  }
}
