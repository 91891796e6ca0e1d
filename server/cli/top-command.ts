import type { Command } from 'commander'
import { settings, whole } from '../config.ts'
import { command, readOption } from './command.ts'
import { UsageError } from './failure.ts'
import { top } from './top.ts'

const usualUrl = `http://${settings.host.fallback}:${settings.port.fallback}`

export function declare(program: Command) {
  const made = command(
    program,
    'top',
    'Shows, every second, what a running node does: connections, users, requests, memory.',
    'top',
    'top --url http://127.0.0.1:9000 --times 1',
  )
  made
    .option('--url <url>', 'address of the node', usualUrl)
    .option('--times <n>', 'how often to look; default: until interrupted on a terminal, else once')
    .action(async () => {
      const { url, times, json } = made.optsWithGlobals<{ url: string; times?: string; json?: boolean }>()
      if (json) throw new UsageError('top does not take --json: machines read the figures at /metrics')
      const looks = times === undefined ? undefined : readOption('--times', times, whole(1, 1_000_000))
      await top(url.replace(/\/$/, ''), process.stdout, looks)
    })
}
