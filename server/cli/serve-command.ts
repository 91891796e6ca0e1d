import type { Command } from 'commander'
import { settings } from '../config.ts'
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
    'serve --dev',
  )
  serve
    .option(...dataOption)
    .option('--dev', 'for development: browsers may call from any origin')
    .addHelpText('after', `\nSettings, as environment variables:\n${indented(settingsHelp())}`)
    .action(async () => {
      const { data, dev, json } = serve.optsWithGlobals<{ data?: string; dev?: boolean; json?: boolean }>()
      if (json) throw new UsageError('serve does not take --json: it logs a JSON document a line by itself')
      await startServing(data === undefined ? process.env : { ...process.env, STONECHAT_DATA: data }, dev ?? false)
    })
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
