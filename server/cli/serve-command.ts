import type { Command } from 'commander'
import { readConfig, settings, whole } from '../config.ts'
import { runWorkers } from '../workers.ts'
import { command, dataOption } from './command.ts'
import { UsageError } from './failure.ts'
import { list } from './print.ts'
import { startServing } from './serve.ts'

export function declare(program: Command) {
  const serve = command(
    program,
    'serve',
    'Starts the server. The first start makes an app and an admin token, and prints them once.',
    'serve',
    'serve --data /var/lib/stonechat',
    'serve --workers 4',
    'serve --dev',
  )
  serve
    .option(...dataOption)
    .option('--workers <count>', 'processes that share the port and use the cores of this machine; needs PostgreSQL')
    .option('--dev', 'for development: browsers may call from any origin')
    .addHelpText('after', `\nSettings, as environment variables:\n${indented(settingsHelp())}`)
    .action(async () => {
      const { data, dev, json, workers } = serve.optsWithGlobals<Options>()
      if (json) throw new UsageError('serve does not take --json: it logs a JSON document a line by itself')
      const environment = data === undefined ? process.env : { ...process.env, STONECHAT_DATA: data }
      if (workers === undefined) return startServing(environment, dev ?? false)
      const count = countOf(workers)
      if (!readConfig(environment).database)
        throw new UsageError('serve --workers needs PostgreSQL (DATABASE_URL): a file is served by one process')
      if (data !== undefined) process.env.STONECHAT_DATA = data
      process.exit(await runWorkers(count, ['serve', ...(dev ? ['--dev'] : [])], sentence => console.log(sentence)))
    })
}

interface Options {
  data?: string
  dev?: boolean
  json?: boolean
  workers?: string
}

function countOf(text: string): number {
  try {
    return whole(1, 128)(text)
  } catch (error) {
    throw new UsageError(`--workers ${(error as Error).message}`)
  }
}

const settingsHelp = () =>
  list(
    Object.values(settings).flatMap(({ variable, fallback, meaning }): [string, string][] => [
      [variable, meaning],
      // Some depend on the machine, and their meaning says on what.
      ...(meaning.includes('default:') ? [] : [['', `default: ${String(fallback) || 'none'}`] as [string, string]]),
    ]),
  )

const indented = (text: string) => text.replace(/^/gm, '  ')
