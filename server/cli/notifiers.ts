import { type Command, Option } from 'commander'
import { NotifierName } from '../../contract/fields.ts'
import { insertNotifier, listNotifiers } from '../apps/apps.sql.ts'
import { type Provider, providerOf, providers, providerWords } from '../apps/providers.ts'
import { readerOf } from '../http/values.ts'
import { ConstraintError } from '../storage/sql.ts'
import { command, does, group, type OfApp } from './command.ts'
import { appOption, offline, theApp } from './offline.ts'
import { type Answer, table, time } from './print.ts'

export function declare(program: Command) {
  const notifiers = group(program, 'notifier', 'Notifiers: the names under which devices bind their device tokens.')

  const create = command(
    notifiers,
    'create',
    'Makes a notifier; clients name it as notifier_name when they bind a device token.',
    'notifier create --name shop-ios --provider apns',
  )
  create
    .requiredOption('--name <name>', 'the name, 1 to 64 characters; unique in the app')
    .addOption(
      new Option('--provider <word>', 'who delivers; capture keeps what it is given, for tests')
        .choices(providerWords)
        .makeOptionMandatory(),
    )
    .option(...appOption)
  does(create, make)

  const all = command(notifiers, 'list', 'Lists the notifiers of an app.', 'notifier list')
  does(all.option(...appOption), listAll)
}

const readName = readerOf(NotifierName)

function make(options: OfApp & { name: string; provider: Provider }): Promise<Answer> {
  const name = readName(options.name, '--name') as string
  return offline(options, async ({ sql, now }) => {
    const { app_id } = await theApp(sql, options.app)
    try {
      await insertNotifier(sql, app_id, name, providers[options.provider], now())
    } catch (error) {
      if (error instanceof ConstraintError && error.kind === 'unique')
        throw new Error(`the app has a notifier ${JSON.stringify(name)} already: take another name`)
      throw error
    }
    const { provider } = options
    return { data: { app_id, name, provider }, text: `The notifier ${name} (${provider}) was made.` }
  })
}

function listAll(options: OfApp): Promise<Answer> {
  return offline(options, async ({ sql }) => {
    const { app_id } = await theApp(sql, options.app)
    const notifiers = (await listNotifiers(sql, app_id)).map(row => ({ ...row, provider: providerOf(row.provider) }))
    const rows = notifiers.map(({ name, provider, created_at }) => [name, provider, time(created_at)])
    return {
      data: { app_id, notifiers },
      text: table(['NAME', 'PROVIDER', 'CREATED'], rows, 'The app has no notifier.'),
    }
  })
}
