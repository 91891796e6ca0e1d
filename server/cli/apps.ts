import { type Command, Option } from 'commander'
import { countUsers } from '../accounts/pages.sql.ts'
import { type App, findApp, listApps, updateApp } from '../apps/apps.sql.ts'
import { createApp, defaultPolicy, newAppId, type Policy, secretRecord } from '../apps/apps.ts'
import { readPolicy, rules } from '../apps/policy.ts'
import { byOperator } from '../audit/operator.ts'
import { theAdminTokens, theAppItself } from '../audit/things.ts'
import { createAdminToken } from '../tokens/admin-tokens.ts'
import { command, does, group, type OfApp } from './command.ts'
import { UsageError } from './failure.ts'
import { appOption, offline, offlineOrNew, theApp } from './offline.ts'
import { type Answer, list, table, time } from './print.ts'

export function declare(program: Command) {
  const apps = group(program, 'app', 'Apps: the tenants of this installation, and their policy.')

  const create = command(
    apps,
    'create',
    'Makes an app with an admin token, and prints its secrets once. A new data folder is made where there is none.',
    'app create --name shop --registration closed',
    'app create name=shop user-cap=1000 --json',
  )
  policyOptions(create)
  does(create, makeApp)

  does(command(apps, 'list', 'Lists the apps.', 'app list'), listAll)

  const show = command(apps, 'show', "Shows an app's policy.", 'app show', 'app show --app k3v9m2hq7xwd --secret')
  show.option(...appOption).option('--secret', 'show the app secret too')
  does(show, showOne)

  const set = command(
    apps,
    'set',
    "Changes an app's policy; a running server follows at its next request.",
    'app set registration=closed token-days=7',
    'app set --app k3v9m2hq7xwd --origins https://chat.example.com,https://admin.example.com',
  )
  set.option(...appOption)
  policyOptions(set)
  does(set, change)
}

/** Each setting can be an option, or a pair: `--user-cap 100` and `user-cap=100` say the same. */
function policyOptions(command: Command) {
  command.argument('[setting=value...]', 'settings, in place of the options below')
  for (const { word, takes, meaning, textOf } of rules) {
    const usual = textOf(defaultPolicy) || 'none'
    command.addOption(new Option(`--${word} <${takes}>`, `${meaning} (in a new app: ${usual})`))
  }
}

type PolicyOptions = OfApp & Record<string, unknown>

function policyOf(options: PolicyOptions, words: string[]): Partial<Policy> {
  const said = rules.flatMap(({ word }): [string, string][] => {
    const text = options[new Option(`--${word} <text>`).attributeName()]
    return typeof text === 'string' ? [[word, text]] : []
  })
  try {
    return readPolicy([...said, ...words.map(pair)])
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function pair(word: string): [string, string] {
  const at = word.indexOf('=')
  if (at < 0) throw new UsageError(`${JSON.stringify(word)} is no setting=value, such as registration=closed`)
  return [word.slice(0, at), word.slice(at + 1)]
}

function makeApp(options: PolicyOptions, words: string[]): Promise<Answer> {
  const policy = { ...defaultPolicy, ...policyOf(options, words) }
  return offlineOrNew(options, async services => {
    const { now, provenSeals } = services
    const app_id = newAppId()
    const noted = byOperator(services, app_id, 'app create', theAppItself(app_id))
    const { app, app_secret } = await createApp(noted.sql, await provenSeals(), policy, now(), app_id)
    const tokens = byOperator(services, app_id, 'app create', theAdminTokens(app_id))
    const { token } = await createAdminToken(tokens.sql, app_id, 'app create', now())
    const data = { app_id: app.app_id, name: app.name, app_secret, admin_token: token }
    const text = `The app ${app.name} was made. Its admin token is shown once; keep it.

export STONECHAT_APP_ID=${app.app_id}
export STONECHAT_APP_SECRET=${app_secret}
export STONECHAT_ADMIN_TOKEN=${token}`
    return { data, text }
  })
}

function listAll(options: OfApp): Promise<Answer> {
  return offline(options, async ({ sql }) => {
    const apps = await listApps(sql)
    const rows = await Promise.all(apps.map(async app => ({ app, users: await countUsers(sql, app.app_id) })))
    const heads = ['APP', 'NAME', 'USERS', 'REGISTRATION', 'FROZEN', 'CREATED']
    const cells = rows.map(({ app, users }) => [
      app.app_id,
      app.name,
      String(users),
      textOf(app, 'registration'),
      textOf(app, 'frozen'),
      time(app.created_at),
    ])
    return {
      data: { apps: rows.map(({ app, users }) => dataOf(app, users)) },
      text: table(heads, cells, 'There is no app yet: make one with stonechat app create.'),
    }
  })
}

function showOne(options: OfApp & { secret?: boolean }): Promise<Answer> {
  return offline(options, async ({ sql, provenSeals }) => {
    const app = await theApp(sql, options.app)
    const secret = options.secret && (await provenSeals()).open(secretRecord(app.app_id), app.secret)
    return description(app, await countUsers(sql, app.app_id), secret)
  })
}

function change(options: PolicyOptions, words: string[]): Promise<Answer> {
  const wanted = policyOf(options, words)
  if (Object.keys(wanted).length === 0)
    throw new UsageError(
      `say what to set, such as registration=closed: there are ${rules.map(each => each.word).join(', ')}`,
    )
  return offline(options, async services => {
    const { app_id } = await theApp(services.sql, options.app)
    const { sql } = byOperator(services, app_id, 'app set', theAppItself(app_id))
    const changed = await sql.begin(async sql => {
      const app = { ...((await findApp(sql, app_id)) as App), ...wanted }
      await updateApp(sql, app)
      return app
    })
    return description(changed, await countUsers(sql, app_id))
  })
}

function description(app: App, users: number, secret?: string | false): Answer {
  const lines: [string, string][] = [
    ['app', app.app_id],
    ...(secret ? [['secret', secret] as [string, string]] : []),
    ...rules.map(({ word, textOf }): [string, string] => [word, textOf(app)]),
    ['users', String(users)],
    ['created', time(app.created_at)],
  ]
  return { data: { ...dataOf(app, users), ...(secret && { app_secret: secret }) }, text: list(lines) }
}

const dataOf = (app: App, users: number) => ({
  app_id: app.app_id,
  ...Object.fromEntries(rules.map(({ word, dataOf }) => [word.replaceAll('-', '_'), dataOf(app)])),
  users,
  created_at: app.created_at,
})

const textOf = (app: App, word: string) => rules.find(each => each.word === word)?.textOf(app) ?? ''
