import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { command, does } from './command.ts'

export function declare(program: Command) {
  does(
    command(program, 'version', 'Prints the versions of Stonechat and of the Node that runs it.', 'version'),
    async () => {
      const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
        version: string
      }
      const node = process.versions.node
      return { data: { version, node }, text: `stonechat ${version} (Node ${node})` }
    },
  )
}
