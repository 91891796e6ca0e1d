import { readFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { NotifierName } from '../../contract/fields.ts'
import { type Provider, providerWords } from '../apps/providers.ts'
import { byOperator } from '../audit/operator.ts'
import { whole } from '../config.ts'
import { readerOf } from '../http/values.ts'
import { findNotifierRow, listNotifiers } from '../notifiers/notifiers.sql.ts'
import { makeNotifier, presented, reviseNotifier, theNotifier } from '../notifiers/notifiers.ts'
import { outgoingOf } from '../notifiers/outgoing.ts'
import { command, does, group, type OfApp, readOption } from './command.ts'
import { UsageError } from './failure.ts'
import { appOption, configOf, type Offline, offline, theApp } from './offline.ts'
import { type Answer, table, time } from './print.ts'

export function declare(program: Command) {
  const notifiers = group(
    program,
    'notifier',
    'Notifiers: named push credentials, under which devices bind their tokens.',
  )

  const create = command(
    notifiers,
    'create',
    'Makes a notifier; clients name it as notifier_name when they bind a device token.',
    'notifier create --name shop-ios --provider apns --set team_id=A1B2C3D4E5 key_id=F6G7H8I9J0 bundle_id=com.example.shop --file key=AuthKey_F6G7H8I9J0.p8',
    'notifier create --name shop-web --provider webpush --set subject=mailto:push@example.com',
  )
  create
    .requiredOption('--name <name>', 'the name, 1 to 64 characters; unique in the app')
    .addOption(
      new Option('--provider <word>', 'who delivers; capture keeps what it is given, for tests')
        .choices(providerWords)
        .makeOptionMandatory(),
    )
  does(withCredentials(create), make)

  const all = command(notifiers, 'list', 'Lists the notifiers of an app; secrets are never shown.', 'notifier list')
  does(all.option(...appOption), listAll)

  const rotate = command(
    notifiers,
    'rotate <name>',
    'Puts new credentials in the place of those of the same names; the others stay.',
    'notifier rotate shop-ios --set key_id=K1L2M3N4P5 --file key=AuthKey_K1L2M3N4P5.p8',
  )
  does(withCredentials(rotate), (options: Given, [name = '']) =>
    revise(
      options,
      name,
      { ...environmentIn(options), credentials: credentialsIn(options) },
      'has the new credentials',
    ),
  )

  const disable = command(
    notifiers,
    'disable <name>',
    'Sends nothing under the notifier from now on.',
    'notifier disable shop-ios',
  )
  does(disable.option(...appOption), (options: OfApp, [name = '']) =>
    revise(options, name, { disabled: true }, 'is disabled'),
  )

  const enable = command(notifiers, 'enable <name>', 'Sends under the notifier again.', 'notifier enable shop-ios')
  does(enable.option(...appOption), (options: OfApp, [name = '']) =>
    revise(options, name, { disabled: false }, 'is enabled'),
  )
}

interface Given extends OfApp {
  set?: string[]
  file?: string[]
  environment?: string
}

const withCredentials = (made: Command) =>
  made
    .option('--set <pairs...>', 'credentials as field=value; docs/push.md lists the fields of each provider')
    .option('--file <pairs...>', 'credentials that are read from files, as field=path')
    .option('--environment <n>', '0 development, 1 production (the default)')
    .option(...appOption)

const environmentIn = ({ environment }: Given) =>
  environment === undefined ? {} : { environment: readOption('--environment', environment, whole(0, 1)) }

function credentialsIn({ set = [], file = [] }: Given): Record<string, string> {
  const read = file.map(pair => {
    const [field, path] = split(pair, '--file')
    return [field, contentOf(path)]
  })
  return Object.fromEntries([...set.map(pair => split(pair, '--set')), ...read])
}

function split(pair: string, option: string): [string, string] {
  const at = pair.indexOf('=')
  if (at < 1) throw new UsageError(`${option} takes field=value, and is ${JSON.stringify(pair)}`)
  return [pair.slice(0, at), pair.slice(at + 1)]
}

function contentOf(path: string) {
  try {
    return readFileSync(path, 'utf8').replaceAll('\r\n', '\n').replace(/\n$/, '')
  } catch (error) {
    throw new Error(`${path} cannot be read: ${(error as Error).message}`)
  }
}

const readName = readerOf(NotifierName)

/** What the operations of the API work with, here. */
const needs = async (services: Offline, options: OfApp, act: string, app: string, name: string) => ({
  ...byOperator(services, app, act, theNotifier(app, name)),
  seals: await services.provenSeals(),
  outgoing: outgoingOf(configOf(options)),
})

function make(options: Given & { name: string; provider: Provider }): Promise<Answer> {
  const name = readName(options.name, '--name') as string
  const { environment = 1 } = environmentIn(options)
  const credentials = credentialsIn(options)
  return offline(options, async services => {
    const { app_id } = await theApp(services.sql, options.app)
    if (await findNotifierRow(services.sql, app_id, name))
      throw new Error(`the app has a notifier ${JSON.stringify(name)} already: take another name`)
    const { provider } = options
    const made = await makeNotifier(await needs(services, options, 'notifier create', app_id, name), app_id, {
      name,
      provider,
      environment,
      credentials,
    })
    return { data: { app_id, ...made }, text: `The notifier ${name} (${provider}) was made.` }
  })
}

function revise(options: OfApp, name: string, change: Parameters<typeof reviseNotifier>[3], outcome: string) {
  return offline(options, async (services): Promise<Answer> => {
    const { app_id } = await theApp(services.sql, options.app)
    if (!(await findNotifierRow(services.sql, app_id, name)))
      throw new Error(`the app has no notifier ${JSON.stringify(name)}: stonechat notifier list shows them`)
    const changed = await reviseNotifier(
      await needs(services, options, 'notifier change', app_id, name),
      app_id,
      name,
      change,
    )
    return { data: { app_id, ...changed }, text: `The notifier ${name} ${outcome}.` }
  })
}

function listAll(options: OfApp): Promise<Answer> {
  return offline(options, async ({ sql, now }) => {
    const { app_id } = await theApp(sql, options.app)
    const notifiers = (await listNotifiers(sql, app_id)).map(row => presented(row, now()))
    const rows = notifiers.map(({ name, provider, environment, state, created_at, reason }) => [
      name,
      provider,
      environment ? 'production' : 'development',
      reason ? `${state}: ${reason}` : state,
      time(created_at),
    ])
    return {
      data: { app_id, notifiers },
      text: table(['NAME', 'PROVIDER', 'ENVIRONMENT', 'STATE', 'CREATED'], rows, 'The app has no notifier.'),
    }
  })
}
